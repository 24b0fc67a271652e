import { expect, test } from "vitest";

import type { ReadDefinition } from "../model/definition/model-definition.ts";
import { readDefinition } from "./definitions-layout.ts";
import { findDuplicates } from "./find-duplicates.ts";

function definition(id: string, extra = ""): Promise<ReadDefinition> {
  const texts = new Map([["model.json", `{"id": "${id}", "language": "python"${extra}}`]]);
  const entries = ["model.json", "model_modules/__init__.py"].map((path) => ({ path, sizeBytes: 1 }));
  return readDefinition({ root: "/p/m", entries, texts, unreadable: [] }, { projectRoot: "/p", displayPath: "m" });
}

test("definitions with the same id are all invalid and name each other", async () => {
  const reads = await Promise.all(["x", "y", "x", "x"].map((id) => definition(id)));
  const found = reads.map((read, index) => ({ displayPath: "abcd".charAt(index), read }));
  const checked = findDuplicates(found).map((item) => item.read);
  expect(checked.map((read) => read.valid)).toEqual([false, true, false, false]);
  expect(checked[0]?.faults).toEqual([
    {
      code: "DEFINITION_DUPLICATE",
      message: 'The id "x" also belongs to c, d.',
      where: "a/model.json#/id",
      remedy: 'Give each definition an "id" of its own in model.json.',
    },
  ]);
  expect(!checked[0]?.valid && checked[0]?.partial).toMatchObject({ id: "x", language: "python" });
});

test("definitions with one name in the store are valid, and each is warned of the others", async () => {
  const reads = await Promise.all(
    [', "name": "Churn Risk"', ', "name": "churn-risk"', ', "name": "other"'].map((extra, index) =>
      definition(`id-${index}`, extra),
    ),
  );
  const found = reads.map((read, index) => ({ displayPath: "abc".charAt(index), read }));
  const warnings = findDuplicates(found).map(({ read }) =>
    read.valid ? read.warnings.filter(({ code }) => code === "MODEL_NAME_TAKEN") : null,
  );
  expect(warnings).toMatchObject([[{ where: "a/model.json#/name" }], [{ where: "b/model.json#/name" }], []]);
  expect(warnings[0]?.[0]?.message).toContain('called "churn-risk", and so is b:');
});

test("a broken copy does not take the id away from the sound definition", async () => {
  const found = [
    { displayPath: "a", read: await definition("x") },
    { displayPath: "b", read: await definition("x", ', "name": 1') },
  ];
  expect(findDuplicates(found)).toEqual(found);
});
