import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

import { localObjectStore } from "../../src/storage/local-object-store.ts";
import type { FullDiskAttempt } from "../fixtures/store/publish-on-full-disk.ts";
import type { ReadOnlyOutput } from "../fixtures/store/use-read-only-store.ts";
import { samplePublication, testStore } from "./support/sample-publication.ts";
import { bundleProgram } from "./support/store-program.ts";

const run = promisify(execFile);

let scratch: string;
let folder: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mw-unwritable-"));
  folder = join(scratch, "mounted");
  await mkdir(folder);
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

/**
 * Runs a program in a mount namespace of its own, after `mounting`: root writes through any permission, and what is
 * mounted there goes with the process, however the test ends.
 */
async function runMounted(mounting: string, program: string): Promise<unknown> {
  const isRoot = process.getuid?.() === 0;
  const namespace = isRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const script = `${mounting} && exec "$2" "$3" "$4"`;
  const input = JSON.stringify({ folder });
  try {
    const { stdout } = await run("unshare", [
      ...namespace,
      "sh",
      "-c",
      script,
      "sh",
      folder,
      process.execPath,
      program,
      input,
    ]);
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(
      "This test mounts file systems: it needs Linux, unshare (util-linux), and root or user namespaces.",
      { cause },
    );
  }
}

test("on a full disk a publication fails wherever the space ends, says so, and leaves nothing", async () => {
  const program = await bundleProgram("publish-on-full-disk", scratch);
  const attempts = (await runMounted('mount -t tmpfs -o size=512k tmpfs "$1"', program)) as FullDiskAttempt[];
  const failed = attempts.slice(0, -1);
  expect(attempts.at(-1)?.outcome).toBe("created");
  // The space ended at different calls, not at one.
  expect(failed.length).toBeGreaterThan(5);
  for (const { outcome, leftKeys, temporaries } of failed) {
    expect(outcome).toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringMatching(/models\/churn\/.* the disk or quota is full/) as string,
      hint: expect.stringContaining("Free some space") as string,
    });
    expect({ leftKeys, temporaries }).toEqual({ leftKeys: [], temporaries: [] });
  }
});

test("a store on a read-only file system is read, and every write says why it cannot be", async () => {
  const root = join(folder, "store");
  await testStore(localObjectStore(root)).publish(samplePublication({ label: "v1" }));
  const program = await bundleProgram("use-read-only-store", scratch);
  const output = (await runMounted(
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"',
    program,
  )) as ReadOnlyOutput;
  expect(output.versions).toEqual(["v1"]);
  expect(output.failures).toHaveLength(3);
  for (const { code, message, hint } of output.failures) {
    expect(code).toBe("STORE_UNAVAILABLE");
    expect(message).toContain("the file system is read-only");
    expect(hint).toContain("--store");
  }
  expect(await readdir(folder)).toEqual(["store"]);
  expect(await readdir(join(root, ".temporary"))).toEqual([]);
});
