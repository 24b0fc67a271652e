/*
 * Runs one job of a model in a process of its own: `node --enable-source-maps job.js <job.json>`.
 * Ends with 0 (succeeded) or 1 (the model failed), `result.json` saying the same; anything else is a crash.
 */
import { openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";

import type { JobSpec } from "../../src/model/ports/job.ts";
import { EndedEarly, ErrorDescriber } from "./model/describe-error.ts";
import { ResultWriter } from "./job/job-result.ts";
import { loadExport, readSpec } from "./model/load-model.ts";
import { modelContext } from "./model/model-context.ts";
import { serializeValue } from "./serialize-value.ts";
import { watchParent } from "./process/watch-parent.ts";

/** How long timers, sockets and streams that the model left open may still finish their work. */
const GRACE_MS = 2_000;

class Job {
  readonly #spec: JobSpec;
  readonly #result: ResultWriter;
  readonly #errors: ErrorDescriber;
  #isReturned = false;

  constructor(spec: JobSpec) {
    this.#spec = spec;
    this.#result = new ResultWriter(spec.resultFile, { "Math.random": randomSeed(spec.seed) });
    this.#errors = new ErrorDescriber(spec.codeRoot);
  }

  async run(): Promise<void> {
    this.#catchWhatEscapes();
    try {
      const work = await loadExport(this.#spec.codeRoot, this.#spec.kind);
      await work(this.#spec.dataConf, this.#spec.modelConf, modelContext(this.#spec, this.#progress()));
      this.#isReturned = true;
    } catch (error) {
      this.#fail(error);
    }
    // A write that the model started without waiting for it is part of the outcome, and so is its failure.
    if (!(await isIdle(GRACE_MS)))
      process.stderr.write(`${this.#spec.kind} has returned but left timers or connections open; they were ended.\n`);
    this.#result.write(null);
    process.exit(0);
  }

  #fail(error: unknown): never {
    process.stderr.write(`${inspect(error)}\n`);
    this.#result.write(this.#errors.describe(error));
    process.exit(1);
  }

  #catchWhatEscapes(): void {
    const { kind } = this.#spec;
    // Unhandled rejections come here too.
    process.on("uncaughtException", (error) => this.#fail(error));
    process.once("beforeExit", () => {
      if (!this.#isReturned) this.#fail(new EndedEarly(`${kind} waits for a promise that nothing is left to settle.`));
    });
    process.on("exit", (code) => {
      if (this.#result.isWritten) return;
      // The handler runs inside process.exit, so the stack leads to the call.
      this.#result.write(this.#errors.describe(new EndedEarly(`The model's code called process.exit(${code}).`)));
      process.exitCode = 1;
    });
  }

  #progress(): (fields: Readonly<Record<string, unknown>>) => void {
    const events = openSync(this.#spec.eventsFile, "a");
    return (fields) => {
      const at = new Date().toISOString();
      writeSync(events, `${serializeValue({ type: "progress", at, fields })}\n`);
    };
  }
}

/** True once nothing keeps the process alive; false when something still does after `timeoutMs`. */
function isIdle(timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    process.once("beforeExit", () => resolve(true));
    setTimeout(() => resolve(false), timeoutMs).unref();
  });
}

/** The seed of `Math.random`: 0 would mean "no seed" to V8. */
function randomSeed(seed: number): number {
  return (Math.abs(Math.trunc(seed)) % 0x7fff_fffe) + 1;
}

async function main(): Promise<void> {
  const spec = await readSpec<JobSpec>(process.argv[2]);
  // Where the author package finds what the job is; processes that the model starts inherit it.
  process.env["MODELWRIGHT_JOB"] = resolve(process.argv[2] ?? "");
  watchParent(spec.parentPid);
  process.chdir(spec.workFolder);
  // V8 takes the flag until the first random number.
  setFlagsFromString(`--random-seed=${randomSeed(spec.seed)}`);
  await new Job(spec).run();
}

main().catch((error: unknown) => {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(2);
});
