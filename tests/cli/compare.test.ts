import { expect, test } from "vitest";

import { configOf, SCALING_MODEL, scalingProject } from "./support/scaling-project.ts";

test("a version is compared with runs, definitions and versions on the rows that it stores", async () => {
  const project = await scalingProject();
  const first = await project.train();
  await project.succeeds(["publish", "scaling", "--version-label", "v1", "--alias", "champion"]);
  for (const candidate of [first, "scaling", SCALING_MODEL, "scaling@v1", "latest"]) {
    expect(await project.succeeds(["compare", "scaling@champion", candidate]), candidate).toMatchObject({
      equal: true,
      reference: { label: "scaling@v1", kind: "version" },
      rows: { total: 3, compared: 3, refused: 0, different: 0 },
      sets: ["the examples"],
    });
  }
});

test("answers that differ fail with exit code 8, and name row, both values and both models", async () => {
  const project = await scalingProject();
  await project.train();
  await project.succeeds(["publish", "scaling", "--version-label", "v1"]);
  await project.write(`${SCALING_MODEL}/config.json`, configOf({ factor: 2.08 }));
  const second = await project.train();
  expect(await project.succeeds(["compare", "scaling@v1", second])).toMatchObject({ equal: true, tolerance: 0.05 });
  const { exitCode, stdout } = await project.run(["compare", "scaling@v1", second, "--tolerance", "0.01"]);
  expect(exitCode).toBe(8);
  expect(stdout).toContain(`scaling@v1 and run ${second} differ in 3 of 3 rows (numbers may lie 1 % apart`);
  expect(stdout).toContain(`row 1 of the examples: 5.014 by scaling@v1, 5.214 by run ${second}`);
});

test("rows may come from a file; those that both refuse are told, and all of them show nothing", async () => {
  const project = await scalingProject();
  await project.train();
  await project.succeeds(["publish", "scaling", "--version-label", "v1"]);
  await project.write("rows.json", JSON.stringify([{ x: 1 }, { x: "many" }]));
  expect(await project.succeeds(["compare", "scaling@v1", "scaling", "--rows", "rows.json"])).toMatchObject({
    rows: { total: 2, compared: 1, refused: 1 },
  });
  await project.write("rows.json", JSON.stringify([{ x: "many" }, {}]));
  const message = await project.fails(["compare", "scaling@v1", "scaling", "--rows", "rows.json"], "SCHEMA_MISMATCH");
  expect(message).toContain("Both models refuse every row");
  await project.fails(["compare", "scaling@v1", "scaling", "--rows", "gone.json"], "FILE_NOT_FOUND");
  await project.write("none.csv", "x\n");
  const nothing = await project.fails(["compare", "scaling@v1", "scaling", "--rows", "none.csv"], "DATA_MALFORMED");
  expect(nothing).toMatch(/There are no rows in .*none\.csv, so there is nothing to compare\./);
});

test("what cannot be compared is told", async () => {
  const project = await scalingProject();
  await project.fails(["compare", "scaling@v1", "scaling"], "MODEL_NOT_FOUND");
  const run = await project.train();
  await project.succeeds(["publish", "scaling", "--version-label", "v1"]);
  await project.fails(["compare", "scaling@v1", "20010101-000000-000000"], "RUN_NOT_FOUND");
  await project.fails(["compare", "scaling@v1", "nobody"], "MODEL_NOT_FOUND");
  await project.fails(["compare", "scaling@v1", "scaling", "--tolerance", "2"], "USAGE");
  await project.write(`../${project.home.split("/").at(-1) ?? ""}/runs/${run}/work/models/model.json`, "{}");
  expect(await project.fails(["compare", "scaling@v1", run], "FILE_CHANGED")).toContain(run);
});
