import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { buildProgram } from "../../tests/process/support/build-program.ts";
import { testFolder } from "../../tests/process/support/test-folder.ts";
import { writeFileAtomically, writeFileAtomicallyNow } from "./write-file-atomically.ts";

type Write = (path: string, data: string) => Promise<void>;
const now: Write = (path, data) => Promise.resolve().then(() => writeFileAtomicallyNow(path, data));
const WRITERS: readonly (readonly [string, Write])[] = [
  ["in its time", writeFileAtomically],
  ["at once", now],
];

test.each(WRITERS)("a file is written and replaced whole, with nothing beside it (%s)", async (_, write) => {
  const folder = await testFolder({ "state.json": "old" });
  await write(join(folder, "state.json"), "new");
  expect(await readFile(join(folder, "state.json"), "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test.each(WRITERS)("a failed write leaves the old content and no temporary file (%s)", async (_, write) => {
  const folder = await testFolder();
  await mkdir(join(folder, "taken/inner"), { recursive: true });
  await expect(write(join(folder, "taken"), "x")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("readers never see a part while a file is written again and again", async () => {
  const path = join(await testFolder({ "state.json": "a".repeat(100_000) }), "state.json");
  const contents = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
  const writes = Promise.all(contents.map((content) => writeFileAtomically(path, content)));
  for (let reads = 0; reads < 30; reads++) expect(contents).toContain(await readFile(path, "utf8"));
  await writes;
});

test("a name as long as names may be can be written", async () => {
  const path = join(await testFolder(), "n".repeat(255));
  await writeFileAtomically(path, "x");
  expect(await readFile(path, "utf8")).toBe("x");
});

test("a process that exits in the middle of writing leaves nothing of it", async () => {
  const folder = await testFolder();
  const program = await buildProgram(`
    import { readdirSync } from "node:fs";
    import { writeFileAtomically } from "src/files/write-file-atomically.ts";
    void writeFileAtomically(${JSON.stringify(join(folder, "large"))}, Buffer.alloc(100_000_000));
    const look = () => (readdirSync(${JSON.stringify(folder)}).length > 0 ? process.exit(3) : setImmediate(look));
    look();
  `);
  const { status } = spawnSync(process.execPath, [program]);
  expect({ status, left: await readdir(folder) }).toEqual({ status: 3, left: [] });
});
