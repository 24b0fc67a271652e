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
  const program = new Command("modelwright")
    .description("From a folder with a model to a verified prediction service.")
    .version(version, "-v, --version", "print the version")
    .helpCommand(false)
    // Else `publish --version v1` would print the tool's version, and succeed.
    .enablePositionalOptions()
    // What it would print comes as an error too.
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText("after", "\nStart with:\n  $ modelwright demo\n\nHelp on one command:\n  $ modelwright train --help");
  for (const spec of inHelpOrder(commands)) {
    addCommand(program, spec, (input) => {
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

function addCommand(program: Command, spec: CommandSpec, onChosen: (input: CommandInput) => void): void {
  const [first = "", second] = spec.name.split(" ");
  const parent = second === undefined ? program : groupCommand(program, first);
  const command = parent
    .command(second ?? first)
    .helpGroup(second === undefined ? helpGroupOf(first) : "")
    .summary(spec.summary)
    .description(sentence(spec.summary));
  for (const argument of spec.arguments) {
    const name = argument.isVariadic === true ? `${argument.name}...` : argument.name;
    command.argument(argument.isRequired ? `<${name}>` : `[${name}]`, argument.description);
  }
  for (const option of [...spec.options, ...GLOBAL_OPTIONS]) command.addOption(commanderOption(option));
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((example) => `  $ ${example}`).join("\n")}`);
  command.action(() => onChosen({ arguments: command.args, options: command.opts<CommandInput["options"]>() }));
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
