import { expect, test } from "vitest";

import { call } from "../support/http-exchange.ts";
import { MODEL, serveMoving, shareMovingModels, type MovingServer } from "./support/moving-models.ts";
import { expectNothingRuns } from "./support/stage.ts";

const moving = shareMovingModels([1]);

const SOON = { timeout: 30_000, interval: 50 };
const MIB = 1024 * 1024;

/** Process ids of the workers that answer `count` requests at once, each of which takes a while. */
async function answering({ ask }: MovingServer, count: number): Promise<readonly number[]> {
  const replies = await Promise.all(Array.from({ length: count }, () => ask({ busy: 200 })));
  return [...new Set(replies.map(({ json }) => (json as { predictions: readonly number[] }).predictions[0] ?? 0))];
}

test("requests at once are shared among the workers of a model", async () => {
  const { stage } = await moving.stage();
  const server = await serveMoving(stage, ["--workers", "3"]);
  const startMs = performance.now();
  expect(await answering(server, 3)).toHaveLength(3);
  // One after the other they would take 600 ms; three processes on two processors take less.
  expect(performance.now() - startMs).toBeLessThan(3_000);
  server.cli.process.kill("SIGTERM");
  expect((await server.cli.ended).exitCode).toBe(0);
  await expectNothingRuns(stage, 5_000);
});

test("a worker that is lost leaves the model ready, and is replaced", async () => {
  const { stage } = await moving.stage();
  const server = await serveMoving(stage, ["--workers", "2"]);
  const before = await answering(server, 2);
  const lost = await server.ask({ exit: 3 });
  expect(lost).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
  expect((await call(`${server.url}/ready`)).status).toBe(200);
  expect((await server.ask({ x: 4 })).json).toMatchObject({ predictions: [4] });
  await expect.poll(() => server.events("worker.restarted"), SOON).toMatchObject([{ model: MODEL, version: "v1" }]);
  const after = await answering(server, 2);
  expect(after).toHaveLength(2);
  expect(before.filter((pid) => after.includes(pid))).toHaveLength(1);
});

test("--workers of one model counts more than that of all", async () => {
  const { stage } = await moving.stage();
  const server = await serveMoving(stage, ["--workers", "1", "--workers", `${MODEL}=2`]);
  expect(await answering(server, 2)).toHaveLength(2);
});

test("a worker over its memory limit is reported as out of memory, and replaced", async () => {
  const { stage } = await moving.stage();
  const server = await serveMoving(stage, ["--memory", "250Mi"]);
  // The memory is taken, and the answer would take longer than the next measurement.
  const reply = await server.ask({ eat: 400 * MIB, busy: 5_000 });
  expect(reply).toMatchObject({ status: 503, json: { code: "WORKER_OUT_OF_MEMORY" } });
  expect(reply.text).toMatch(/used \d+ MiB of memory, more than its limit of 250 MiB/);
  await expect.poll(() => server.events("worker.restarted").length, SOON).toBe(1);
  expect(server.events("worker.lost")).toMatchObject([{ model: MODEL, isOutOfMemory: true }]);
  expect((await server.ask({ x: 4 })).json).toMatchObject({ predictions: [4] });
});

test.each([
  ["--workers", "0"],
  ["--workers", "churn=many"],
  ["--memory", "lots"],
  ["--follow-interval", "0"],
])("%s %s is refused", async (flag, value) => {
  const { stage } = await moving.stage();
  const { exitCode, stderr } = await stage.run(["serve", MODEL, flag, value]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${flag} takes`);
});

test("PORT that holds no port is refused by the server alone", async () => {
  const { stage } = await moving.stage();
  const variables = { PORT: "tcp://10.0.0.1:80" };
  expect((await stage.run(["versions"], { variables })).exitCode).toBe(0);
  const { exitCode, stderr } = await stage.run(["serve", MODEL], { variables });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('The variable PORT is "tcp://10.0.0.1:80"');
});
