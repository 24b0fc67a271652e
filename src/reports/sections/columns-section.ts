import type { ColumnProfile } from "../../model/report/column-profile.ts";
import { sparkline } from "../figures/charts.ts";
import { html, percent, shortNumber, type Html } from "../html.ts";
import type { ReportContent } from "../report-content.ts";

/** One row a column: type, missing, distinct, range, and how the values lie. */
export function columnsSection({ columnsTitle, columns, columnsAbsence }: ReportContent): Html {
  return html`<section aria-labelledby="columns">
    <h2 id="columns">${columnsTitle}</h2>
    ${
      columns.length === 0
        ? html`<p class="note">${columnsAbsence}</p>`
        : html`<p class="small soft">Of ${columns[0]?.rowCount ?? 0} rows.</p>
            <div class="scroll">
              <table>
                <thead>
                  <tr>
                    ${["column", "type", "missing", "distinct", "from – to (mean)", "values"].map(
                      (heading) => html`<th scope="col">${heading}</th>`,
                    )}
                  </tr>
                </thead>
                <tbody>
                  ${columns.map(columnRow)}
                </tbody>
              </table>
            </div>`
    }
  </section>`;
}

function columnRow(column: ColumnProfile, index: number): Html {
  const { name, types, rowCount, missingCount, distinctCount, range } = column;
  const missing = missingCount === 0 ? "0" : `${missingCount} (${percent(missingCount / rowCount)})`;
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${types.length === 0 ? "empty" : types.join(", ")}</td>
    <td class="tight">${missing}</td>
    <td>${distinctCount ?? "> 10,000"}</td>
    <td class="tight">
      ${range === null ? "–" : `${shortNumber(range.min)} – ${shortNumber(range.max)} (${shortNumber(range.mean)})`}
    </td>
    <td>${valuesOf(column, index)}</td>
  </tr>`;
}

function valuesOf({ name, histogram, categories, rowCount }: ColumnProfile, index: number): Html | string {
  if (histogram !== null) {
    const description = `Counts from ${shortNumber(histogram.low)} to ${shortNumber(histogram.high)}: ${histogram.counts.join(", ")}.`;
    return sparkline({ id: `column-${index}`, title: `Histogram of ${name}`, description }, histogram);
  }
  if (categories.length === 0) return "–";
  return html`${categories.map(({ value, count }, at) => html`${at === 0 ? "" : ", "}${value} <span class="soft small">${percent(count / rowCount)}</span>`)}`;
}
