import { expect, test } from "vitest";

import type { Interpreter } from "../interpreter/interpreter.ts";
import { lockHeader, parseLock } from "./lock.ts";

const interpreter: Interpreter = {
  ...{ implementation: "CPython", version: "3.11.7", platform: "linux-x86_64", machine: "x86_64" },
  ...{ abi: "cpython-311-x86_64-linux-gnu", executable: "/bin/python", baseExecutable: "/bin/python" },
};

test("a lock fits interpreters of one minor version and platform, wherever they are", () => {
  const header = lockHeader(interpreter);
  expect(header).toBe("# modelwright lock 1: CPython 3.11 linux-x86_64 x86_64 cpython-311-x86_64-linux-gnu\n");
  expect(lockHeader({ ...interpreter, version: "3.11.9", executable: "/opt/python" })).toBe(header);
  expect(lockHeader({ ...interpreter, version: "3.12.1" })).not.toBe(header);
  expect(lockHeader({ ...interpreter, abi: "cpython-311-x86_64-linux-musl" })).not.toBe(header);
});

test("a lock tells its packages, those from an address too", () => {
  const lines = [
    "b==2.0+cpu --hash=sha256:0a",
    "a @ file:///wheels/a-1.0-py3-none-any.whl --hash=sha256:0b --hash=sha512:0c # a==1.0",
  ];
  const lock = parseLock(`${lockHeader(interpreter)}${lines.join("\r\n")}\r\n`, "The lock");
  expect(lock).toMatchObject({ lines, packages: ["a==1.0", "b==2.0+cpu"] });
  expect(parseLock(lines.join("\n"), "The lock").digest).toBe(lock.digest);
});

test.each([
  "a==1.0",
  "a>=1.0 --hash=sha256:00",
  "a==1.0 --hash=sha1:00",
  "--extra-index-url https://example.org",
  "a==1.0 --hash=sha256:00 --global-option=x",
  "/wheels/a.whl --hash=sha256:00",
])("%s is no line of a lock", (line) => {
  expect(() => parseLock(line, "The lock")).toThrow(expect.objectContaining({ code: "ENVIRONMENT_FAILED" }) as Error);
});
