import { expect, test } from "vitest";

import { renameDefinition } from "./rename-definition.ts";

test("a copy gets another identity, and all else stays byte for byte", () => {
  const text =
    '{\n    // ours\n    "id": "old",\n    "language": "R",\n    "name": "template", "custom": {"a": [1,  2]},\n}\n';
  expect(renameDefinition(text, { id: "new", name: 'My "first"', description: null })).toBe(
    '{\n    // ours\n    "id": "new",\n    "language": "R",\n    "name": "My \\"first\\"", "custom": {"a": [1,  2]},\n}\n',
  );
});

test("fields that are not there are added", () => {
  const renamed = renameDefinition('{\n  "language": "sql"\n}\n', { id: "i", name: "n", description: "d" });
  expect(JSON.parse(renamed)).toEqual({ language: "sql", id: "i", name: "n", description: "d" });
});
