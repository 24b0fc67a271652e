import { expect, test } from "vitest";

import { nodeEnvironment } from "./node-environment.ts";

test("TypeScript models run on the Node of the tool", () => {
  const environment = nodeEnvironment();
  expect(environment).toMatchObject({ language: "typescript", interpreter: process.execPath, origin: "given" });
  expect(environment.interpreterVersion).toBe(`Node ${process.versions.node}`);
  expect(environment.digest).toBe(nodeEnvironment().digest);
});
