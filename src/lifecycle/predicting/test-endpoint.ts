import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { PredictionClient, RemoteModel } from "../../http-client/prediction-client.ts";
import { toPlainJson } from "../../model/prediction/exact-json.ts";
import type { RowErrors } from "../../model/prediction/predict-reply.ts";
import { comparePredictions, OTHER_ENVIRONMENT, type Tolerance } from "../../model/prediction/tolerance.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { formatModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import type { Services } from "../services.ts";

/** Rows that are asked at once. */
const CHUNK_ROWS = 1_000;

/** Rows to ask, and what must come, where that is known. */
export interface EndpointRows extends ExampleRows {
  /** Null: any answer will do. */
  readonly predictions: readonly JsonValue[] | null;
  readonly tolerance: Tolerance;
}

/** `answered`: nothing was expected; `refused`: the server found something wrong with the row. */
export type RowVerdict = "equal" | "different" | "answered" | "refused";

export interface TestedRow {
  readonly row: number;
  readonly verdict: RowVerdict;
  /** Null where nothing was expected. */
  readonly expected: JsonValue;
  /** Null when the row was refused. */
  readonly actual: JsonValue;
  readonly errors: RowErrors | null;
}

export interface EndpointReport {
  readonly model: string;
  readonly version: string;
  /** Every row was answered, and as expected within tolerance. */
  readonly passed: boolean;
  readonly rows: readonly TestedRow[];
}

/**
 * The rows that were recorded when the version that a server serves was published, or null when the store does not know
 * that version.
 * @throws Failure `PROOF_FAILED` when the server serves another version than the reference means, or other bytes under
 * its label.
 */
export async function recordedRows(
  { store }: Services,
  reference: ModelReference,
  served: RemoteModel,
): Promise<EndpointRows | null> {
  if (reference.selector !== null) {
    const meant = await store.resolve(reference);
    if (meant.version !== served.version) throw servesAnother(reference, meant.version, served.version);
  }
  const version = await store.resolve({ name: reference.name, selector: served.version }).catch((error: unknown) => {
    if (error instanceof Failure && error.kind === "notFound") return null;
    throw error;
  });
  if (version === null) return null;
  if (version.manifestDigest !== served.digest) {
    throw new Failure("PROOF_FAILED", {
      message: `The server's ${reference.name}@${served.version} has another digest than the one in the store ${store.location}.`,
      hint: "Name the store that the server serves from with --store.",
      details: { served: served.digest, stored: version.manifestDigest },
    });
  }
  const { recorded, tolerance } = (await store.readManifest(version)).proof;
  return recorded === null ? null : { ...recorded, tolerance: tolerance ?? OTHER_ENVIRONMENT };
}

/** A version that was named exactly is served by a server that was told so, or by an alias that is moved; no waiting helps. */
function servesAnother(reference: ModelReference, meant: string, served: string): Failure {
  const { name, selector } = reference;
  const wanted = formatModelReference(reference);
  const isExact = selector === meant;
  return new Failure("PROOF_FAILED", {
    message: isExact
      ? `The server serves ${name}@${served}, not ${wanted}.`
      : `The server serves ${name}@${served}, but ${wanted} is ${meant}.`,
    hint: isExact
      ? `Serve that version (modelwright serve ${wanted}), or name no version to test the one that is served: modelwright test-endpoint ${name}.`
      : "A server that follows the alias comes to it within seconds; GET /v1/<model> says what keeps it.",
    details: { served, meant },
  });
}

/**
 * Asks a server rows and compares its answers with what is expected.
 * @throws Failure `SERVER_UNREACHABLE`, and what the server says.
 */
export async function testEndpoint(
  client: PredictionClient,
  { model, version, expected }: { readonly model: string; readonly version: string; readonly expected: EndpointRows },
  signal: AbortSignal,
): Promise<EndpointReport> {
  const { rows, names, predictions, tolerance } = expected;
  const actual = new Map<number, JsonValue>();
  const refused = new Map<number, RowErrors>();
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const reply = await client.predict(model, { rows: rows.slice(start, start + CHUNK_ROWS), names }, signal);
    for (const [index, row] of reply.rows.entries())
      actual.set(start + row, toPlainJson(reply.predictions[index] ?? null));
    for (const [row, errors] of Object.entries(reply.errors ?? {})) refused.set(start + Number(row), errors);
  }
  const answered = [...actual.keys()];
  const compared =
    predictions === null
      ? null
      : comparePredictions(
          answered.map((row) => predictions[row] ?? null),
          answered.map((row) => actual.get(row) ?? null),
          tolerance,
        );
  const different = new Set(compared?.differences.map(({ row }) => answered[row]));
  const tested = rows.map((_, row): TestedRow => {
    const errors = refused.get(row) ?? null;
    const answer = actual.get(row) ?? null;
    return { row, verdict: verdictOf(row), expected: predictions?.[row] ?? null, actual: answer, errors };
  });
  function verdictOf(row: number): RowVerdict {
    if (!actual.has(row)) return "refused";
    if (predictions === null) return "answered";
    return different.has(row) ? "different" : "equal";
  }
  return { model, version, passed: actual.size === rows.length && (compared?.equal ?? true), rows: tested };
}
