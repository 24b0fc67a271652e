#!/usr/bin/env node
import packageJson from "../../package.json" with { type: "json" };
import { COMMANDS } from "./command-table.ts";
import { parseCommandLine } from "./program.ts";

// A reader that closes the pipe early (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const parsed = parseCommandLine(COMMANDS, process.argv.slice(2), packageJson.version);
if ("exitCode" in parsed) {
  process.exitCode = parsed.exitCode;
} else {
  const { runCommand } = await import("./run-command.ts");
  process.exitCode = await runCommand(parsed.spec, parsed.input);
}
