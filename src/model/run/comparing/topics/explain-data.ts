import type { DataQuery } from "../../find-queries.ts";
import type { ModelFacts } from "../model-facts.ts";
import { decided, unknown, type ExplainedTopic } from "../topic.ts";

/** Which data files and queries differ; a file that was only put into another order is told from one that was changed. */
export function explainData(a: ModelFacts, b: ModelFacts): ExplainedTopic {
  const [left, right] = [Object.keys(a.dataDigests), Object.keys(b.dataDigests)];
  const queries = a.dataQueries === null || b.dataQueries === null ? [] : explainQueries(a.dataQueries, b.dataQueries);
  if (left.length + right.length === 0 && queries.length === 0)
    return (a.dataQueries?.length ?? 0) > 0 ? decided([]) : unknown("neither names a local file or a query");
  const pairs = left.map((path): FilePair => ({ path, other: counterpart(path, left, right) }));
  const met = new Set(pairs.map(({ other }) => other));
  return decided([
    ...pairs.flatMap((pair) => explainFile(a, b, pair)),
    ...right.filter((path) => !met.has(path)).map((path) => `${path} is only in ${b.label}`),
    ...queries,
  ]);
}

/** A file of the first model, and the one of the second that stands for it; null: none does. */
interface FilePair {
  readonly path: string;
  readonly other: string | null;
}

/** The same path, else the only file of the same name: projects are moved. */
function counterpart(path: string, left: readonly string[], right: readonly string[]): string | null {
  if (right.includes(path)) return path;
  const named = right.filter((other) => baseName(other) === baseName(path) && !left.includes(other));
  return named.length === 1 ? (named[0] ?? null) : null;
}

function explainFile(a: ModelFacts, b: ModelFacts, { path, other }: FilePair): readonly string[] {
  if (other === null) return [`${path} is only in ${a.label}`];
  if (a.dataDigests[path] === b.dataDigests[other]) return [];
  const [rows, otherRows] = [a.dataRows[path], b.dataRows[other]];
  if (rows === undefined || otherRows === undefined) return [`${other} was changed`];
  if (rows.digest === otherRows.digest) return [`${other} has the same rows, written otherwise or in another order`];
  const counts =
    rows.rowCount === otherRows.rowCount
      ? `${rows.rowCount} rows as before`
      : `${rows.rowCount} → ${otherRows.rowCount} rows`;
  return [`${other} was changed (${counts})`];
}

function explainQueries(a: readonly DataQuery[], b: readonly DataQuery[]): readonly string[] {
  const [left, right] = [byPointer(a), byPointer(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((pointer) => {
    const [one, other] = [left.get(pointer), right.get(pointer)];
    if (one === undefined) return [`the query ${pointer} was added`];
    if (other === undefined) return [`the query ${pointer} was removed`];
    return [
      ...(one.sql === other.sql ? [] : [`the query ${pointer} was changed`]),
      ...(one.asOf === other.asOf
        ? []
        : [`the query ${pointer} is as of ${one.asOf ?? "no time"} → ${other.asOf ?? "no time"}`]),
    ];
  });
}

function byPointer(queries: readonly DataQuery[]): ReadonlyMap<string, DataQuery> {
  return new Map(queries.map((query) => [query.pointer, query]));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
