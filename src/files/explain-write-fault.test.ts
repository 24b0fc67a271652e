import { expect, test } from "vitest";

import { explainWriteFault } from "./explain-write-fault.ts";

test.each([
  ["ENOSPC", "the disk or quota is full", /Free some space/],
  ["EDQUOT", "the disk or quota is full", /Free some space/],
  ["EROFS", "the file system is read-only", /Make the folder writable/],
  ["EACCES", "permission denied", /Make the folder writable/],
  ["ENOTDIR", "something on the way is not a folder", /Make the folder writable/],
  ["EIO", "the disk failed", /choose another place/],
])("%s says what, where and what to do", (code, reason, hint) => {
  const fault = explainWriteFault(Object.assign(new Error(`${code}: details`), { code }), "/state/run.json");
  expect(fault).toMatchObject({ code: "STATE_UNWRITABLE", kind: "unavailable" });
  expect(fault).toHaveProperty("message", `Cannot write /state/run.json: ${reason} (${code}: details).`);
  expect(fault).toHaveProperty("hint", expect.stringMatching(hint));
});

test("other errors pass as they are", () => {
  const error = Object.assign(new Error("ENOENT"), { code: "ENOENT" });
  expect(explainWriteFault(error, "/x")).toBe(error);
});
