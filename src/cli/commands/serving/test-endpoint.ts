import { stat } from "node:fs/promises";
import { resolve } from "node:path";

import type { RemoteModel } from "../../../http-client/prediction-client.ts";
import { Failure } from "../../../kernel/failure.ts";
import type { JsonValue } from "../../../kernel/json.ts";
import {
  recordedRows,
  testEndpoint,
  type EndpointReport,
  type EndpointRows,
  type TestedRow,
} from "../../../lifecycle/predicting/test-endpoint.ts";
import { toPlainJson } from "../../../model/prediction/exact-json.ts";
import { OTHER_ENVIRONMENT } from "../../../model/prediction/tolerance.ts";
import { parseModelReference } from "../../../model/version/model-reference.ts";
import { readRowSet } from "../../../tabular/read-rows.ts";
import { textOption, type CommandContext, type RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { table } from "../../output/text.ts";

/** Where projects of older tools keep rows to test an endpoint with. */
const TEST_INSTANCES = "test/test_instances.json";

/** `test-endpoint`: asks a running server stored rows, and compares its answers with the recorded ones. */
export const run: RunCommand = async (context, input) => {
  const reference = parseModelReference(input.arguments[0] ?? "");
  const services = await context.services();
  const { port } = services.settings.server;
  const url = textOption(input, "url") ?? `http://127.0.0.1:${port ?? ""}`;
  const { predictionClient } = await import("../../../http-client/prediction-client.ts");
  const client = predictionClient(url);
  const served = await client.describe(reference.name, context.signal);
  const file = textOption(input, "rows");
  const recorded = await recordedRows(services, reference, served);
  const expected =
    file === null ? (recorded ?? (await testInstances(context, served))) : await readRows(context, file, served);
  if (expected.rows.length === 0) throw noRows(reference.name, served.version);
  const subject = { model: reference.name, version: served.version, expected };
  const report = await testEndpoint(client, subject, context.signal);
  return {
    json: { url, ...report },
    text: describe(report),
    exitCode: report.passed ? 0 : EXIT_CODES.proofFailed,
  };
};

async function testInstances(context: CommandContext, served: RemoteModel): Promise<EndpointRows> {
  const found = await stat(resolve(context.facts.cwd, TEST_INSTANCES)).catch(() => null);
  return found === null
    ? { rows: [], predictions: null, tolerance: OTHER_ENVIRONMENT }
    : await readRows(context, TEST_INSTANCES, served);
}

/** Rows of a file: nothing is known of what must come. */
async function readRows({ facts }: CommandContext, file: string, served: RemoteModel): Promise<EndpointRows> {
  const path = resolve(facts.cwd, file);
  const { rows, names } = await readRowSet(path, { columns: served.signature?.columns });
  const plain = rows.map((row): JsonValue => toPlainJson(row));
  return { rows: plain, ...(names === undefined ? {} : { names }), predictions: null, tolerance: OTHER_ENVIRONMENT };
}

function noRows(model: string, version: string): Failure {
  return new Failure("FILE_NOT_FOUND", {
    message: `There are no rows to test ${model}@${version} with: none were recorded for it in this store, and there is no ${TEST_INSTANCES}.`,
    hint: "Give rows with --rows <file>, or name the store that the server serves from with --store.",
  });
}

function describe({ model, version, passed, rows }: EndpointReport): string {
  const lines = rows.map((row) => [String(row.row), row.verdict, explain(row)]);
  const good = rows.filter(({ verdict }) => verdict === "equal" || verdict === "answered").length;
  const summary = `${good} of ${rows.length} rows of ${model}@${version} ${passed ? "are as they should be" : "are right: the endpoint is not as it should be"}.`;
  return `${table(["ROW", "RESULT", "ANSWER"], lines)}\n${summary}`;
}

function explain({ verdict, expected, actual, errors }: TestedRow): string {
  if (verdict === "different") return `${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
  return JSON.stringify(verdict === "refused" ? errors : actual);
}
