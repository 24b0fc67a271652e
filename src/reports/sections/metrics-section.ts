import type { JsonObject } from "../../kernel/json.ts";
import type { ReportData, ReportedMetric } from "../../model/report/report-data.ts";
import { html, percent, shortNumber, type Html } from "../html.ts";
import type { ReportContent } from "../report-content.ts";

const NAMES: Readonly<Record<ReportedMetric["name"], string>> = {
  accuracy: "Accuracy",
  balanced_accuracy: "Balanced accuracy",
  precision: "Precision",
  recall: "Recall",
  f1: "F1",
  log_loss: "Log loss",
  roc_auc: "ROC AUC",
  mae: "Mean absolute error",
  rmse: "Root mean squared error",
  r2: "R²",
  mape: "Mean absolute percentage error (as a share)",
};

/** Metrics with their intervals, and those that the model wrote. */
export function metricsSection({ data, absence, modelMetrics }: ReportContent): Html {
  return html`<section aria-labelledby="metrics">
    <h2 id="metrics">Metrics</h2>
    ${data === null ? html`<p class="note">${absence}</p>` : computed(data)} ${written(modelMetrics)}
  </section>`;
}

function computed(data: ReportData): Html {
  const { bootstrap, rowCount, metrics, notes } = data;
  const level = bootstrap === null ? null : percent(bootstrap.level);
  const method =
    bootstrap === null
      ? null
      : html`<p class="small soft">
          Intervals: percentile bootstrap, ${level}, ${bootstrap.resamples} resamples of ${rowCount} rows, seed
          ${bootstrap.seed}.
        </p>`;
  return html`<p>Computed on ${rowCount} labelled rows, asked the way a client asks.</p>
    ${
      metrics.length === 0
        ? null
        : html`<div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">metric</th>
                    <th scope="col" class="number">value</th>
                    <th scope="col" class="number">${level === null ? "interval" : `${level} interval`}</th>
                    <th scope="col">better</th>
                  </tr>
                </thead>
                <tbody>
                  ${metrics.map(metricRow)}
                </tbody>
              </table>
            </div>
            ${method}`
    }
    ${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function metricRow({ name, value, direction, about, interval }: ReportedMetric): Html {
  return html`<tr>
    <th scope="row">${NAMES[name]}${about === undefined ? null : html` <span class="soft small">${about}</span>`}</th>
    <td class="number">${shortNumber(value)}</td>
    <td class="number">${interval === null ? "–" : `${shortNumber(interval.low)} – ${shortNumber(interval.high)}`}</td>
    <td>${direction}</td>
  </tr>`;
}

function written(metrics: JsonObject): Html | null {
  const entries = Object.entries(metrics);
  if (entries.length === 0) return null;
  return html`<h3>Written by the model itself</h3>
    <div class="scroll">
      <table class="facts">
        <tbody>
          ${entries.map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>
                  ${typeof value === "number" ? shortNumber(value) : typeof value === "string" ? value : JSON.stringify(value)}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
