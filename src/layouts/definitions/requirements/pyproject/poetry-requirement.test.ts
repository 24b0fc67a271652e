import { expect, test } from "vitest";

import { translatePoetryDependency } from "./poetry-requirement.ts";

function translate(value: unknown): unknown {
  const translated = translatePoetryDependency({ name: "x", value, addressOf: (path) => `file:///p/${path}` });
  return typeof translated === "string" ? translated : translated.line;
}

test.each([
  ["^1.2", "x>=1.2,<2"],
  ["*", "x"],
  [{ version: "1.2.*" }, "x==1.2.*"],
  [{ version: "^1", extras: ["a", "b"] }, "x[a,b]>=1,<2"],
  [{ version: "*", extras: [] }, "x"],
  [{ version: "1", markers: "sys_platform == 'linux'" }, "x==1; sys_platform == 'linux'"],
  [{ version: "1", python: "<3.9", platform: "linux" }, 'x==1; (python_version < "3.9") and (sys_platform == "linux")'],
  [{ url: "https://example.org/x.whl" }, "x @ https://example.org/x.whl"],
  [{ path: "../x", develop: true }, "x @ file:///p/../x"],
  [{ file: "x.whl", python: "*" }, "x @ file:///p/x.whl"],
  [{ git: "https://example.org/x.git" }, "x @ git+https://example.org/x.git"],
  [
    { git: "git@example.org:team/x.git", tag: "v1", subdirectory: "lib", extras: ["a"], python: ">3" },
    'x[a] @ git+ssh://git@example.org/team/x.git@v1#subdirectory=lib ; python_version > "3"',
  ],
  [{ git: "ssh://git@example.org:22/x.git", rev: "abc" }, "x @ git+ssh://git@example.org:22/x.git@abc"],
])("%j is %s", (value, line) => {
  expect(translate(value)).toBe(line);
});

test.each([
  [1.1, "The version of x must be text in quotes"],
  [["^1"], "The version of x must be text in quotes"],
  [{ version: 1.1 }, "x has no version"],
  [{ optional: true }, "x has no version"],
  [{ version: "^" }, '"^" is not a version constraint'],
  [{ version: "1", extras: "a" }, "The extras of x must be a list of texts"],
  [{ version: "1", python: "new" }, "The markers, python or platform of x cannot be read"],
])("%j cannot be translated", (value, complaint) => {
  expect(translate(value)).toBe(complaint);
});
