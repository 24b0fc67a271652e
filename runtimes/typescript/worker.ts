/*
 * A warm model that answers requests: `node --enable-source-maps worker.js <worker.json>`.
 * Requests and answers are frames on descriptor 3; standard output belongs to the model.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { inspect } from "node:util";

import type { WorkerMessage, WorkerSpec } from "../../src/model/ports/job.ts";
import { frameChannel } from "../../src/process/frame-channel.ts";
import { EndedEarly, ErrorDescriber } from "./model/describe-error.ts";
import { killFamily } from "./process/kill-family.ts";
import { loadExport, readSpec } from "./model/load-model.ts";
import { modelContext } from "./model/model-context.ts";
import { RequestLoop } from "./serving/request-loop.ts";
import { ScorerCaller } from "./serving/scorer.ts";
import { watchParent } from "./process/watch-parent.ts";

const CHANNEL = 3;
const HEADER_BYTES = 4;

/** For the time of loading: the descriptor still blocks, so that even an `exit` handler can write to it. */
function sendNow(message: WorkerMessage): void {
  const body = Buffer.from(JSON.stringify(message));
  const frame = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  frame.writeUInt32BE(body.length);
  for (let written = 0; written < frame.length;) written += writeSync(CHANNEL, frame, written);
}

function print(error: unknown): void {
  process.stderr.write(`${inspect(error)}\n`);
}

async function load(spec: WorkerSpec): Promise<ScorerCaller> {
  const ModelScorer = await loadExport(spec.codeRoot, "ModelScorer");
  const scorer = new ModelScorer(
    spec.modelConf,
    modelContext(spec, () => undefined),
  );
  const caller = new ScorerCaller(scorer, spec);
  if (spec.predictForm === null && spec.probeRows.length > 0) await caller.probe(spec.probeRows[0], spec.probeNames);
  return caller;
}

/** Loads the model and says `ready`, or says why not and ends. */
async function loadOrEnd(spec: WorkerSpec, errors: ErrorDescriber): Promise<ScorerCaller> {
  const fail = (error: unknown): never => {
    process.off("exit", onExit);
    print(error);
    sendNow({ type: "failed", error: errors.describe(error) });
    process.exit(1);
  };
  // The handler runs inside process.exit, so the stack leads to the call.
  const onExit = (code: number): void => fail(new EndedEarly(`The model's code called process.exit(${code}).`));
  const onIdle = (): void => fail(new EndedEarly("Loading waits for a promise that nothing is left to settle."));
  process.on("uncaughtException", fail).on("beforeExit", onIdle).on("exit", onExit);
  try {
    const startedAt = performance.now();
    const scorer = await load(spec);
    sendNow({ type: "ready", predictForm: scorer.form, inputForm: null, loadMs: performance.now() - startedAt });
    return scorer;
  } catch (error) {
    return fail(error);
  } finally {
    process.off("uncaughtException", fail).off("beforeExit", onIdle).off("exit", onExit);
  }
}

function serve(scorer: ScorerCaller, errors: ErrorDescriber): void {
  const socket = new Socket({ fd: CHANNEL, readable: true, writable: true });
  const channel = frameChannel(socket, {
    onFrame: (body) => loop.accept(body),
    // The tool is gone or has closed the channel: the worker's life is over, and that of its children.
    onEnd: () => {
      killFamily();
      process.exit(0);
    },
  });
  const loop = new RequestLoop(scorer, errors, (json) => channel.send(json));
  process.on("unhandledRejection", print);
  process.on("uncaughtException", (error) => {
    // Something outside of a call broke: nobody knows in which state the model is, so a fresh worker takes over.
    print(error);
    loop.fail(error);
    socket.end(() => process.exit(1));
  });
}

async function main(): Promise<void> {
  const spec = await readSpec<WorkerSpec>(process.argv[2]);
  watchParent(spec.parentPid);
  process.chdir(spec.workFolder);
  const errors = new ErrorDescriber(spec.codeRoot);
  serve(await loadOrEnd(spec, errors), errors);
}

main().catch((error: unknown) => {
  print(error);
  process.exit(2);
});
