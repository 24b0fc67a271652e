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
    ${factTable(recordFacts(record))} ${digests("Data files", Object.entries(record.dataDigests))}
    ${digests(
      "Files",
      record.files.map(({ name, sizeBytes, sha256 }) => [`${name} (${sizeBytes} bytes)`, sha256] as const),
    )}
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

function digests(title: string, entries: readonly (readonly [string, string])[]): Html | null {
  if (entries.length === 0) return null;
  return html`<h3>${title}</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col">sha256</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            ([name, digest]) =>
              html`<tr>
                <td class="path">${name}</td>
                <td><code>${digest}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
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
