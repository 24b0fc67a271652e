import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { MODEL, serveMoving, shareMovingModels } from "./support/moving-models.ts";

const moving = shareMovingModels([1, 2]);

test("a server that answers as recorded passes, row by row", async () => {
  const { stage } = await moving.stage();
  const { url } = await serveMoving(stage);
  const { exitCode, stdout } = await stage.run(["test-endpoint", `${MODEL}@champion`, "--url", url]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/0 +equal +1\n1 +equal +5\n2 of 2 rows of moving@v1 are as they should be/);
});

test("a server that serves another version than the alias means is told", async () => {
  const { stage, store } = await moving.stage();
  const { url } = await serveMoving(stage, ["--no-follow"]);
  await store.setAlias(MODEL, "champion", "v2");
  const { exitCode, stderr } = await stage.run(["test-endpoint", `${MODEL}@champion`, "--url", url]);
  expect(exitCode).toBe(8);
  expect(stderr).toContain("The server serves moving@v1, but moving@champion is v2");
  expect((await stage.run(["test-endpoint", MODEL, "--url", url])).exitCode).toBe(0);
});

test("rows of a file are asked, and any answer will do", async () => {
  const { stage } = await moving.stage();
  const { url } = await serveMoving(stage);
  const file = join(stage.home, "rows.json");
  await writeFile(file, '[{"x": 7}]');
  const asked = ["test-endpoint", MODEL, "--url", url, "--rows", file, "--json"];
  expect((await stage.run(asked)).json).toMatchObject({
    passed: true,
    rows: [{ row: 0, verdict: "answered", actual: 7, expected: null }],
  });
});

test("a server that is not there ends with 9, a model that it does not serve with 4", async () => {
  const { stage } = await moving.stage();
  expect((await stage.run(["test-endpoint", MODEL, "--url", "http://127.0.0.1:1"])).exitCode).toBe(9);
  const { url } = await serveMoving(stage);
  expect((await stage.run(["test-endpoint", "nobody", "--url", url])).exitCode).toBe(4);
});
