#!/usr/bin/env node
import packageJson from "../../package.json" with { type: "json" };
import { COMMANDS } from "./command-table.ts";
import { parseCommandLine } from "./program.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (`| head`) is no error.
  if (error.code === "EPIPE") process.exit(0);
  void endWithoutOutput(error);
});
// There is nowhere left to tell it, and the work goes on.
process.stderr.on("error", () => undefined);

// What a command that never came to an end exits with.
process.exitCode = 1;
process.once("beforeExit", tellUnfinished);
// Not awaited: the command line is bundled as CommonJS, which loads faster and has no top-level await.
void main(process.argv.slice(2)).then((exitCode) => {
  process.off("beforeExit", tellUnfinished);
  process.exitCode = exitCode;
});

async function main(argv: readonly string[]): Promise<number> {
  try {
    const parsed = parseCommandLine(COMMANDS, argv, packageJson.version);
    if ("exitCode" in parsed) return parsed.exitCode;
    const { runCommand } = await import("./run-command.ts");
    return await runCommand(parsed.spec, parsed.input);
  } catch (error) {
    return report(error);
  }
}

/** The command waits for something that nothing will ever bring about. */
function tellUnfinished(): void {
  void report(new Error("The command ended before it was done: it waited for something that cannot come any more."));
}

/** Prints an error that no command expected, and returns its exit code. */
async function report(error: unknown): Promise<number> {
  const { asFailure } = await import("./output/render-failure.ts");
  const { reportFailure } = await import("./output/report-failure.ts");
  return reportFailure(asFailure(error), process.argv.includes("--json"));
}

/** The result is nowhere, so it must not look like a success. */
async function endWithoutOutput(cause: Error): Promise<void> {
  const { outputUnwritable } = await import("./output/render-failure.ts");
  process.exit(await report(outputUnwritable(cause)));
}
