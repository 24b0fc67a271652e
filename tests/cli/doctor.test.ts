import { cp, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

test("doctor --collect removes what killed runs had written half, but nothing of a model's own or of today", async () => {
  const home = await testFolder();
  const run = join(home, "runs/20260101-101500-3e70cd");
  const half = ["job/result.json.123.tmp", ".0123456789abcdef.tmp"];
  const kept = ["run.json", "work/.0123456789abcdef.tmp", "job/events.jsonl.tmp"];
  for (const path of [...half, ...kept]) {
    await mkdir(dirname(join(run, path)), { recursive: true });
    await writeFile(join(run, path), "{}");
    const time = Date.now() / 1_000 - 2 * DAY_S;
    await utimes(join(run, path), time, time);
  }
  await writeFile(join(run, ".fedcba9876543210.tmp"), "");
  const { json } = await runCli(["doctor", "--collect", "--json"], { cwd: home, home });
  expect(json).toMatchObject({ collected: { files: half.length } });
  const left = await readdir(run, { recursive: true });
  expect(left.sort()).toEqual([".fedcba9876543210.tmp", "job", "work", ...kept].sort());
});

const STORED = new URL("../fixtures/store/format-1", import.meta.url).pathname;

/** Changes one byte in the middle of a stored file. */
async function damage(home: string, path: string): Promise<void> {
  const file = join(home, "store", path);
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

test("doctor --verify reads every stored file, and what is damaged is named with the exit code of a failed proof", async () => {
  const home = await testFolder();
  await cp(STORED, join(home, "store"), { recursive: true });
  const stored = { cwd: home, home };
  const sound = await runCli(["doctor", "--verify"], stored);
  expect(sound).toMatchObject({ exitCode: 0 });
  expect(sound.stdout).toMatch(/^ok {4}stored versions: 2 versions with \d+ files .* as it was published\.$/m);

  await damage(home, "models/churn/versions/v1/model.txt");
  const [move = ""] = await readdir(join(home, "store/models/churn/aliases/champion"));
  await damage(home, `models/churn/aliases/champion/${move}`);
  await writeFile(join(home, "store/models/churn/claims/v9"), "{}");
  await damage(home, "models/churn/claims/v1");
  await damage(home, "models/churn/owner.json");
  expect(await runCli(["doctor"], stored)).toMatchObject({ exitCode: 0 });
  const { stdout, exitCode } = await runCli(["doctor", "--verify"], stored);
  expect(exitCode).toBe(8);
  expect(stdout).toMatch(/^FAIL {2}stored versions: churn@v1: .*versions\/v1\/model\.txt/m);
  expect(stdout).toMatch(
    /^FAIL {2}stored versions: churn@champion: .*\n.*modelwright alias set churn@<version> champion/m,
  );
  expect(stdout).toMatch(/^FAIL {2}stored versions: churn: .*models\/churn\/owner\.json is damaged/m);
  expect(stdout).toMatch(/^FAIL {2}stored versions: churn: .*models\/churn\/claims\/v1 is damaged/m);
  expect(stdout).toMatch(/^warn {2}stored versions: The claim models\/churn\/claims\/v9 is damaged/m);
  const collected = await runCli(["doctor", "--collect", "--json"], stored);
  expect(collected.json).toMatchObject({ collected: { unreadable: ["models/churn/claims/v9"] } });

  // The rest is shown all the same.
  const versions = await runCli(["versions", "churn"], stored);
  expect(versions.stdout).toMatch(/^v1 [^]*^Where churn@champion points is not known: /m);
  const aliases = await runCli(["alias", "list", "churn", "--json"], stored);
  expect(aliases.json).toMatchObject({ aliases: [], damaged: [{ alias: "champion", code: "STORE_CORRUPT" }] });
});
