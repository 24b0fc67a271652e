import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { serveWith, startPredictionServer } from "../support/prediction-server.ts";
import { MODEL, serveMoving, shareMovingModels } from "./support/moving-models.ts";

const moving = shareMovingModels([1, 2]);

test("a server that answers as recorded passes, row by row", async () => {
  const { stage } = await moving.stage();
  const { url } = await serveMoving(stage);
  const { exitCode, stdout } = await stage.run(["test-endpoint", `${MODEL}@champion`, "--url", url]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/0 +equal +1\n1 +equal +5\n2 of 2 rows of moving@v1 are as they should be/);
});

test("a server that serves another version than an alias or a label means is told", async () => {
  const { stage, store } = await moving.stage();
  const { url } = await serveMoving(stage, ["--no-follow"]);
  await store.setAlias(MODEL, "champion", "v2");
  const { exitCode, stderr } = await stage.run(["test-endpoint", `${MODEL}@champion`, "--url", url]);
  expect(exitCode).toBe(8);
  expect(stderr).toContain("The server serves moving@v1, but moving@champion is v2");
  const exact = await stage.run(["test-endpoint", `${MODEL}@v2`, "--url", url]);
  expect(exact.exitCode).toBe(8);
  expect(exact.stderr).toContain("The server serves moving@v1, not moving@v2.");
  expect(exact.stderr).toMatch(/→ Serve that version \(modelwright serve moving@v2\)/);
  expect(exact.stderr).not.toContain("alias");
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

test("an endpoint is tested by the address of its server, or of the model with or without /predict", async () => {
  const { stage } = await moving.stage();
  const { url } = await serveMoving(stage);
  for (const address of [url, `${url}/`, `${url}/v1/${MODEL}`, `${url}/v1/${MODEL}/predict`]) {
    const { json, exitCode } = await stage.run(["test-endpoint", address, "--json"]);
    expect({ exitCode, json }, address).toMatchObject({
      exitCode: 0,
      json: { model: MODEL, passed: true, rowsFrom: "what was recorded when it was published", rows: [{}, {}] },
    });
  }
  const twice = await stage.run(["test-endpoint", url, "--url", url]);
  expect(twice).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("said twice") as string });
});

test("where nothing was recorded the definition's samples are asked, else test/test_instances.json", async () => {
  const { stage } = await moving.stage();
  const folder = `model_definitions/${MODEL}`;
  const server = await stage.start(["serve", folder, "--port", "0"]);
  const [, url = ""] = await server.printed(/Serving on (\S+)/);
  for (const args of [[folder, "--url", url], [MODEL, "--url", url], [`${url}/v1/${MODEL}`]]) {
    const { json } = await stage.run(["test-endpoint", ...args, "--json"]);
    expect(json, args.join(" ")).toMatchObject({
      rowsFrom: `the examples of ${join(moving.project(), folder)}`,
      rows: [{ verdict: "answered", actual: 2 }, { verdict: "answered" }],
    });
  }
  const elsewhere = await testFolder({ "test/test_instances.json": '{"payload": {"instances": [{"x": 4}]}}' });
  const asked = await runCli(["test-endpoint", url, "--json"], { cwd: elsewhere, home: stage.state });
  expect(asked.json).toMatchObject({
    rowsFrom: join(elsewhere, "test/test_instances.json"),
    rows: [{ verdict: "answered", actual: 8 }],
  });
  await writeFile(join(elsewhere, "test/test_instances.json"), '{"payload": 3}');
  const broken = await runCli(["test-endpoint", url], { cwd: elsewhere, home: stage.state });
  expect(broken).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("holds no rows") as string });
  const nothing = await runCli(["test-endpoint", url], { cwd: await testFolder(), home: stage.state });
  expect(nothing).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining("There are no rows to test") as string,
  });
});

test("a server of several models asks which one is meant", async () => {
  const server = await startPredictionServer();
  onTestFinished(() => server.stop());
  await server.host.put("fraud", serveWith(server.engine, "fraud"));
  const { exitCode, stderr } = await runCli(["test-endpoint", server.url], { cwd: await testFolder() });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/serves 2 models: churn, fraud\.\n.*Say which: http:.*\/v1\/churn/);
});

test("a server that is not there ends with 9, a model that it does not serve with 4", async () => {
  const { stage } = await moving.stage();
  expect((await stage.run(["test-endpoint", MODEL, "--url", "http://127.0.0.1:1"])).exitCode).toBe(9);
  const { url } = await serveMoving(stage);
  expect((await stage.run(["test-endpoint", "nobody", "--url", url])).exitCode).toBe(4);
});
