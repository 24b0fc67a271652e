import { resolve } from "node:path";

import { runDemo } from "../../../app/demo/run-demo.ts";
import { textOption, type RunCommand } from "../../command.ts";
import { environmentChoice, portOption } from "../../options/environment-choice.ts";
import { enterPressed } from "../../enter-pressed.ts";

const DEFAULT_FOLDER = "modelwright-demo";

/** `demo`: the whole journey on real data. On a terminal it serves until Enter or Ctrl-C. */
export const run: RunCommand = async (context, input) => {
  const { facts } = context;
  const isInteractive = facts.stdinIsTerminal && facts.stdoutIsTerminal && !context.isJson;
  const outcome = await runDemo(
    {
      folder: resolve(facts.cwd, textOption(input, "dir") ?? DEFAULT_FOLDER),
      cwd: facts.cwd,
      port: portOption(input) ?? 0,
      choice: environmentChoice(input, context.facts),
      services: context.services,
      say: context.isJson ? () => undefined : context.print,
      untilStopped: isInteractive ? () => enterPressed(context.signal) : null,
    },
    context,
  );
  return { json: outcome, text: "" };
};
