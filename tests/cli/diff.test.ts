import { expect, test } from "vitest";

import { configOf, SCALING_MODEL, scalingProject } from "./support/scaling-project.ts";

test("two runs, and a run and a version, are told apart in words, with files that are in no commit", async () => {
  const project = await scalingProject();
  const asOf = (time: string) =>
    project.write(
      `${SCALING_MODEL}/.cli/datasets/train.json`,
      JSON.stringify({ train: "data/train.csv", sql: "SELECT x, y FROM t", asOf: time }),
    );
  await asOf("2026-01-01");
  const first = await project.train();
  await project.succeeds(["publish", "scaling", "--version-label", "v1"]);
  await project.write(`${SCALING_MODEL}/config.json`, configOf({ factor: 3 }));
  await project.write(`${SCALING_MODEL}/model_modules/more.ts`, "export const more = 1;\n");
  await project.write(
    `${SCALING_MODEL}/signature.json`,
    JSON.stringify({ columns: [{ name: "x", type: "integer" }], outputs: [{ name: "y", kind: "value" }] }),
  );
  await asOf("2026-02-01");
  await project.write("data/train.csv", "x,y\n3,3\n1,1\n2,2\n");
  const second = await project.train("--seed", "7");
  for (const one of [first, "scaling@v1"]) {
    const { exitCode, stdout } = await project.run(["diff", one, second]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`→ run ${second}`);
    expect(stdout).toContain("config.json was changed\n    model_modules/more.ts was added");
    expect(stdout).toContain("parameters: hyperParameters.factor: 2 → 3 (+1)");
    expect(stdout).toContain("seed: 42 → 7");
    expect(stdout).toContain("signature: column x, type: float → integer");
    expect(stdout).toMatch(/train\.csv has the same rows, written otherwise or in another order\n/);
    expect(stdout).toContain("the query /sql is as of 2026-01-01 → 2026-02-01");
    expect(stdout).toContain("the same: environment, machine, metrics");
  }
  expect(await project.succeeds(["diff", "scaling@v1", first])).toMatchObject({ equal: true });
});

test("runs without stored code are compared in the rest; what there is not is an error", async () => {
  const project = await scalingProject();
  const run = await project.train();
  await project.rewriteRun(run, { code: undefined });
  expect(await project.succeeds(["diff", run, run])).toMatchObject({
    equal: true,
    differences: { code: { state: "same" }, signature: { state: "unknown" }, parameters: { state: "same" } },
  });
  await project.fails(["diff", run, "20010101-000000-000000"], "RUN_NOT_FOUND");
  await project.fails(["diff", run, "scaling@v1"], "MODEL_NOT_FOUND");
  await project.fails(["diff", run, "a@b@c"], "REFERENCE_INVALID");
});
