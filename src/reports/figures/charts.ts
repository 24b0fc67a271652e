import type { CurvePoint } from "../../model/metrics/curves/curve.ts";
import type { Histogram } from "../../model/metrics/curves/histogram.ts";
import { html, shortNumber, type Html } from "../html.ts";
import { frame, HEIGHT, WIDTH, type Range } from "./axes.ts";

/** What a figure is called, and what it says in words for those who cannot see it. */
export interface Caption {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface Series {
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

interface Axes {
  readonly x: Range & { readonly label: string };
  readonly y: Range & { readonly label: string };
}

/** Lines through points, each with a colour of its own. @param guide - a dashed line between two points. */
export function lineChart(
  caption: Caption,
  axes: Axes,
  {
    series,
    guide,
    hasMarks,
  }: {
    readonly series: readonly Series[];
    readonly guide: readonly [CurvePoint, CurvePoint] | null;
    readonly hasMarks: boolean;
  },
): Html {
  const { x, y, axes: drawn } = frame(axes.x, axes.y);
  const lines = series.map(({ points }, index) => {
    const path = points.map(([px, py], at) => `${at === 0 ? "M" : "L"}${x(px)} ${y(py)}`).join("");
    const marks = hasMarks
      ? points.map(([px, py]) => html`<circle class="f${index % 8}" cx="${x(px)}" cy="${y(py)}" r="3.5" />`)
      : [];
    return html`<path class="line s${index % 8}" d="${path}" />${marks}`;
  });
  const dashed =
    guide === null
      ? null
      : html`<line
          class="guide"
          x1="${x(guide[0][0])}"
          y1="${y(guide[0][1])}"
          x2="${x(guide[1][0])}"
          y2="${y(guide[1][1])}"
        />`;
  return svg(caption, html`${drawn}${dashed}${lines}`);
}

/** Points alone, half transparent so that many on one spot are seen. */
export function scatterChart(caption: Caption, axes: Axes, points: readonly CurvePoint[]): Html {
  const { x, y, axes: drawn } = frame(axes.x, axes.y);
  const zero =
    axes.y.low < 0 && axes.y.high > 0
      ? html`<line class="guide" x1="${x(axes.x.low)}" x2="${x(axes.x.high)}" y1="${y(0)}" y2="${y(0)}" />`
      : null;
  const dots = points.map(
    ([px, py]) => html`<circle class="f0" fill-opacity="0.45" cx="${x(px)}" cy="${y(py)}" r="2.5" />`,
  );
  return svg(caption, html`${drawn}${zero}${dots}`);
}

/** Bars side by side. */
export function histogramChart(caption: Caption, { low, high, counts }: Histogram, label: string): Html {
  const top = Math.max(...counts);
  // Bars lie by the number of their bin; the axis tells the values.
  const { x, y } = frame({ low: 0, high: counts.length, label: "" }, { low: 0, high: top, label: "" });
  const bars = counts.map(
    (count, bin) =>
      html`<rect
        class="bar"
        x="${x(bin) + 0.5}"
        y="${y(count)}"
        width="${Math.max(x(bin + 1) - x(bin) - 1, 1)}"
        height="${y(0) - y(count)}"
      />`,
  );
  const { axes } = frame({ low, high, label }, { low: 0, high: top, label: "rows" });
  return svg(caption, html`${axes}${bars}`);
}

/** A histogram as large as a line of text. */
export function sparkline(caption: Caption, { counts }: Histogram): Html {
  const [top, width] = [Math.max(...counts), 120 / counts.length];
  const bars = counts.map(
    (count, bin) =>
      html`<rect
        class="bar"
        x="${shortNumber(bin * width)}"
        y="${shortNumber(26 - (26 * count) / top)}"
        width="${shortNumber(Math.max(width - 1, 1))}"
        height="${shortNumber((26 * count) / top)}"
      />`,
  );
  return html`<svg class="spark" viewBox="0 0 120 27" role="img" aria-labelledby="${caption.id}-t ${caption.id}-d">
    <title id="${caption.id}-t">${caption.title}</title>
    <desc id="${caption.id}-d">${caption.description}</desc>
    ${bars}
  </svg>`;
}

function svg({ id, title, description }: Caption, content: Html): Html {
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${description}</desc>
    ${content}
  </svg>`;
}

/** Which colour is which; nothing for a single series. */
export function legend(series: readonly Series[]): Html | null {
  if (series.length < 2) return null;
  return html`<ul class="legend">
    ${series.map(({ label }, index) => html`<li><i class="s${index % 8}"></i>${label}</li>`)}
  </ul>`;
}

/** The numbers of a figure, for whoever cannot see it or wants to copy them. */
export function numbersTable(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Html {
  return html`<details>
    <summary>${caption}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${typeof cell === "number" ? shortNumber(cell) : cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
