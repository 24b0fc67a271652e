import { readProcess } from "../app/read-process.ts";
import { systemClock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { stringifyExact } from "../model/prediction/exact-json.ts";
import type { CommandContext, CommandInput, CommandOutput, CommandSpec } from "./command.ts";
import { interruptSignal } from "./interrupt.ts";
import { globalFlags } from "./options/global-flags.ts";
import { asFailure } from "./output/render-failure.ts";
import { reportFailure } from "./output/report-failure.ts";
import { terminalProgress } from "./output/terminal-progress.ts";

/** Runs one command and returns its exit code. Results go to standard output, everything else to standard error. */
export async function runCommand(spec: CommandSpec, input: CommandInput): Promise<number> {
  const facts = readProcess();
  const isJson = input.options["json"] === true;
  const isQuiet = input.options["quiet"] === true;
  const progress =
    facts.stderrIsTerminal && !isQuiet ? terminalProgress(process.stderr, systemClock.monotonicMs) : null;
  const interrupt = interruptSignal();
  const context: CommandContext = {
    facts,
    signal: interrupt.signal,
    isJson,
    onProgress: (event) => {
      if (event.isWarning !== true) return progress?.onProgress(event);
      progress?.clear();
      process.stderr.write(`warning: ${event.message}\n`);
    },
    clearProgress: () => progress?.clear(),
    print: (line) => {
      progress?.clear();
      process.stdout.write(`${line}\n`);
    },
    services: async (folder) => {
      const { composeServices } = await import("../app/compose-services.ts");
      return composeServices(facts, globalFlags(input), folder);
    },
  };
  try {
    const { run } = await spec.load();
    const output = await run(context, input);
    progress?.clear();
    printOutput(output, isJson);
    return output.exitCode ?? 0;
  } catch (thrown) {
    progress?.clear();
    return reportFailure(interrupt.signal.aborted ? interrupted(thrown) : asFailure(thrown), isJson);
  } finally {
    interrupt.release();
  }
}

function printOutput(output: CommandOutput, isJson: boolean): void {
  if (isJson) {
    // Predictions may hold integers that JSON.stringify cannot write.
    if (output.json !== null) process.stdout.write(`${stringifyExact(output.json as ExactJson)}\n`);
  } else if (output.text !== "") {
    process.stdout.write(`${output.text}\n`);
  }
}

/** After Ctrl-C whatever fails, fails because of it. */
function interrupted(thrown: unknown): Failure {
  if (thrown instanceof Failure && thrown.code === "INTERRUPTED") return thrown;
  return new Failure("INTERRUPTED", { message: "Stopped before it was done.", cause: thrown });
}
