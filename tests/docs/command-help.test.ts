import { expect, test } from "vitest";

import { COMMANDS } from "../../src/cli/command-table.ts";
import { parseCommandLine } from "../../src/cli/program.ts";
import { runCli } from "../support/cli.ts";

test.each(COMMANDS)("modelwright $name --help shows its arguments, options and examples", async (spec) => {
  const { exitCode, stdout, stderr } = await runCli([...spec.name.split(" "), "--help"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(spec.examples.length).toBeGreaterThan(0);
  for (const text of [...spec.examples, ...spec.options.map(({ flags }) => flags), "--json"])
    expect(stdout).toContain(text);
  for (const { name } of spec.arguments) expect(stdout).toContain(name);
});

test.each(COMMANDS.flatMap(({ name, examples }) => examples.map((example) => ({ name, example }))))(
  "the example $example is a command line that is understood",
  ({ name, example }) => {
    const [program, ...words] = splitWords(example);
    expect(program).toBe("modelwright");
    expect(parseCommandLine(COMMANDS, words, "0.0.0")).toMatchObject({ spec: { name } });
  },
);

/** Splits as a shell does, as far as examples go: by spaces, outside of double quotes. */
function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
