import { expect, test } from "vitest";

import { startInTerminal } from "../../tests/cli/support/terminal.ts";
import { buildProgram } from "../../tests/process/support/build-program.ts";

test.each([
  ["Enter", "\n"],
  ["Ctrl-D, the end of the input", "\x04"],
])("%s ends waiting", async (_what, typed) => {
  const program = await buildProgram(`
    import { enterPressed } from "src/cli/enter-pressed.ts";
    setInterval(() => undefined, 1_000);
    console.log("waiting");
    await enterPressed(new AbortController().signal);
    process.exit(5);
  `);
  const terminal = startInTerminal([process.execPath, program], {});
  await terminal.printed(/waiting/);
  terminal.type(typed);
  expect(await terminal.exitCode).toBe(5);
});
