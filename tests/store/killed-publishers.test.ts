import { mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { mapConcurrently } from "../../src/files/map-concurrently.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { ObjectStore } from "../../src/model/ports/object-store.ts";
import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import type { DyingInput } from "../fixtures/store/publish-and-die.ts";
import { faultyStore, type Moment } from "./support/faulty-store.ts";
import { samplePublication, testClock, testStore } from "./support/sample-publication.ts";
import { bundleProgram, programEnd, runProgram, startProgram } from "./support/store-program.ts";

const work = { signal: new AbortController().signal, onProgress: () => undefined };
const MOMENTS: readonly Moment[] = ["before", "after"];

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mw-killed-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What must hold after any end of a publication of `content`, however it came. */
async function expectWhole(objects: ObjectStore, content: string): Promise<void> {
  const store = testStore(objects, testClock("2030-01-01T00:00:00.000Z"));
  const target = await mkdtemp(join(scratch, "fetched-"));
  const readEverything = async () => {
    const versions = await store.versions("churn");
    for (const { version, legacy, fault } of versions) {
      expect({ legacy, fault }).toEqual({ legacy: false, fault: null });
      const resolved = await store.resolve({ name: "churn", selector: version });
      const folder = await mkdtemp(join(target, "version-"));
      await store.fetch({
        version: resolved,
        manifest: await store.readManifest(resolved),
        targetFolder: folder,
        ...work,
      });
    }
    return versions.length;
  };

  // Readers see nothing or a whole version.
  const seen = await readEverything();
  expect(seen).toBeLessThanOrEqual(1);
  // The same thing can be published: it is found, or made.
  const { created } = await store.publish(samplePublication({ content }));
  expect(created).toBe(seen === 0);
  // The collector leaves the version and nothing else.
  await store.collect({ olderThanMs: 0, dryRun: false });
  expect(await readEverything()).toBe(1);
  expect(await objects.listFolders("models/churn/versions/")).toHaveLength(1);
}

test("a store that fails at any one call, before or after its effect, leaves a whole version or none", async () => {
  let calls = 0;
  const counting = faultyStore(memoryObjectStore(), ({ number }) => {
    calls = number;
  });
  await testStore(counting).publish(samplePublication());
  expect(calls).toBeGreaterThan(10);
  for (let at = 1; at <= calls; at++) {
    for (const moment of MOMENTS) {
      const objects = memoryObjectStore();
      const failing = faultyStore(objects, ({ number }, now) => {
        // From here on the store is gone, for the cleaning up too.
        if (number > at || (number === at && now === moment)) throw new Error("connection lost");
      });
      await expect(testStore(failing).publish(samplePublication({ content: String(at) }))).rejects.toThrow(
        "connection lost",
      );
      await expectWhole(objects, String(at)).catch((error: unknown) => {
        throw new Error(`after a failure ${moment} call ${String(at)}`, { cause: error });
      });
    }
  }
});

test("a process that is killed at any one call, before or after its effect, leaves a whole version or none", async () => {
  const program = await bundleProgram("publish-and-die", scratch);
  const input = (at: number, moment: Moment): DyingInput => {
    const name = `${String(at)}-${moment}`;
    return { root: join(scratch, `killed-${name}`), at, moment, content: name };
  };
  const calls = Number((await runProgram(program, input(0, "before"))).stdout);
  expect(calls).toBeGreaterThan(10);
  const cases = Array.from({ length: calls }, (_, index) => MOMENTS.map((moment) => input(index + 1, moment))).flat();
  await mapConcurrently(cases, 4, async (one) => {
    const { exitSignal, stderr } = await runProgram(program, one);
    expect({ exitSignal, stderr }).toEqual({ exitSignal: "SIGKILL", stderr: "" });
    await expectWhole(localObjectStore(one.root), one.content).catch((error: unknown) => {
      throw new Error(`killed ${one.moment} call ${String(one.at)}`, { cause: error });
    });
  });
});

test("a process that is killed while it writes a large file leaves a temporary, which is swept", async () => {
  const program = await bundleProgram("publish-large-file", scratch);
  const [root, file] = [join(scratch, "large-store"), join(scratch, "large.bin")];
  const handle = await open(file, "w");
  await handle.truncate(256 * 1024 ** 2);
  await handle.close();
  const temporaries = join(root, ".temporary");
  const child = startProgram(program, { root, file });
  const isWriting = async () => {
    const sizes = await Promise.all(
      (await readdir(temporaries)).map(async (name) => (await stat(join(temporaries, name))).size),
    );
    expect(sizes.some((size) => size > 1024 ** 2)).toBe(true);
  };
  await vi.waitFor(isWriting, { timeout: 60_000, interval: 10 });
  child.kill("SIGKILL");
  await programEnd(child);

  const store = testStore(localObjectStore(root), systemClock);
  expect(await store.models()).toEqual([]);
  expect(await readdir(temporaries)).toHaveLength(1);
  expect(await store.collect({ olderThanMs: 3_600_000, dryRun: false })).toMatchObject({ sweptTemporaries: 0 });
  expect(await store.collect({ olderThanMs: 0, dryRun: false })).toMatchObject({ sweptTemporaries: 1 });
  expect(await readdir(temporaries)).toEqual([]);
});
