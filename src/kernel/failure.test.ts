import { expect, test } from "vitest";

import { ERROR_CODES } from "./error-codes.ts";
import { Failure, hasSystemCode } from "./failure.ts";

test("a failure takes its kind from the table and keeps the cause", () => {
  const cause = new Error("below");
  const failure = new Failure("MODEL_NOT_FOUND", { message: "No model.", cause });
  expect([failure.kind, failure.hint, failure.cause]).toEqual([ERROR_CODES.MODEL_NOT_FOUND.kind, null, cause]);
});

test("system errors are told by their code", () => {
  const error = Object.assign(new Error("gone"), { code: "ENOENT" });
  expect([
    hasSystemCode(error, "EACCES", "ENOENT"),
    hasSystemCode(error, "EACCES"),
    hasSystemCode("ENOENT", "ENOENT"),
  ]).toEqual([true, false, false]);
});
