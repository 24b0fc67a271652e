import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { addAbortSignal } from "node:stream";

import { Failure } from "../../../kernel/failure.ts";
import type { PredictReply } from "../../../model/prediction/predict-reply.ts";
import { stringifyExact } from "../../../model/prediction/exact-json.ts";
import { pickleOpener } from "../../../lifecycle/data/pickle-opener.ts";
import { predictRows, type Answering } from "../../../lifecycle/predicting/predict-rows.ts";
import { untilInterrupted } from "../../../lifecycle/running/until-interrupted.ts";
import { withLogOfWorker } from "../../../lifecycle/serving/explain-predict-failure.ts";
import { loadModel, PLAIN_SERVING } from "../../../lifecycle/serving/load-model.ts";
import {
  textOption,
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  type RunCommand,
} from "../../command.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { EXIT_CODES } from "../../exit-codes.ts";

const STOP_TIMEOUT_MS = 5_000;

/** `predict`: rows from a file or standard input, answered by a model loaded here or by a server. */
export const run: RunCommand = async (context, input) => {
  const [model = "", rows = ""] = input.arguments;
  const source = rows === "-" ? addAbortSignal(context.signal, process.stdin) : resolve(context.facts.cwd, rows);
  if (typeof source === "string") await requireFile(source);
  const url = textOption(input, "url");
  const reply =
    url === null
      ? await predictHere(context, input, { model, source })
      : await predictThere(context, url, { model, source });
  return output(reply);
};

interface Asked {
  readonly model: string;
  readonly source: Parameters<typeof predictRows>[1];
}

async function predictHere(
  context: CommandContext,
  input: CommandInput,
  { model, source }: Asked,
): Promise<PredictReply> {
  const services = await context.services();
  const { cwd } = context.facts;
  const choice = environmentChoice(input, context.facts);
  const loaded = await loadModel(services, { text: model, cwd, choice, options: PLAIN_SERVING }, context);
  try {
    const answering: Answering = {
      columns: loaded.info.signature?.columns,
      predict: (chunk) => loaded.predict(chunk),
      openPickled: pickleOpener(services, choice.python, context),
    };
    const { signal } = context;
    return await untilInterrupted({ signal, stop: () => loaded.drain(0) }, () => predictRows(answering, source));
  } catch (error) {
    throw await withLogOfWorker(error);
  } finally {
    await loaded.drain(STOP_TIMEOUT_MS);
  }
}

async function predictThere(context: CommandContext, url: string, { model, source }: Asked): Promise<PredictReply> {
  const { predictionClient } = await import("../../../http-client/prediction-client.ts");
  const client = predictionClient(url);
  const signature = await client.signatureOf(model, context.signal);
  const answering: Answering = {
    columns: signature?.columns,
    predict: (chunk) => client.predict(model, chunk, context.signal),
    openPickled: async (path) => pickleOpener(await context.services(), null, context)(path),
  };
  return predictRows(answering, source);
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return;
  throw new Failure("FILE_NOT_FOUND", {
    message: `There is no file of rows ${path}.`,
    hint: "Give a .json, .jsonl, .csv, .npy, .npz, .pkl, .pickle or .joblib file, or - for standard input.",
  });
}

/** As over HTTP, the command fails only when every row was bad. */
function output(reply: PredictReply): CommandOutput {
  const errors = reply.errors ?? {};
  const isAllBad = reply.predictions.length === 0 && Object.keys(errors).length > 0;
  const good = reply.predictions.map(
    (prediction, index) => [reply.rows[index] ?? index, stringifyExact(prediction)] as const,
  );
  const bad = Object.entries(errors).map(([row, columns]) => [Number(row), `error: ${describe(columns)}`] as const);
  const lines = [...good, ...bad].sort(([a], [b]) => a - b).map(([row, text]) => `${row}\t${text}`);
  return { json: reply, text: lines.join("\n"), exitCode: isAllBad ? EXIT_CODES.invalid : 0 };
}

function describe(columns: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(columns)
    .map(([column, messages]) => `${column === "" ? "the row" : column} ${messages.join(" and ")}`)
    .join("; ");
}
