import { Command, CommanderError, Option } from "commander";

import { helpGroupOf, inHelpOrder } from "./help/help-groups.ts";
import { GLOBAL_OPTIONS } from "./options/shared-options.ts";
import type { CommandInput, CommandSpec, OptionSpec } from "./command.ts";
import { explainUsageError, refuseEmptyValues } from "./explain-usage-error.ts";

/** What the command line asks for: a command to run, or nothing more when help or the version was printed. */
export type ParsedCommandLine = { readonly spec: CommandSpec; readonly input: CommandInput } | { readonly exitCode: 0 };

/**
 * Parses `argv` (without node and script) against the table of commands.
 * @throws Failure `USAGE`.
 */
export function parseCommandLine(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  version: string,
): ParsedCommandLine {
  let parsed: ParsedCommandLine = { exitCode: 0 };
  const program = rootCommand(version);
  const globalOptions = GLOBAL_OPTIONS.map(commanderOption);
  for (const spec of inHelpOrder(commands)) {
    const command = addCommand(program, spec);
    // The others are there for the list of commands and for suggestions only.
    if (argv.includes(lastWord(spec.name))) describeCommand(command, spec);
    for (const option of globalOptions) command.addOption(option);
    command.action(() => {
      const input: CommandInput = { arguments: command.args, options: command.opts() };
      refuseEmptyValues(spec, input);
      parsed = { spec, input };
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return { exitCode: 0 };
  }
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { exitCode: 0 };
    throw explainUsageError(error, commands, argv);
  }
  return parsed;
}

function rootCommand(version: string): Command {
  return (
    new Command("modelwright")
      .description("From a folder with a model to a verified prediction service.")
      .version(version, "-v, --version", "print the version")
      .helpCommand(false)
      // Else `publish --version v1` would print the tool's version, and succeed.
      .enablePositionalOptions()
      // What it would print comes as an error too.
      .configureOutput({ writeErr: () => undefined })
      .showSuggestionAfterError(true)
      .exitOverride()
      .addHelpText("after", "\nStart with:\n  $ modelwright demo\n\nHelp on one command:\n  $ modelwright train --help")
  );
}

/** Adds a command as the list of commands shows it. */
function addCommand(program: Command, spec: CommandSpec): Command {
  const [first = "", second] = spec.name.split(" ");
  const parent = second === undefined ? program : groupCommand(program, first);
  const command = parent
    .command(second ?? first)
    .helpGroup(second === undefined ? helpGroupOf(first) : "")
    .summary(spec.summary);
  for (const argument of spec.arguments) {
    const name = argument.isVariadic === true ? `${argument.name}...` : argument.name;
    command.argument(argument.isRequired ? `<${name}>` : `[${name}]`, argument.description);
  }
  return command;
}

/** What its own help shows besides. */
function describeCommand(command: Command, spec: CommandSpec): void {
  command.description(sentence(spec.summary));
  for (const option of spec.options) command.addOption(commanderOption(option));
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((example) => `  $ ${example}`).join("\n")}`);
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

/** What the commands of a group are about. */
const GROUPS: Readonly<Record<string, string>> = {
  config: "settings of the tool",
  alias: "movable names of versions",
  env: "environments of Python models",
  runs: "trainings and evaluations that were made",
};

function groupCommand(program: Command, name: string): Command {
  const existing = program.commands.find((command) => command.name() === name);
  if (existing !== undefined) return existing;
  const about = GROUPS[name] ?? `${name} commands`;
  return program
    .command(name)
    .helpGroup(helpGroupOf(name))
    .summary(about)
    .description(sentence(about))
    .helpCommand(false);
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  if (spec.isRepeatable === true) {
    option.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value]);
  }
  return option;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
