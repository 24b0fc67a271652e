import { expect, test } from "vitest";

import { faultyProject } from "./support/faulty-project.ts";

interface Explained {
  readonly fields: readonly { readonly name: string; readonly value: unknown; readonly source: unknown }[];
}

test("explain tells each value and where it was said: model.json, other files, the project, or nowhere", async () => {
  const project = await faultyProject("python", {
    "model.json": `{
  // Two lines above.
  "id": "demo-1", "language": "python",
  "env": { "set": { "TOKEN": "hush" } },
  "name": "demo"
}`,
    "config.json": '{\n "hyperParameters": {\n  "depth": 3 } }',
    "../../modelwright.json": { defaults: { owner: "ada@example.org" } },
    "samples/rows.json": [[1, 2]],
  });
  const explained = await project.succeeds(["explain", "demo"]);
  const { fields } = explained as Explained;
  const field = (name: string) => fields.find((one) => one.name === name);
  expect(field("name")).toEqual({
    ...{ name: "name", value: "demo" },
    source: { kind: "definition", file: "model.json", pointer: "/name", line: 5 },
  });
  expect(field("owner")).toMatchObject({
    ...{ value: "ada@example.org", source: { kind: "project", pointer: "/defaults/owner" } },
  });
  expect(field("hyperParameters.depth")).toMatchObject({
    value: 3,
    source: { file: "config.json", pointer: "/hyperParameters/depth", line: 3 },
  });
  expect(field("env.set")).toMatchObject({ value: { TOKEN: "***" } });
  expect(JSON.stringify(explained)).not.toContain("hush");
  expect(field("signature")).toMatchObject({ value: null, source: { kind: "default" } });
  expect(field("example rows")).toMatchObject({ value: ["samples/rows.json"], source: { file: "samples/rows.json" } });
});

test("explain of a definition that is not there, or is broken, says so", async () => {
  const project = await faultyProject("python", { "model.json": '{ "language": ' });
  await project.fails(["explain", "nobody"], { exitCode: 4, code: "DEFINITION_NOT_FOUND", recordsRun: false });
  await project.fails(["explain"], { exitCode: 3, code: "DEFINITION_INVALID", recordsRun: false });
});
