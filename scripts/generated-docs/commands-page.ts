import { COMMANDS } from "../../src/cli/command-table.ts";
import type { CommandSpec, OptionSpec } from "../../src/cli/command.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/options/shared-options.ts";
import { outputSchemaName } from "../../src/cli/schemas/published-schemas.ts";
import type { ErrorKind } from "../../src/kernel/error-codes.ts";
import { GENERATED_MARK } from "./generated-mark.ts";

/** The reference of the command line. */
export function commandsPage(): string {
  return `# Commands

${GENERATED_MARK}

Every command takes these options:

${optionsTable(GLOBAL_OPTIONS)}

Results go to standard output, everything else to standard error. With \`--json\` the result is one JSON document; its
schema is linked below. A failure is one JSON document too, the last line of standard error:
[output/error](../schemas/output/error.schema.json).

| exit code | meaning |
| --- | --- |
${exitCodeRows().join("\n")}

${COMMANDS.map(commandSection).join("\n")}`;
}

/** What each exit code says, in the words of the kinds that have it. */
function exitCodeRows(): readonly string[] {
  const meanings = {
    bug: "a fault of the tool itself",
    usage: "the command line could not be understood",
    invalid: "a file, definition or row is wrong",
    notFound: "what was named does not exist",
    conflict: "what is there already stands in the way",
    modelFailed: "the model's own code failed",
    environment: "no interpreter, or packages that cannot be installed",
    proofFailed: "a stored file or an answer is not what was published",
    unavailable: "a disk, port or server cannot be used",
    interrupted: "stopped by Ctrl-C or a termination signal",
  } as const satisfies Partial<Record<ErrorKind, string>>;
  const rows = Object.entries(meanings).map(
    ([kind, meaning]) => `| ${EXIT_CODES[kind as keyof typeof meanings]} | ${meaning} |`,
  );
  return ["| 0 | done |", ...rows];
}

function commandSection(spec: CommandSpec): string {
  const words = spec.arguments.map((argument) => {
    const name = argument.isVariadic === true ? `${argument.name}...` : argument.name;
    return argument.isRequired ? `<${name}>` : `[${name}]`;
  });
  const argumentRows = spec.arguments.map((argument) => `| \`${argument.name}\` | ${argument.description} |`);
  const argumentsTable =
    argumentRows.length === 0 ? "" : `\n| argument | meaning |\n| --- | --- |\n${argumentRows.join("\n")}\n`;
  const options = spec.options.length === 0 ? "" : `\n${optionsTable(spec.options)}\n`;
  const output = outputSchemaName(spec.name);
  const usage = ["modelwright", spec.name, ...words, "[options]"].join(" ");
  return `## \`${spec.name}\`

${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.

\`\`\`text usage
${usage}
\`\`\`
${argumentsTable}${options}
For example:

\`\`\`text examples
${spec.examples.join("\n")}
\`\`\`

With \`--json\`: [${output}](../schemas/${output}.schema.json).
`;
}

function optionsTable(options: readonly OptionSpec[]): string {
  const rows = options.map((option) => {
    const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
    return `| \`${option.flags}\` | ${option.description}${choices} |`;
  });
  return `| option | meaning |\n| --- | --- |\n${rows.join("\n")}`;
}
