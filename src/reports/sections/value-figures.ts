import type { Histogram } from "../../model/metrics/curves/histogram.ts";
import type { ReportData } from "../../model/report/report-data.ts";
import type { Range } from "../figures/axes.ts";
import { histogramChart, numbersTable, scatterChart } from "../figures/charts.ts";
import { html, type Html } from "../html.ts";

/** How the errors of predicted values lie; null where no values were predicted. */
export function valueFiguresSection({ residuals }: ReportData): Html | null {
  if (residuals === null) return null;
  const { histogram, points } = residuals;
  return html`<section aria-labelledby="residuals">
    <h2 id="residuals">Residuals</h2>
    <p class="small soft">A residual is the true value less the predicted one.</p>
    <div class="figures">
      ${histogram === null ? null : histogramFigure(histogram)}${points.length === 0 ? null : pointsFigure(points)}
    </div>
  </section>`;
}

function histogramFigure(histogram: Histogram): Html {
  const caption = { id: "residual-histogram", title: "Histogram of the residuals", description: "Rows by residual." };
  return html`<figure>
    <h3>How large they are</h3>
    ${histogramChart(caption, histogram, "residual")}
    ${numbersTable("Numbers of the histogram", ["from", "to", "rows"], binRows(histogram))}
  </figure>`;
}

/** From, to and count of each bin. */
export function binRows({ low, high, counts }: Histogram): readonly (readonly number[])[] {
  const edge = (bin: number): number => low + (high - low) * (bin / counts.length);
  return counts.map((count, bin) => [edge(bin), edge(bin + 1), count]);
}

function pointsFigure(points: readonly (readonly [number, number])[]): Html {
  const caption = {
    id: "residual-points",
    title: "Residuals by predicted value",
    description: `${points.length} rows: residual against predicted value.`,
  };
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const axes = { x: { ...rangeOf(xs), label: "predicted value" }, y: { ...rangeOf(ys), label: "residual" } };
  return html`<figure>
    <h3>Where they are</h3>
    ${scatterChart(caption, axes, points)}
    ${numbersTable("Some of the points", ["predicted value", "residual"], points.slice(0, 25))}
  </figure>`;
}

function rangeOf(values: readonly number[]): Range {
  return { low: Math.min(...values), high: Math.max(...values) };
}
