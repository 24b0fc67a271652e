import { expect, test } from "vitest";

import { activeInterpreter } from "./active-environment.ts";

test("the active environment is the one that the shell names", () => {
  expect(activeInterpreter({ VIRTUAL_ENV: "/home/ada/.venv" })).toBe("/home/ada/.venv/bin/python");
  expect(activeInterpreter({ CONDA_PREFIX: "/opt/conda/envs/ml", VIRTUAL_ENV: "" })).toBe(
    "/opt/conda/envs/ml/bin/python",
  );
});

test("of two active environments the one that was activated last counts", () => {
  const both = { VIRTUAL_ENV: "/venv", CONDA_PREFIX: "/conda" };
  expect(activeInterpreter({ ...both, PATH: "/venv/bin:/conda/bin:/usr/bin" })).toBe("/venv/bin/python");
  expect(activeInterpreter({ ...both, PATH: "/conda/bin/:/venv/bin:/usr/bin" })).toBe("/conda/bin/python");
  expect(activeInterpreter({ ...both, PATH: "/usr/bin" })).toBe("/venv/bin/python");
});

test("without an active environment it is said how to get one", () => {
  expect(() => activeInterpreter({ PATH: "/usr/bin", VIRTUAL_ENV: "relative" })).toThrow(
    expect.objectContaining({
      code: "INTERPRETER_NOT_FOUND",
      hint: expect.stringContaining("activate") as string,
    }) as Error,
  );
});
