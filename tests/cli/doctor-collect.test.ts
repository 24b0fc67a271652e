import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";

const DAY_S = 24 * 3_600;

/** More than any process id. */
const NOBODY = 2 ** 30;

test("doctor --collect removes old logs of models, but neither new ones nor those of a server that runs", async () => {
  const home = await testFolder();
  const logs = join(home, "logs");
  await mkdir(logs);
  const ages = {
    [`old-20260101T000000-${NOBODY}.log`]: 31,
    [`new-20260101T000000-${NOBODY}.log`]: 29,
    [`served-20260101T000000-${process.pid}.log`]: 400,
    "notes.txt": 400,
  };
  for (const [name, days] of Object.entries(ages)) {
    await writeFile(join(logs, name), "printed");
    const time = Date.now() / 1_000 - days * DAY_S;
    await utimes(join(logs, name), time, time);
  }
  const { json } = await runCli(["doctor", "--collect", "--json"], { cwd: home, home });
  expect(json).toMatchObject({ collected: { logs: 1 } });
  const [old, ...kept] = Object.keys(ages);
  expect(old).toBeDefined();
  expect((await readdir(logs)).sort()).toEqual(kept.sort());
});
