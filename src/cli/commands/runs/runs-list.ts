import type { RunSummary } from "../../../model/run/run-summary.ts";
import { textOption, type CommandInput, type RunCommand } from "../../command.ts";
import { numberOption } from "../../options/environment-choice.ts";
import { duration, metric, table } from "../../output/text.ts";

const LIMIT = 50;
/** More columns would not fit on a screen. */
const MAX_METRIC_COLUMNS = 6;

/** `runs list`: a record that cannot be read is told below the list and hides no other. */
export const run: RunCommand = async (context, input) => {
  const limit = numberOption(input, "limit", { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }) ?? LIMIT;
  const { runs: store } = await context.services();
  const { runs, unreadable } = await store.summaries();
  const wanted = runs.filter((one) => isWanted(one, input));
  const shown = limit === 0 ? wanted : wanted.slice(0, limit);
  const faults = unreadable.map(({ id, reason }) => `Run ${id} cannot be read: ${reason}`);
  return {
    json: context.isJson ? { runs: shown.map(summaryJson), total: wanted.length, unreadable } : null,
    text: [...renderRuns(shown, runs.length), ...moreNote(shown.length, wanted.length), ...faults].join("\n"),
  };
};

function isWanted({ model, definition, status, kind }: RunSummary, input: CommandInput): boolean {
  const [name = null] = input.arguments;
  const [wantedStatus, wantedKind] = [textOption(input, "status"), textOption(input, "kind")];
  return (
    (name === null || [model, definition.name, definition.id].includes(name)) &&
    (wantedStatus === null || status === wantedStatus) &&
    (wantedKind === null || kind === wantedKind)
  );
}

function metricsOf({ metrics, platformMetrics }: RunSummary) {
  return { ...metrics, ...platformMetrics };
}

function summaryJson(one: RunSummary) {
  const { id, model, kind, status, startedAt, durationMs, source, failure, git } = one;
  return {
    ...{ id, model, kind, status, startedAt, durationMs },
    metrics: metricsOf(one),
    source: source === null ? null : { ...source },
    failure: failure?.code ?? null,
    git: git?.describe ?? null,
  };
}

function renderRuns(runs: readonly RunSummary[], allCount: number): readonly string[] {
  if (allCount === 0) return ["There are no runs yet. `modelwright train <model>` makes one."];
  if (runs.length === 0) return ["No run is like that. `modelwright runs list` shows all."];
  const names = metricNames(runs);
  const head = ["RUN", "MODEL", "KIND", "STATUS", "STARTED", "DURATION", ...names.map((name) => name.toUpperCase())];
  const rows = runs.map((one) => [
    one.id,
    one.model,
    one.kind,
    one.failure === null ? one.status : `${one.status} (${one.failure.code})`,
    `${one.startedAt.slice(0, 19).replace("T", " ")}Z`,
    one.durationMs === null ? "" : duration(one.durationMs),
    ...names.map((name) => (name in metricsOf(one) ? metric(metricsOf(one)[name]) : "")),
  ]);
  return [table(head, rows)];
}

/** The metrics that most of these runs have. */
function metricNames(runs: readonly RunSummary[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of runs) for (const name in metricsOf(one)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_METRIC_COLUMNS)
    .map(([name]) => name);
}

function moreNote(shown: number, wanted: number): readonly string[] {
  return shown < wanted ? [`${shown} of ${wanted} runs; --limit 0 shows all.`] : [];
}
