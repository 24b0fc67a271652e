import { resolve } from "node:path";

import type { RemoteModel } from "../../../http-client/prediction-client.ts";
import { parseServerAddress } from "../../../http-client/server-address.ts";
import { Failure } from "../../../kernel/failure.ts";
import type { JsonValue } from "../../../kernel/json.ts";
import { TEST_INSTANCES } from "../../../layouts/definitions/definition-paths.ts";
import { anyAnswer, findEndpointRows } from "../../../lifecycle/predicting/endpoint-rows.ts";
import { readEndpointName, soleModel, type EndpointName } from "../../../lifecycle/predicting/find-endpoint.ts";
import {
  recordedRows,
  testEndpoint,
  type EndpointReport,
  type EndpointRows,
  type TestedRow,
} from "../../../lifecycle/predicting/test-endpoint.ts";
import { toPlainJson } from "../../../model/prediction/exact-json.ts";
import { readRowSet } from "../../../tabular/read-rows.ts";
import { textOption, type CommandContext, type RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { unusablePort } from "../../options/unusable-port.ts";
import { table } from "../../output/text.ts";

/** `test-endpoint`: asks a running server stored rows, and compares its answers with the recorded ones. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const { cwd } = context.facts;
  const named = await readEndpointName(services, input.arguments[0] ?? "", cwd);
  const url = addressOf(named, textOption(input, "url"), () => localServer(context, services.settings.server.port));
  const { predictionClient } = await import("../../../http-client/prediction-client.ts");
  const client = predictionClient(url);
  const reference = named.reference ?? (await soleModel(client, url, context.signal));
  const served = await client.describe(reference.name, context.signal);
  const recorded = await recordedRows(services, reference, served);
  const file = textOption(input, "rows");
  const found =
    file !== null
      ? { expected: await readRows(context, file, served), from: resolve(cwd, file) }
      : recorded !== null && recorded.rows.length > 0
        ? { expected: recorded, from: "what was recorded when it was published" }
        : await findEndpointRows(services, { name: reference.name, definition: named.definition, cwd });
  if (found === null || found.expected.rows.length === 0) throw noRows(reference.name, served.version);
  const subject = { model: reference.name, version: served.version, expected: found.expected };
  const report = await testEndpoint(client, subject, context.signal);
  return {
    json: { url, rowsFrom: found.from, ...report },
    text: `${describe(report)}\nThe rows are ${found.from}.`,
    exitCode: report.passed ? 0 : EXIT_CODES.proofFailed,
  };
};

function addressOf(named: EndpointName, option: string | null, local: () => string): string {
  if (named.url !== null && option !== null) {
    throw new Failure("USAGE", {
      message: `The server was said twice: ${named.url}, and ${parseServerAddress(option).href} with --url.`,
      hint: "Leave --url out, or give the name of the model instead of an address.",
    });
  }
  return named.url ?? option ?? local();
}

/** @throws Failure `CONFIG_INVALID` when the port is left to the variable PORT and that holds none. */
function localServer({ facts }: CommandContext, port: number | null): string {
  if (port === null) throw unusablePort(facts, "the server with --url");
  return `http://127.0.0.1:${port}`;
}

/** Rows of a file: nothing is known of what must come. */
async function readRows({ facts }: CommandContext, file: string, served: RemoteModel): Promise<EndpointRows> {
  const path = resolve(facts.cwd, file);
  const { rows, names } = await readRowSet(path, { columns: served.signature?.columns });
  const plain = rows.map((row): JsonValue => toPlainJson(row));
  return anyAnswer({ rows: plain, ...(names === undefined ? {} : { names }) });
}

function noRows(model: string, version: string): Failure {
  return new Failure("FILE_NOT_FOUND", {
    message: `There are no rows to test ${model}@${version} with: none were recorded for it in this store, no definition of it with samples/ is in this project, and there is no ${TEST_INSTANCES}.`,
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
