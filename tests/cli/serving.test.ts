import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { CLI } from "../support/cli.ts";
import { call, postJson } from "../support/http-exchange.ts";
import { testPython } from "../support/test-python.ts";
import { shareHeldProject, shareTrainedState } from "./support/held-models.ts";
import { expectNothingRuns, leftovers, makeStage, type Stage } from "./support/stage.ts";
import { startInTerminal } from "./support/terminal.ts";

const project = shareHeldProject();
const published = shareTrainedState(project.folder, { isSmall: true, isPublished: true });

/** Takes a line of a terminal away. */
const CLEARED = "\r\u001b[2K";

const PYTHON = ["--python", testPython(), "--no-install"];

/** A server of something else, for as long as the test. */
async function otherServer(text: string): Promise<number> {
  const server = createServer((_, response) => response.end(text)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Runs a command that must fail, and leave nothing. */
async function refused(stage: Stage, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await stage.run(args, { variables });
  await expectNothingRuns(stage, 0);
  expect(await leftovers(stage)).toEqual([]);
  expect(stdout).toBe("");
  return { exitCode, stderr };
}

test("two models, in two languages, are announced and answered by one server", async () => {
  const stage = await makeStage(project.folder(), published.folder());
  const server = await stage.start(["serve", "held-python", "held-typescript", "--port", "0", "--json", ...PYTHON]);
  await server.printed(/\n/);
  const announced = JSON.parse(server.stdout()) as { readonly url: string; readonly models: readonly unknown[] };
  expect(announced.models).toEqual(
    ["held-python", "held-typescript"].map((name) => ({
      ...{ name, version: expect.stringMatching(/^\d{8}-\d{6}UTC$/) as string },
      ...{ proof: "predictions", engine: "worker" },
    })),
  );
  for (const name of ["held-python", "held-typescript"])
    expect(await postJson(`${announced.url}/v1/${name}/predict`, [{ x: 4 }])).toMatchObject({
      status: 200,
      json: { predictions: [8] },
    });
  const asked = ["predict", "held-typescript", "rows.json", "--url", announced.url];
  expect(await stage.run(asked)).toMatchObject({ exitCode: 0, stdout: "0\t2\n" });
  expect((await stage.run(["predict", "nobody", "rows.json", "--url", announced.url])).exitCode).toBe(4);
  server.process.kill("SIGTERM");
  expect((await server.ended).exitCode).toBe(0);
  expect(server.stdout().trim().split("\n")).toHaveLength(1);
});

test("on a terminal a line of the log does not run into the line of progress", async () => {
  const stage = await makeStage(project.folder(), published.folder());
  // Held until the log is written, which happens twice a second.
  await stage.hold("load");
  const command = [process.execPath, CLI, "serve", "held-typescript", "--port", "0", "--home", stage.state];
  const terminal = startInTerminal([...command, "--project", project.folder()], { HOME: stage.home });
  await terminal.printed(/"event":"server\.listening"/);
  terminal.type("\x03");
  expect(await terminal.exitCode).not.toBeNull();
  const lines = terminal.text().replaceAll(CLEARED, "\n").replaceAll("^C", "\n").split(/\r?\n/);
  expect(lines).toContainEqual(expect.stringContaining(" Starting held-type"));
  for (const line of lines.filter((text) => text.includes('"level"'))) expect(line).toMatch(/^\{"level"/);
});

test("while a model loads, the server is healthy and says that the model is loading", async () => {
  const stage = await makeStage(project.folder(), published.folder());
  await stage.hold("load");
  const server = await stage.start(["serve", "held-typescript", "--port", "0"]);
  const url = await stage.listening(server);
  await stage.reached("load");
  expect(await call(`${url}/health`)).toMatchObject({ status: 200, text: "ok" });
  expect((await call(`${url}/ready`)).status).toBe(503);
  const reply = await postJson(`${url}/v1/held-typescript/predict`, [{ x: 1 }]);
  expect(reply).toMatchObject({ status: 503, json: { code: "MODEL_LOADING" } });
  expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
  expect((await postJson(`${url}/v1/nobody/predict`, [])).status).toBe(404);
  expect(server.stdout()).toBe("");
});

test("a port that is taken is named before any model is loaded", async () => {
  const stage = await makeStage(project.folder(), published.folder());
  const port = await otherServer("");
  const { exitCode, stderr } = await refused(stage, ["serve", "held-typescript", "--port", String(port)]);
  expect(exitCode).toBe(9);
  expect(stderr).toMatch(new RegExp(`PORT_IN_USE: .*127\\.0\\.0\\.1:${port}`));
});

test("two references to one model are refused", async () => {
  const stage = await makeStage(project.folder(), published.folder());
  const { exitCode } = await refused(stage, ["serve", "held-typescript", "model_definitions/held-typescript"]);
  expect(exitCode).toBe(2);
});

test.each(["factor.txt", "code/model_modules/index.ts", "manifest.json"])(
  "a version is not served when one bit of %s is flipped",
  async (path) => {
    const stage = await makeStage(project.folder(), published.folder());
    const versions = join(stage.state, "store/models/held-typescript/versions");
    const [label = ""] = await readdir(versions);
    const file = join(versions, label, path);
    const bytes = await readFile(file);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const { exitCode, stderr } = await refused(stage, ["serve", "held-typescript", "--port", "0"]);
    expect(exitCode).toBe(8);
    expect(stderr).toContain("STORE_CORRUPT");
    expect(stderr).toContain(path);
  },
);

/** A project with a model whose answer depends on the variable FACTOR. */
async function moodyProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = "model_definitions/moody";
  const model = { id: "moody", name: "moody", language: "typescript", predict: "rows", env: { pass: ["FACTOR"] } };
  return testFolder({
    [`${folder}/model.json`]: JSON.stringify(model),
    [`${folder}/config.json`]: "{}",
    [`${folder}/samples/rows.json`]: '[{"x": 1}, {"x": 5}]',
    [`${folder}/model_modules/index.ts`]: `
      import { writeFileSync } from "node:fs";
      export function train() { writeFileSync("models/model.txt", "trained"); }
      export class ModelScorer {
        predict(rows: readonly { x: number }[]) { return rows.map(({ x }) => x * Number(process.env["FACTOR"])); }
      }`,
    ...files,
  });
}

test("a version that answers otherwise than when it was published is not served", async () => {
  const stage = await makeStage(await moodyProject());
  expect((await stage.run(["train", "moody", "--publish"], { variables: { FACTOR: "2" } })).exitCode).toBe(0);
  const { exitCode, stderr } = await refused(stage, ["serve", "moody", "--port", "0"], { FACTOR: "3" });
  expect(exitCode).toBe(8);
  expect(stderr).toContain("PROOF_FAILED");
  expect(stderr).toMatch(/2 of 2 recorded rows[\s\S]*row 0: 2 when published, 3 now[\s\S]*row 1: 10 .*, 15 now/);
  expect(stderr).toContain('"tolerance"');
});

test("a version with less proof than the project asks for is not served", async () => {
  const files = { "modelwright.json": '{"minimumProof": "metrics"}' };
  const stage = await makeStage(await moodyProject(files));
  const variables = { FACTOR: "2" };
  expect((await stage.run(["train", "moody"], { variables })).exitCode).toBe(0);
  expect((await stage.run(["publish", "moody"], { variables })).stdout).toContain("predictions");
  const { exitCode, stderr } = await refused(stage, ["serve", "moody", "--port", "0"], variables);
  expect(exitCode).toBe(8);
  expect(stderr).toMatch(/PROOF_TOO_WEAK: moody@\S+ is proven by predictions only; the project asks for metrics/);
});

test("a definition folder is served before it is published, and says that nothing is proven", async () => {
  const stage = await makeStage(await moodyProject());
  const variables = { FACTOR: "2" };
  expect((await stage.run(["train", "moody"], { variables })).exitCode).toBe(0);
  const server = await stage.start(["serve", "./model_definitions/moody", "--port", "0"], { variables });
  const [, url = ""] = await server.printed(/Serving on (\S+)/);
  expect(await postJson(`${url}/v1/moody/predict`, [{ x: 3 }])).toMatchObject({ json: { predictions: [6] } });
  expect((await call(`${url}/v1/moody`)).json).toMatchObject({ proof: "none", digest: null });
});

test.each([
  ["is not there", "http://127.0.0.1:1", "cannot be reached"],
  ["is no address", "not-an-address", "is not the address of a server"],
])("predict --url tells of a server that %s", async (_what, url, words) => {
  const stage = await makeStage(project.folder());
  const { exitCode, stderr } = await refused(stage, ["predict", "churn", "rows.json", "--url", url]);
  expect([9, 2]).toContain(exitCode);
  expect(stderr).toContain(words);
});

test.each(["<html>Welcome</html>", '{"hello": "world"}', ""])("predict --url refuses an answer %j", async (text) => {
  const stage = await makeStage(project.folder());
  const url = `http://127.0.0.1:${await otherServer(text)}`;
  const { exitCode, stderr } = await refused(stage, ["predict", "churn", "rows.json", "--url", url]);
  expect(exitCode).toBe(9);
  expect(stderr).toContain("SERVER_UNREACHABLE");
  expect(stderr).toContain("does not answer as a prediction server");
});
