import { existsSync } from "node:fs";
import { join } from "node:path";

import { isJsonObject, type JsonValue } from "../../../kernel/json.ts";
import { describeCode, describeLeftOut } from "../../../model/run/describe-code.ts";
import { formatModelError } from "../../../model/run/format-model-error.ts";
import type { RowsRecord, RunRecord } from "../../../model/run/run-record.ts";
import type { RunFolders } from "../../../runs/run-store.ts";
import type { RunCommand } from "../../command.ts";
import { duration, metric, shortDigest, size } from "../../output/text.ts";

/** `runs show`: the whole record but the lock, which is as long as all the rest. */
export const run: RunCommand = async (context, input) => {
  const { runs } = await context.services();
  const record = await runs.read(input.arguments[0] ?? "");
  const folders = runs.foldersOf(record.id);
  return {
    json: { run: recordJson(record), folder: folders.run, logs: logFiles(folders) },
    text: render(record, folders),
  };
};

function recordJson(record: RunRecord) {
  const { environment } = record;
  if (environment === null) return record;
  const { digest, interpreter, packages, unmet } = environment;
  return { ...record, environment: { digest, interpreter, packages, unmet } };
}

function logFiles({ job }: RunFolders): readonly string[] {
  return ["stdout.log", "stderr.log"].map((name) => join(job, name)).filter((path) => existsSync(path));
}

function render(record: RunRecord, folders: RunFolders): string {
  const { environment } = record;
  return [
    `Run ${record.id}: ${record.kind}, ${record.status}`,
    ...factsOf(record, folders).flatMap(([name, value]) => (value === null ? [] : [`  ${name}: ${value}`])),
    ...section("metrics of the model", leaves(record.metrics)),
    ...section("metrics computed", leaves(record.platformMetrics)),
    ...section("parameters", leaves(record.parameters)),
    ...section("data", [
      ...leaves(record.dataConfiguration),
      ...Object.entries(record.dataDigests).map(
        ([path, digest]) => `${path}: ${digestText(digest, record.dataRows?.[path])}`,
      ),
    ]),
    ...section("seeds", leaves(record.seeds)),
    ...section("threads", leaves(record.threads)),
    ...section("machine", leaves(record.machine)),
    ...section(
      "artifacts",
      record.artifacts.map(({ folder, name, sizeBytes }) => `${folder}/${name} (${size(sizeBytes)})`),
    ),
    ...section("written beside the code, not into the checkout", record.besideCode ?? []),
    ...section("changed in the project meanwhile", record.changedInProject ?? []),
    ...section("packages", environment?.packages ?? []),
    ...section("unmet requirements", environment?.unmet ?? []),
    ...failureLines(record.failure),
  ].join("\n");
}

/** In the order in which they are printed; what is null is not. */
function factsOf(record: RunRecord, folders: RunFolders): readonly (readonly [string, string | null])[] {
  const { environment, git } = record;
  return [
    ["model", `${record.definition.name} (${record.model}, ${record.definition.language})`],
    ["definition", `${record.definition.folder} (${shortDigest(record.definition.digest)})`],
    ["source", record.source === null ? null : (record.source.version ?? record.source.run)],
    ["started", record.startedAt],
    ["duration", record.durationMs === null ? null : duration(record.durationMs)],
    ["peak memory", record.peakMemoryBytes === null ? null : size(record.peakMemoryBytes)],
    [
      "git",
      git === null ? "not in a repository" : [git.describe, git.branch].filter((part) => part !== null).join(" on "),
    ],
    ["code", codeText(record.code)],
    ["repeats", record.reproduces ?? null],
    ["environment", environment === null ? null : `${environment.interpreter} (${shortDigest(environment.digest)})`],
    ["process", `${record.process.pid} on ${record.process.host}`],
    ["folder", folders.run],
  ];
}

function digestText(digest: string, rows: RowsRecord | undefined): string {
  return rows === undefined
    ? `sha256 ${digest}`
    : `sha256 ${digest}, ${rows.rowCount} rows ${shortDigest(rows.digest)}`;
}

/** Where the code is kept, and how much of the checkout was left out. */
function codeText(code: RunRecord["code"]): string | null {
  if (code === undefined) return null;
  const where = describeCode(code);
  const leftOut = code === null ? [] : describeLeftOut(code, SHOWN_LEFT_OUT);
  return leftOut.length === 0 ? where : `${where}; not kept: ${leftOut.join(", ")}`;
}

const SHOWN_LEFT_OUT = 5;

function failureLines(failure: RunRecord["failure"]): readonly string[] {
  if (failure === null) return [];
  const raised = failure.error === null ? [] : formatModelError(failure.error).split("\n");
  return section("failure", [failure.code, ...(raised.length > 0 ? raised : failure.message.split("\n"))]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

/** `hyperParameters.depth: 3`, one line each. */
function leaves(value: JsonValue, path = ""): readonly string[] {
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, field]) => leaves(field, path === "" ? key : `${path}.${key}`));
  return [
    `${path}: ${typeof value === "number" ? metric(value) : typeof value === "string" ? value : JSON.stringify(value)}`,
  ];
}
