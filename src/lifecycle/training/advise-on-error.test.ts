import { expect, test } from "vitest";

import { adviseOnError } from "./advise-on-error.ts";

const mine = { file: "/repo/training.py", line: 7, function: "train", source: 'x = conf["eta"]', isUser: true };
const theirs = { ...mine, file: "/site-packages/pandas/frame.py", isUser: false };

test.each([
  [
    "ModuleNotFoundError",
    "No module named 'tensorflow.keras'",
    [mine],
    /"tensorflow".*requirements\.txt.*--no-install/,
  ],
  ["EntryPointMissing", "The model has no evaluate.", [], /Define evaluate\(data_conf, model_conf/],
  ["KeyError", "'eta'", [mine], /config\.json.*data configuration/],
])("%s says what to do", (type, message, frames, advice) => {
  const [only, ...others] = adviseOnError({ type, message, frames }, "evaluate");
  expect(only).toMatch(advice);
  expect(others).toEqual([]);
});

test.each([
  ["KeyError", "'species'", [mine, theirs]],
  ["ModuleNotFoundError", "No module named 'model_modules.nosuch'", [mine]],
  ["ValueError", "could not convert string to float", [mine]],
])("%s %s is left to its traceback, which says more than a guess", (type, message, frames) => {
  expect(adviseOnError({ type, message, frames }, "train")).toEqual([]);
});
