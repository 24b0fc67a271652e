import { Command, CommanderError, Option } from "commander";

import { GLOBAL_OPTIONS } from "./command-table.ts";
import type { CommandInput, CommandSpec, OptionSpec } from "./command.ts";

const USAGE_EXIT_CODE = 2;

/** What the command line asks for: a command to run, or an exit code when help, the version or a usage error was printed. */
export type ParsedCommandLine =
  { readonly spec: CommandSpec; readonly input: CommandInput } | { readonly exitCode: number };

/** Parses `argv` (without node and script) against the table of commands. */
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
    .showHelpAfterError("(add --help for how to use it)")
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText("after", "\nStart with:\n  $ modelwright demo\n\nHelp on one command:\n  $ modelwright train --help");
  for (const spec of commands) {
    addCommand(program, spec, (input) => {
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
    // Commander has printed its message already; its own exit code for a usage error is 1, which is ours for bugs.
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
    throw error;
  }
  return parsed;
}

function addCommand(program: Command, spec: CommandSpec, onChosen: (input: CommandInput) => void): void {
  const [first = "", second] = spec.name.split(" ");
  const parent = second === undefined ? program : groupCommand(program, first);
  const command = parent
    .command(second ?? first)
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

function groupCommand(program: Command, name: string): Command {
  const existing = program.commands.find((command) => command.name() === name);
  return (
    existing ??
    program.command(name).summary(`${name} commands`).description(`Commands on a model's ${name}es.`).helpCommand(false)
  );
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
