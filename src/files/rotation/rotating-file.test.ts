import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { RotatingFile, type RotatingFileFields } from "./rotating-file.ts";

let folder = "";
let nowMs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mw-rotating-"));
  nowMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(fields: Partial<RotatingFileFields> = {}): RotatingFile {
  return new RotatingFile({
    ...{ path: join(folder, "logs", "server.log"), maxBytes: 100, maxAgeMs: 3_600_000, keep: 2 },
    ...{ nowMs: () => nowMs, tellLost: (count, reason) => `lost ${count}: ${reason}\n` },
    ...fields,
  });
}

const files = () => readdirSync(join(folder, "logs")).sort();
const read = (name: string) => readFileSync(join(folder, "logs", name), "utf8");
const line = (letter: string) => `${letter.repeat(59)}\n`;

test("a file that would become too large is put aside, and the oldest goes", () => {
  const file = open();
  for (const letter of ["a", "b", "c", "d"]) file.write(line(letter));
  file.close();
  expect(files()).toEqual(["server.log", "server.log.1", "server.log.2"]);
  expect([read("server.log"), read("server.log.1"), read("server.log.2")]).toEqual([line("d"), line("c"), line("b")]);
});

test("lines that come together and are too many for one file are spread over several, none divided", () => {
  const file = open();
  file.write(["a", "b", "c", "d"].map(line).join(""));
  file.close();
  expect([read("server.log"), read("server.log.1"), read("server.log.2")]).toEqual([line("d"), line("c"), line("b")]);
});

test("a file that is too old is put aside", () => {
  const file = open();
  file.write("a\n");
  nowMs += 3_700_000;
  file.write("b\n");
  file.close();
  expect([read("server.log"), read("server.log.1")]).toEqual(["b\n", "a\n"]);
});

test("none is kept where none is to be kept", () => {
  const file = open({ keep: 0 });
  for (const letter of ["a", "b"]) file.write(line(letter));
  file.close();
  expect(files()).toEqual(["server.log"]);
  expect(read("server.log")).toBe(line("b"));
});

test("two processes write into one file, and both notice when it was put aside", () => {
  const [one, other] = [open(), open()];
  one.write("a\n");
  other.write("b\n");
  expect(read("server.log")).toBe("a\nb\n");
  const long = `${"c".repeat(97)}\n`;
  one.write(long);
  other.write("e\n");
  renameSync(join(folder, "logs", "server.log"), join(folder, "logs", "taken-away"));
  one.write("f\n");
  one.close();
  other.close();
  expect(read("server.log.1")).toBe("a\nb\n");
  expect(read("taken-away")).toBe(`${long}e\n`);
  expect(read("server.log")).toBe("f\n");
});

test("what is there is gone on with after a restart", () => {
  open().write("a\n");
  open().write("b\n");
  expect(read("server.log")).toBe("a\nb\n");
});

test("a folder that goes and cannot be made loses lines, counts them, and says so when it is back", () => {
  const file = open();
  rmSync(join(folder, "logs"), { recursive: true });
  renameSync(folder, `${folder}-away`);
  // A file where the folder was: nothing can be made below it.
  const blocker = new RotatingFile({ ...BLOCKER, path: folder });
  file.write("a\nb\n");
  file.write("c\n");
  expect(file.lostLines).toBe(3);
  blocker.close();
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  file.write("d\n");
  file.close();
  expect(read("server.log")).toMatch(/^lost 3: .+\nd\n$/);
});

const BLOCKER = { maxBytes: 1, maxAgeMs: 1, keep: 0, nowMs: () => 0, tellLost: () => "" };

test("a folder that can have none inside is refused at once", () => {
  expect(() => open({ path: "/proc/none/logs/server.log" })).toThrow("ENOENT");
});
