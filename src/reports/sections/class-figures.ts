import type { ConfusionMatrix } from "../../model/metrics/curves/confusion-matrix.ts";
import type { ClassFigures, ReportData } from "../../model/report/report-data.ts";
import { legend, lineChart, numbersTable, type Series } from "../figures/charts.ts";
import { html, percent, shortNumber, type Html } from "../html.ts";

const UNIT = { low: 0, high: 1 };

/** Figures of labels and probabilities; null where there are none. */
export function classFiguresSection({ confusion, classes }: ReportData): Html | null {
  if (confusion === null && classes.length === 0) return null;
  return html`<section aria-labelledby="classes">
    <h2 id="classes">Classes</h2>
    ${confusion === null ? null : confusionTable(confusion)}
    ${classes.length === 0 ? null : html`<div class="figures">${rocFigure(classes)}${precisionFigure(classes)}${calibrationFigure(classes)}</div>`}
  </section>`;
}

function confusionTable({ labels, counts }: ConfusionMatrix): Html {
  return html`<figure>
    <h3 id="confusion">Confusion matrix</h3>
    <p class="small soft">Rows are the true classes, columns what was predicted. Colour: share of the true class.</p>
    <div class="scroll">
      <table class="matrix" aria-labelledby="confusion">
        <thead>
          <tr>
            <td></td>
            ${labels.map((label) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map((row, index) => confusionRow(labels[index] ?? "", row, index))}
        </tbody>
      </table>
    </div>
  </figure>`;
}

function confusionRow(label: string, counts: readonly number[], own: number): Html {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count, column) => {
    const share = total === 0 ? 0 : count / total;
    // At most half: the text must stay readable on it.
    const shade = `background:rgba(var(--heat),${(share * 0.5).toFixed(3)})`;
    return html`<td
      class="${column === own ? "right" : ""}"
      style="${shade}"
      title="${percent(share)} of true ${label}"
    >
      ${count}
    </td>`;
  });
  return html`<tr>
    <th scope="row">${label}</th>
    ${cells}
  </tr>`;
}

function rocFigure(classes: readonly ClassFigures[]): Html {
  const series = classes.map(({ label, roc, rocAuc }): Series => ({
    label: `${label} (area ${shortNumber(rocAuc)})`,
    points: roc,
  }));
  const words = classes.map(({ label, rocAuc }) => `class ${label}: area ${shortNumber(rocAuc)}`).join("; ");
  const caption = { id: "roc", title: "ROC curve", description: `True against false positive rate. ${words}.` };
  const axes = { x: { ...UNIT, label: "false positive rate" }, y: { ...UNIT, label: "true positive rate" } };
  const guide = [
    [0, 0],
    [1, 1],
  ] as const;
  return curveFigure({
    title: "ROC curve",
    chart: lineChart(caption, axes, { series, guide, hasMarks: false }),
    series,
    names: ["false positive rate", "true positive rate"],
  });
}

function precisionFigure(classes: readonly ClassFigures[]): Html {
  const [only, another] = classes;
  const series = classes.map(({ label, precisionRecall, averagePrecision }): Series => ({
    label: `${label} (average ${shortNumber(averagePrecision)})`,
    points: precisionRecall,
  }));
  const words = classes
    .map(({ label, averagePrecision }) => `class ${label}: average precision ${shortNumber(averagePrecision)}`)
    .join("; ");
  const caption = { id: "pr", title: "Precision–recall curve", description: `Precision against recall. ${words}.` };
  const axes = { x: { ...UNIT, label: "recall" }, y: { ...UNIT, label: "precision" } };
  const guide =
    only !== undefined && another === undefined
      ? ([
          [0, only.share],
          [1, only.share],
        ] as const)
      : null;
  return curveFigure({
    title: "Precision and recall",
    chart: lineChart(caption, axes, { series, guide, hasMarks: false }),
    series,
    names: ["recall", "precision"],
  });
}

function calibrationFigure(classes: readonly ClassFigures[]): Html {
  const series = classes.map(({ label, calibration }): Series => ({
    label,
    points: calibration.map(({ meanPredicted, observedShare }) => [meanPredicted, observedShare]),
  }));
  const caption = {
    id: "calibration",
    title: "Calibration",
    description:
      "Share of rows of the class against the predicted probability, in ten bins. On the diagonal the probabilities are right.",
  };
  const axes = { x: { ...UNIT, label: "predicted probability" }, y: { ...UNIT, label: "observed share" } };
  const rows = classes.flatMap(({ label, calibration }) =>
    calibration.map(({ rowCount, meanPredicted, observedShare }) => [label, rowCount, meanPredicted, observedShare]),
  );
  return html`<figure>
    <h3>Calibration</h3>
    ${lineChart(caption, axes, {
      series,
      guide: [
        [0, 0],
        [1, 1],
      ],
      hasMarks: true,
    })}${legend(series)}
    ${numbersTable("Numbers of the calibration", ["class", "rows", "mean predicted", "observed share"], rows)}
  </figure>`;
}

/** Numbers in a table need not be as many as in a line. */
const MAX_LISTED = 25;

interface CurveFigure {
  readonly title: string;
  readonly chart: Html;
  readonly series: readonly Series[];
  /** Of x and y, above the numbers. */
  readonly names: readonly [string, string];
}

function curveFigure({ title, chart, series, names }: CurveFigure): Html {
  const rows = series.flatMap(({ label, points }) => {
    const step = Math.max(1, Math.ceil(points.length / MAX_LISTED));
    return points
      .filter((_, index) => index % step === 0 || index === points.length - 1)
      .map(([x, y]) => [label, x, y]);
  });
  return html`<figure>
    <h3>${title}</h3>
    ${chart}${legend(series)}${series.length === 1 ? html`<p class="small soft">Of class ${series[0]?.label ?? ""}.</p>` : null}
    ${numbersTable(`Numbers of the figure “${title}”`, ["class", ...names], rows)}
  </figure>`;
}
