import { parse } from "jsonc-parser";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { COMMANDS } from "../../src/cli/command-table.ts";
import { outputSchemaName, PUBLISHED_SCHEMAS } from "../../src/cli/schemas/published-schemas.ts";
import { ROOT } from "./support/markdown.ts";
import { compileSchema, readSchema } from "./support/published-schema.ts";

const NAMES = Object.keys(PUBLISHED_SCHEMAS);

test.each(NAMES)("the schema %s is a sound JSON Schema with an id, a title and a description", (name) => {
  const schema = readSchema(name);
  compileSchema(schema);
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:modelwright:schema:${name}`,
    title: expect.any(String) as string,
    description: expect.any(String) as string,
  });
});

test("every command has a schema of its output", () => {
  expect(NAMES).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => outputSchemaName(name))));
});

test.each(["model", "signature", "modelwright"])("every %s.json that ships fits its schema", (name) => {
  const validate = compileSchema(readSchema(name));
  const files = ["examples", "templates"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.split("/").at(-1) === `${name}.json`)
      .map((path) => join(ROOT, folder, path)),
  );
  expect(files).not.toEqual([]);
  for (const file of files) {
    validate(parse(readFileSync(file, "utf8")));
    expect(validate.errors ?? [], file).toEqual([]);
  }
});

test("an editor is told of a misspelt field of a signature and of a wrong value in model.json", () => {
  const column = { name: "age", type: "integer", nulable: true };
  expect(compileSchema(readSchema("signature"))({ columns: [column], outputs: [] })).toBe(false);
  expect(compileSchema(readSchema("model"))({ name: "churn", language: "python", predict: "many" })).toBe(false);
});
