import { copyFile, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { listLeftOut, listWorkFiles } from "../../src/runs/outcome/list-work-files.ts";
import { isMetricsFile } from "../../src/runs/outcome/produced-files.ts";
import { readArtifacts, readMetrics } from "../../src/runs/outcome/read-outcome.ts";

let root: string;
let work: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mw-outcome-"));
  work = join(root, "work");
  for (const folder of ["models", "artifacts/input", "artifacts/output"])
    await mkdir(join(work, folder), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(work, path)), { recursive: true });
  await writeFile(join(work, path), text);
}

test("artifacts are what appeared or was written again in the two folders, metrics files among them", async () => {
  await write("models/old.bin", "old");
  await write("models/again.bin", "same");
  const before = await listWorkFiles(work);
  await write("models/again.bin", "same");
  await write("models/net/weights.bin", "w");
  await write("artifacts/output/metrics.json", "{}");
  await write("artifacts/input/other", "no");
  await write("elsewhere", "no");
  const artifacts = await readArtifacts(work, before);
  expect(artifacts).toEqual([
    { folder: "models", name: "again.bin", sizeBytes: 4, sha256: sha256("same") },
    { folder: "models", name: "net/weights.bin", sizeBytes: 1, sha256: sha256("w") },
    { folder: "artifacts/output", name: "metrics.json", sizeBytes: 2, sha256: sha256("{}") },
  ]);
  expect(artifacts.filter((artifact) => !isMetricsFile(artifact))).toHaveLength(2);
});

test("a file that was replaced with its old time is written again all the same", async () => {
  await write("models/a", "1");
  await utimes(join(work, "models/a"), 1000, 1000);
  const before = await listWorkFiles(work);
  await copyFile(join(work, "models/a"), join(work, "b"));
  await utimes(join(work, "b"), 1000, 1000);
  await rename(join(work, "b"), join(work, "models/a"));
  expect(await readArtifacts(work, before)).toHaveLength(1);
});

test("links out of the work folder are no artifacts, links within are", async () => {
  await writeFile(join(root, "secret"), "s");
  await write("models/real", "r");
  await symlink(join(root, "secret"), join(work, "models/out"));
  await symlink("real", join(work, "models/latest"));
  await symlink("nowhere", join(work, "models/broken"));
  await symlink(".", join(work, "models/loop"));
  expect((await readArtifacts(work, [])).map(({ name }) => name)).toEqual(["latest", "real"]);
});

test("a link to a folder of the work folder counts as the files in it; what else is left out is told with the reason", async () => {
  await write("models/v2/weights.bin", "w");
  await symlink("v2", join(work, "models/current"));
  await symlink("..", join(work, "models/v2/again"));
  await symlink(root, join(work, "models/out"));
  await symlink("nowhere", join(work, "models/broken"));
  await writeFile(Buffer.concat([Buffer.from(join(work, "models/")), Buffer.from([0xff])]), "x");
  const artifacts = await readArtifacts(work, []);
  expect(artifacts.map(({ name }) => name)).toEqual(["current/weights.bin", "v2/weights.bin"]);
  expect(await listLeftOut(work)).toEqual([
    "models/broken is a link to nowhere, which is not there: it was not kept.",
    "models/current/again is a link to .., round in a circle: it was not kept.",
    `models/out is a link to ${root}, outside of the working directory: links are not kept.`,
    "models/v2/again is a link to .., round in a circle: it was not kept.",
    "models/\uFFFD was not kept, for its name is not UTF-8.",
  ]);
});

test("folders that a model removed hold nothing", async () => {
  await rm(join(work, "models"), { recursive: true });
  expect(await readArtifacts(work, [])).toEqual([]);
});

test("metrics are taken from the files that this run wrote, numbers and numeric strings as given", async () => {
  await write("models/evaluation.json", '{"accuracy": 0.1}');
  const before = await listWorkFiles(work);
  await write(
    "artifacts/output/metrics.json",
    '{"accuracy": "0.93", "rows": 344, "auc": NaN, "NaN": "NaN", "table": {"a": 1}}',
  );
  await write("artifacts/output/evaluation.json", '{"accuracy": 0.94, "loss": 1e-3}');
  const { metrics, notes } = await readMetrics(work, before);
  expect(metrics).toEqual({ accuracy: "0.93", rows: 344, loss: 0.001 });
  expect(notes).toEqual([
    `Not numbers, so not recorded as metrics: auc, NaN, table (${join(work, "artifacts/output/metrics.json")}).`,
    'The metrics files disagree about accuracy: "0.93" is recorded.',
  ]);
});

test.each(["[1]", "3", "", "{", '{"a": NaN2}'])("a metrics file of %j is malformed", async (text) => {
  await write("models/evaluation.json", text);
  await expect(readMetrics(work, [])).rejects.toMatchObject({
    code: "METRICS_MALFORMED",
    message: expect.stringContaining(join(work, "models/evaluation.json")) as string,
  });
});

test("a run without metrics files has no metrics", async () => {
  expect(await readMetrics(work, [])).toEqual({ metrics: {}, notes: [] });
});
