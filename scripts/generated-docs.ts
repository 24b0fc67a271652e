import { ERROR_CODES } from "../src/kernel/error-codes.ts";
import { COMMANDS, GLOBAL_OPTIONS } from "../src/cli/command-table.ts";
import type { CommandSpec, OptionSpec } from "../src/cli/command.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { PUBLISHED_SCHEMAS } from "../src/cli/schemas/published-schemas.ts";
import { STATUS } from "../src/http/status.ts";

/** Every file of docs/ and schemas/ that is made from the code: path → text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map([
    ["docs/errors.md", errorsPage()],
    ["docs/commands.md", commandsPage()],
  ]);
  for (const [name, schema] of Object.entries(PUBLISHED_SCHEMAS)) {
    files.set(`schemas/${name}.schema.json`, `${JSON.stringify(schema(), null, 2)}\n`);
  }
  return files;
}

const GENERATED = "<!-- Made by `npm run docs` from the code. -->";

function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, entry]) => `| \`${code}\` | ${entry.meaning} | ${EXIT_CODES[entry.kind]} | ${STATUS[entry.kind]} |`,
  );
  return `# Errors

${GENERATED}

Every error has a code that never changes its name. On the command line it ends the program with the exit code;
from the server it comes as \`{"error": "<what happened>", "code": "<code>"}\` with the HTTP status.

| code | meaning | exit code | HTTP status |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function commandsPage(): string {
  return `# Commands

${GENERATED}

Every command takes these options:

${optionsTable(GLOBAL_OPTIONS)}

${COMMANDS.map(commandSection).join("\n")}`;
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
  const usage = ["modelwright", spec.name, ...words, "[options]"].join(" ");
  return `## \`${spec.name}\`

${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.

\`\`\`text
${usage}
\`\`\`
${argumentsTable}${options}
${spec.examples.map((example) => `    ${example}`).join("\n")}
`;
}

function optionsTable(options: readonly OptionSpec[]): string {
  const rows = options.map((option) => {
    const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
    return `| \`${option.flags}\` | ${option.description}${choices} |`;
  });
  return `| option | meaning |\n| --- | --- |\n${rows.join("\n")}`;
}
