import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import type { ResolvedVersion } from "../../src/store/model-store.ts";
import { localObjectStore } from "../../src/storage/local-object-store.ts";
import type { ManyInput, ManyOutput } from "../fixtures/store/publish-many.ts";
import { testStore } from "./support/sample-publication.ts";
import { bundleProgram, programEnd, startProgram } from "./support/store-program.ts";

const PUBLISHERS = 8;
const VERSIONS = 200;

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mw-many-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test("eight processes that want the same 200 labels: one winner each, nothing torn, and readers see only whole versions", async () => {
  const program = await bundleProgram("publish-many", scratch);
  const root = join(scratch, "store");
  const objects = localObjectStore(root);
  const store = testStore(objects);
  const labels = Array.from({ length: VERSIONS }, (_, index) => `v${String(index)}`);

  /** Who published a version, after every byte of it was checked. */
  const publisherOf = async (version: ResolvedVersion): Promise<string> => {
    const { files } = await store.readManifest(version);
    const contents = await Promise.all(files.map((entry) => store.readFile(version, entry)));
    return Buffer.from(contents[files.findIndex(({ path }) => path === "publisher.txt")] ?? []).toString();
  };

  const children = Array.from({ length: PUBLISHERS }, (_, index) => {
    const input: ManyInput = { root, publisher: `publisher-${String(index)}`, labels };
    return startProgram(program, input);
  });
  onTestFinished(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  await Promise.all(children.map((child) => once(child.stdout, "readable")));
  const running = new Set(children);
  const ends = Promise.all(children.map((child) => programEnd(child).finally(() => running.delete(child))));
  for (const child of children) child.stdin.write("go\n");

  let reads = 0;
  while (running.size > 0) {
    const seen = (await store.versions("churn")).at(0);
    if (seen === undefined) continue;
    expect(await publisherOf(await store.resolve({ name: "churn", selector: seen.version }))).toMatch(/^publisher-\d$/);
    reads++;
  }
  expect(reads).toBeGreaterThan(0);

  const results = await ends;
  const outputs = results.map(({ exitCode, stdout, stderr }) => {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout.replace("ready\n", "")) as ManyOutput;
  });
  for (const { codes } of outputs)
    for (const code of codes) expect(["VERSION_CLAIMED", "VERSION_EXISTS"]).toContain(code);
  expect(outputs.flatMap(({ won }) => won).sort()).toEqual([...labels].sort());
  for (const [index, { won }] of outputs.entries()) {
    for (const selector of won) {
      const publisher = await publisherOf(await store.resolve({ name: "churn", selector }));
      expect(publisher).toBe(`publisher-${String(index)}`);
    }
  }
  expect(await store.versions("churn")).toHaveLength(VERSIONS);
  expect(await store.collect({ olderThanMs: 0, dryRun: false })).toMatchObject({ abandoned: [], deletedFiles: 0 });
});
