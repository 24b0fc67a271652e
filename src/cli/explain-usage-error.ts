import type { CommanderError } from "commander";

import { Failure } from "../kernel/failure.ts";
import { flagName, type CommandSpec } from "./command.ts";

/** Commander's own words (`error: unknown command 'trian'\n(Did you mean train?)`) as a `Failure` like any other. */
export function explainUsageError(
  error: CommanderError,
  commands: readonly CommandSpec[],
  argv: readonly string[],
): Failure {
  const help = `${["modelwright", ...chosenWords(commands, argv)].join(" ")} --help`;
  // The first word of a group alone: Commander shows help and has no message.
  if (error.code === "commander.help") {
    const group = chosenWords(commands, argv).join(" ");
    const names = commands.map(({ name }) => name).filter((name) => name.startsWith(`${group} `));
    return usageFailure(
      `"${group}" is no command of its own: ${names.join(", ")} ${names.length === 1 ? "is" : "are"}.`,
      help,
    );
  }
  const [first = "", ...suggestions] = error.message.replace(/^error: /, "").split("\n");
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}${first.endsWith(".") ? "" : "."}`;
  const suggestion = suggestions.map((line) => line.replace(/^\((.*)\)$/, "$1")).join(" ");
  return usageFailure(`${sentence} ${suggestion}`.trim(), help);
}

/**
 * An empty value is nearly always a shell variable that was not set, and would be taken for the working directory.
 * @throws Failure `USAGE` naming the option or argument.
 */
export function refuseEmptyValues(
  spec: CommandSpec,
  given: { readonly arguments: readonly string[]; readonly options: Readonly<Record<string, unknown>> },
): void {
  const help = `modelwright ${spec.name} --help`;
  const index = given.arguments.findIndex((value) => value.trim() === "");
  if (index !== -1) {
    const name = spec.arguments[Math.min(index, spec.arguments.length - 1)]?.name ?? "argument";
    throw usageFailure(`The argument <${name}> is empty.`, help);
  }
  const option = Object.entries(given.options).find(([, value]) => [value].flat().some((one) => isBlank(one)));
  if (option === undefined) return;
  throw usageFailure(`The value of --${flagName(option[0])} is empty.`, help);
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

function usageFailure(message: string, help: string): Failure {
  return new Failure("USAGE", { message, hint: `${help} shows how it is used.` });
}

/** The words of `argv` that name a command, or the group of one. */
function chosenWords(commands: readonly CommandSpec[], argv: readonly string[]): readonly string[] {
  const words = argv.filter((word) => !word.startsWith("-"));
  const names = commands.map(({ name }) => name.split(" "));
  const [first = "", second = ""] = words;
  if (names.some((name) => name[0] === first && name[1] === second)) return [first, second];
  return names.some((name) => name[0] === first) ? [first] : [];
}
