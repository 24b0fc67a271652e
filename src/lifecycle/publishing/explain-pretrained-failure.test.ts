import { expect, test } from "vitest";

import { Failure } from "../../kernel/failure.ts";
import { explainPretrainedFailure } from "./explain-pretrained-failure.ts";

function hintOf(type: string, message: string, hasNoRequirements = true): string | null {
  const failure = new Failure("SCORER_FAILED", { message, details: { error: { type, message } } });
  const explained = explainPretrainedFailure(failure, hasNoRequirements);
  return explained instanceof Failure ? explained.hint : null;
}

test("a function of the notebook is told from one that a package lacks", () => {
  const ofNotebook = "Can't get attribute 'ratio' on <module '__main__' from '/usr/bin/ipython'>";
  expect(hintOf("AttributeError", ofNotebook)).toMatch(/"ratio" of the notebook .* cloudpickle/);
  expect(hintOf("AttributeError", "Can't get attribute 'Old' on <module 'sklearn.tree'>")).toMatch(/--requirements/);
  expect(hintOf("AttributeError", "Can't get attribute 'Old' on <module 'sklearn.tree'>", false)).toMatch(/versions/);
  expect(hintOf("ValueError", "rows")).toMatch(/--examples/);
});

test("other failures are left as they are", () => {
  const failure = new Failure("FILE_NOT_FOUND", { message: "There is none." });
  expect(explainPretrainedFailure(failure, true)).toBe(failure);
});
