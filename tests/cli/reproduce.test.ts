import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { photograph } from "./support/checkout.ts";
import { configOf, SCALING_MODEL, scalingProject } from "./support/scaling-project.ts";

const CONFIG = `${SCALING_MODEL}/config.json`;
const DATA = "data/train.csv";

test("a run of a changed checkout is reproduced after the code has moved on, and the checkout is left alone", async () => {
  const project = await scalingProject();
  await project.write(CONFIG, configOf({ factor: 3 }));
  const run = await project.train("--seed", "7");
  await project.write(CONFIG, configOf({ factor: 4 }));
  await rm(join(project.folder, SCALING_MODEL, "model_modules"), { recursive: true });
  const before = await photograph(project.folder);
  const reproduced = await project.succeeds(["reproduce", run]);
  expect(await photograph(project.folder)).toEqual(before);
  expect(reproduced).toMatchObject({
    reproduced: true,
    run,
    answers: { rows: { total: 3, compared: 3, different: 0 } },
    differences: {
      code: { state: "same" },
      data: { state: "same" },
      seeds: { state: "same" },
      artifacts: { state: "same" },
    },
  });
  const { repeatedBy } = reproduced as { readonly repeatedBy: string };
  expect(await project.succeeds(["runs", "show", repeatedBy])).toMatchObject({
    run: { status: "succeeded", parameters: { hyperParameters: { factor: 3 } }, seeds: { seed: 7 } },
  });
});

test("outside of git the copies are trained; what is published next is still what was trained in the folder", async () => {
  const project = await scalingProject({ isInGit: false });
  const run = await project.train();
  await project.write(CONFIG, configOf({ factor: 9 }));
  expect(await project.succeeds(["reproduce", run])).toMatchObject({ reproduced: true });
  await project.succeeds(["publish", "scaling"]);
  expect(await project.succeeds(["versions", "scaling"])).toMatchObject({ versions: [{ run }] });
});

test("data that was put into another order is told from data that was changed", async () => {
  const project = await scalingProject();
  const run = await project.train();
  await project.write(DATA, "x,y\n3,3\n2,2\n1,1\n");
  const reordered = await project.run(["reproduce", run]);
  expect(reordered.exitCode).toBe(8);
  expect(reordered.stdout).toContain(`Run ${run} is NOT reproduced`);
  expect(reordered.stdout).toContain("other answers to 3 of 3 rows");
  expect(reordered.stdout).toContain("row 0 of the examples: 3.014 by the run, 3.01 by its repetition");
  expect(reordered.stdout).toMatch(/data: \S+train\.csv has the same rows, written otherwise or in another order/);
  await project.write(DATA, "x,y\n1,1\n2,2\n3,3\n4,4\n");
  const changed = await project.run(["reproduce", run]);
  expect(changed.exitCode).toBe(8);
  expect(changed.stdout).toMatch(/data: \S+train\.csv was changed \(3 → 4 rows\)/);
});

test("a training that is not deterministic is told so, with exit code 8", async () => {
  const project = await scalingProject();
  await project.write(CONFIG, configOf({ noise: 1 }));
  const run = await project.train();
  const { exitCode, stdout } = await project.run(["reproduce", run]);
  expect(exitCode).toBe(8);
  expect(stdout).toContain("the training is not deterministic");
  expect(stdout).toContain("model.json has other bytes");
});

test("without rows to ask the artifacts' bytes decide", async () => {
  const project = await scalingProject();
  await rm(join(project.folder, SCALING_MODEL, "samples"), { recursive: true });
  expect(await project.succeeds(["reproduce", await project.train()])).toMatchObject({
    reproduced: true,
    answers: null,
  });
});

test("runs that cannot be reproduced are told why", async () => {
  const project = await scalingProject();
  const run = await project.train();
  await project.fails(["reproduce", "20010101-000000-000000"], "RUN_NOT_FOUND");
  await rename(join(project.folder, DATA), join(project.folder, "data/away.csv"));
  expect(await project.fails(["reproduce", run], "FILE_NOT_FOUND")).toContain("data that is gone");
  await rename(join(project.folder, "data/away.csv"), join(project.folder, DATA));
  await rename(join(project.folder, ".git"), join(project.folder, "git"));
  expect(await project.fails(["reproduce", run], "RUN_CODE_MISSING")).toContain("no git repository any more");
  await rename(join(project.folder, "git"), join(project.folder, ".git"));
  const artifact = join(project.home, "runs", run, "work/models/model.json");
  await writeFile(artifact, "{}");
  await project.fails(["reproduce", run], "FILE_CHANGED");
  await rm(artifact);
  expect(await project.fails(["reproduce", run], "FILE_NOT_FOUND")).toContain("model.json");
  await project.rewriteRun(run, {
    definition: { id: "s", name: "s", language: "R", folder: project.folder, digest: "0" },
  });
  await project.fails(["reproduce", run], "LANGUAGE_UNSUPPORTED");
  await project.rewriteRun(run, { status: "failed" });
  await project.fails(["reproduce", run], "RUN_UNFIT");
});

test("a run without stored code, and one whose bundle or copies are gone, is told so", async () => {
  const project = await scalingProject();
  await project.write(CONFIG, configOf({ factor: 3 }));
  const run = await project.train();
  await rm(join(project.home, "code"), { recursive: true });
  expect(await project.fails(["reproduce", run], "RUN_CODE_MISSING")).toContain(".bundle is gone");
  await project.rewriteRun(run, { code: undefined });
  expect(await project.fails(["reproduce", run], "RUN_CODE_MISSING")).toContain("before modelwright kept code");
});
