import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { silentLog } from "../kernel/log.ts";
import { cutIfTooLong } from "./bounded-log.ts";
import { readTail } from "./read-tail.ts";

test("a log over its limit is emptied, and its end kept beside it", async () => {
  const path = join(await testFolder({ "worker.log": `${"x".repeat(1_000)}the end` }), "worker.log");
  await cutIfTooLong({ path, limitBytes: 100, log: silentLog });
  expect((await stat(path)).size).toBe(0);
  expect(await readFile(`${path}.1`, "utf8")).toBe(`${"x".repeat(18)}the end`);
  await appendFile(path, "more");
  await cutIfTooLong({ path, limitBytes: 100, log: silentLog });
  expect(await readFile(path, "utf8")).toBe("more");
});

test("a log that does not exist yet is within its limit", async () => {
  await cutIfTooLong({ path: join(await testFolder(), "absent"), limitBytes: 1, log: silentLog });
});

test("the tail of a file is its last bytes, of an absent one nothing", async () => {
  const folder = await testFolder({ log: "0123456789" });
  expect((await readTail(join(folder, "log"), 4)).toString()).toBe("6789");
  expect((await readTail(join(folder, "log"), 40)).toString()).toBe("0123456789");
  expect((await readTail(join(folder, "absent"), 4)).length).toBe(0);
});
