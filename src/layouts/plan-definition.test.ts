import { expect, test } from "vitest";

import { planDefinition } from "./plan-definition.ts";

const template = [
  {
    path: "model.json",
    text: '{\n  // {{id}}\n  "id": "{{id}}", "name": "{{name}}", "description": "{{description}}" }',
  },
  { path: "README.md", text: "# {{name}}\n\n{{description}}\n" },
  { path: "model_modules/training.py", text: 'print("{{name}}".format())' },
];

test("values with quotes, line breaks and replacement patterns stay what they are", () => {
  const name = 'The "best" $& model \\ {{id}}';
  const [json, readme, code] = planDefinition({ template, id: "i", name, description: "two\nlines" });
  expect(JSON.parse(json?.text.replace(/\/\/.*/, "") ?? "")).toEqual({ id: "i", name, description: "two\nlines" });
  expect(readme?.text).toBe(`# ${name}\n\ntwo lines\n`);
  expect(code).toEqual(template[2]);
});

test.each(["", "  ", "two\nlines", "nul\0"])("%j is no name", (name) => {
  expect(() => planDefinition({ template, id: "i", name, description: "" })).toThrow("one line of text");
});
