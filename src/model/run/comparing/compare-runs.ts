import { canonicalJson, isJsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { RunRecord } from "../run-record.ts";

/** One fact of several runs. */
export interface ComparedFact {
  readonly name: string;
  /** In the order of the runs; undefined where a run does not have it. */
  readonly values: readonly (JsonValue | undefined)[];
  readonly differs: boolean;
}

export const COMPARED_SECTIONS = [
  "run",
  "code",
  "parameters",
  "configurations",
  "metrics",
  "data",
  "packages",
  "git",
  "machine",
] as const;
export type ComparedSection = (typeof COMPARED_SECTIONS)[number];

export interface RunComparison {
  /** Ids, in the order of the values. */
  readonly runs: readonly string[];
  readonly sections: Readonly<Record<ComparedSection, readonly ComparedFact[]>>;
}

/** Facts of one section of one run: name → value. */
type Facts = ReadonlyMap<string, JsonValue>;

/** Puts the facts of runs side by side. Values are equal when they are the same JSON, whatever the order of its keys. */
export function compareRuns(runs: readonly RunRecord[]): RunComparison {
  const facts = runs.map(factsOf);
  const sections = Object.fromEntries(
    COMPARED_SECTIONS.map((section) => [section, compareFacts(facts.map((one) => one[section]))]),
  ) as Record<ComparedSection, readonly ComparedFact[]>;
  return { runs: runs.map(({ id }) => id), sections };
}

function compareFacts(all: readonly Facts[]): readonly ComparedFact[] {
  const names = new Set(all.flatMap((facts) => [...facts.keys()]));
  return [...names].map((name) => {
    const values = all.map((facts) => facts.get(name));
    const texts = values.map((value) => (value === undefined ? "" : canonicalJson(value)));
    return { name, values, differs: new Set(texts).size > 1 };
  });
}

function factsOf(run: RunRecord): Readonly<Record<ComparedSection, Facts>> {
  const { git, environment } = run;
  return {
    run: new Map(
      Object.entries({
        model: run.model,
        kind: run.kind,
        status: run.status,
        definition: run.definition.digest,
        source: run.source?.version ?? run.source?.run ?? null,
        durationMs: run.durationMs,
        peakMemoryBytes: run.peakMemoryBytes,
        failure: run.failure?.code ?? null,
        ...Object.fromEntries(flatten(run.seeds, "seeds")),
        ...Object.fromEntries(flatten(run.threads, "threads")),
      }),
    ),
    code: codeFacts(run),
    parameters: flatten(run.parameters),
    configurations: new Map(
      (run.configurations ?? []).map(({ source, name, digest }) => [`${source} ${name}`, digest]),
    ),
    metrics: new Map(Object.entries({ ...run.metrics, ...run.platformMetrics })),
    data: dataFacts(run),
    packages: new Map([
      ...(environment === null ? [] : [["interpreter", environment.interpreter] as const]),
      ...(environment?.packages ?? []).map(splitPackage),
    ]),
    git: new Map(git === null ? [] : Object.entries({ ...git })),
    machine: flatten({ host: run.process.host, ...run.machine }),
  };
}

/** Where the code is kept. Its snapshots are equal for equal files, whenever they were made. */
function codeFacts({ code, besideCode }: RunRecord): Facts {
  const facts: [string, JsonValue][] = [];
  if (code === null) facts.push(["kept", "not kept"]);
  if (code !== undefined && code !== null) {
    const { kind, commit, base, changed, leftOut, leftOutCount } = code;
    facts.push(["kept", kind], ["commit", commit], ["base", base], ["changed", [...changed]]);
    facts.push(["leftOut", leftOut.map(({ path }) => path)], ["leftOutCount", leftOutCount]);
  }
  if (besideCode !== undefined) facts.push(["besideCode", [...besideCode]]);
  return new Map(facts);
}

/** Files and their rows, queries, and the data configuration. */
function dataFacts({ dataDigests, dataRows = {}, dataQueries = [], dataConfiguration }: RunRecord): Facts {
  return new Map<string, JsonValue>([
    ...Object.entries(dataDigests),
    ...Object.entries(dataRows).flatMap(([path, { rowCount, digest }]) => [
      [`rows of ${path}`, rowCount] as const,
      [`rows of ${path}, in any order`, digest] as const,
    ]),
    ...dataQueries.flatMap(({ pointer, sql, asOf }) => [
      [`query ${pointer}`, sql] as const,
      ...(asOf === null ? [] : [[`query ${pointer} as of`, asOf] as const]),
    ]),
    ...flatten(dataConfiguration, "dataConf"),
  ]);
}

/** `name==version`, or a line of another form (a direct reference) as it is. */
function splitPackage(line: string): readonly [string, string] {
  const [, name, version] = /^([\w.-]+) ?(?:==|@) ?(.+)$/.exec(line) ?? [];
  return name === undefined || version === undefined ? [line, ""] : [name, version];
}

/** Leaves of nested objects by their path: `hyperParameters.depth`. Lists are leaves. */
function flatten(value: JsonValue, path = ""): Map<string, JsonValue> {
  if (!isJsonObject(value) || (path !== "" && Object.keys(value).length === 0)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, field]) => [...flatten(field, path === "" ? key : `${path}.${key}`)]),
  );
}
