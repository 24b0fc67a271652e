import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { html, type Html } from "../html.ts";
import type { Fact, ReportContent, ReproducibilityRecord } from "../report-content.ts";

/** A table of names and values. */
export function factTable(facts: readonly Fact[]): Html {
  return html`<table class="facts">
    <tbody>
      ${facts.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function parametersSection({ parameters }: ReportContent): Html {
  const facts = leaves(parameters);
  return html`<section aria-labelledby="parameters">
    <h2 id="parameters">Parameters</h2>
    ${facts.length === 0 ? html`<p class="soft">None.</p>` : factTable(facts)}
  </section>`;
}

/** What somebody needs who wants to make it again. */
export function recordSection({ record }: ReportContent): Html {
  return html`<section aria-labelledby="record">
    <h2 id="record">Reproducibility record</h2>
    ${factTable(recordFacts(record))} ${listed("Files that are not kept with the code", record.leftOut)}
    ${dataFiles(record)} ${queries(record)}
    ${digests("Files", {
      head: ["file", "sha256"],
      rows: record.files.map(({ name, sizeBytes, sha256 }) => [`${name} (${sizeBytes} bytes)`, sha256]),
    })}
    ${listed(`${record.packages.length} packages`, record.packages)}
    ${
      record.unmet.length === 0
        ? null
        : html`<h3>Unmet requirements</h3>
            ${listed(`${record.unmet.length} unmet`, record.unmet)}`
    }
  </section>`;
}

function recordFacts({
  git,
  code,
  interpreter,
  environmentDigest,
  seeds,
  threads,
  machine,
}: ReproducibilityRecord): readonly Fact[] {
  const gitFacts: readonly Fact[] =
    git === null
      ? [["git", "not in a repository"]]
      : [
          ["git commit", git.commit ?? "none"],
          ["git describe", git.describe ?? "none"],
          ["git branch", git.branch ?? "none"],
          ["changes not committed", git.isDirty ? "yes" : "no"],
        ];
  return [
    ...gitFacts,
    ...(code === null ? [] : [["code", code] as const]),
    ["interpreter", interpreter ?? "not known"],
    ["environment digest", environmentDigest ?? "not known"],
    ...prefixed("seed", seeds),
    ...prefixed("threads", threads),
    ...prefixed("machine", machine),
  ];
}

function prefixed(prefix: string, values: JsonObject): readonly Fact[] {
  return leaves(values).map(([name, value]): Fact => [name === prefix ? name : `${prefix}: ${name}`, value]);
}

function dataFiles({ dataDigests, dataRows }: ReproducibilityRecord): Html | null {
  const files = Object.entries(dataDigests);
  if (files.every(([path]) => dataRows[path] === undefined))
    return digests("Data files", { head: ["file", "sha256"], rows: files });
  return digests("Data files", {
    head: ["file", "sha256", "rows", "sha256 of the rows in any order"],
    rows: files.map(([path, digest]) => {
      const rows = dataRows[path];
      return rows === undefined ? [path, digest] : [path, digest, String(rows.rowCount), rows.digest];
    }),
  });
}

/** The text of every query, and the time as of which it was asked. */
function queries({ dataQueries }: ReproducibilityRecord): Html | null {
  if (dataQueries.length === 0) return null;
  return html`<h3>Queries</h3>
    ${dataQueries.map(
      ({ pointer, sql, file, asOf }) =>
        html`<p class="small">${file ?? pointer}, ${asOf === null ? "as of no recorded time" : `as of ${asOf}`}</p>
          <pre>${sql}</pre>`,
    )}`;
}

/** A table of files: the first column is a path, the others are digests and counts. */
function digests(
  title: string,
  { head, rows }: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] },
): Html | null {
  if (rows.length === 0) return null;
  return html`<h3>${title}</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${head.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) =>
              html`<tr>
                ${head.map((_, column) => cellOf(cells[column], column))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cellOf(text: string | undefined, column: number): Html {
  if (column === 0) return html`<td class="path">${text ?? ""}</td>`;
  return text === undefined || /^\d{1,15}$/.test(text)
    ? html`<td>${text ?? ""}</td>`
    : html`<td><code>${text}</code></td>`;
}

function listed(title: string, lines: readonly string[]): Html | null {
  if (lines.length === 0) return null;
  return html`<details>
    <summary>${title}</summary>
    <pre>${lines.join("\n")}</pre>
  </details>`;
}

/** Leaves of nested objects by their path: `hyperParameters.depth`. */
function leaves(value: JsonValue, path = ""): readonly Fact[] {
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, field]) => leaves(field, path === "" ? key : `${path}.${key}`));
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}
