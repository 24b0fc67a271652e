import { describe, expect, test } from "vitest";

import { call } from "../support/http-exchange.ts";
import {
  MODEL,
  serveMoving,
  shareMovingModels,
  type MovingLanguage,
  type MovingServer,
} from "./support/moving-models.ts";
import { expectNothingRuns } from "./support/stage.ts";

const SOON = { timeout: 60_000, interval: 50 };
const MIB = 1024 * 1024;

/** Process ids of the workers that answer `count` requests at once, each of which takes a while. */
async function answering({ ask }: MovingServer, count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  // Requests that arrive in the very same moment are put together for one worker: then it is tried again.
  for (let round = 0; found.size < count && round < 20; round++) {
    const replies = await Promise.all(Array.from({ length: count }, () => ask({ busy: 200 })));
    for (const { json } of replies) found.add((json as { predictions: readonly number[] }).predictions[0] ?? 0);
  }
  return [...found];
}

describe.each<MovingLanguage>(["typescript", "python"])("a model in %s", (language) => {
  const moving = shareMovingModels([1], language);

  test("requests at once are shared among the workers of a model", async () => {
    const { stage } = await moving.stage();
    const server = await serveMoving(stage, ["--workers", "3"]);
    expect(await answering(server, 3)).toHaveLength(3);
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

  test("workers that are killed under load lose only what they had begun, and come back", async () => {
    const { stage } = await moving.stage();
    const server = await serveMoving(stage, ["--workers", "2"]);
    const state = { isStopping: false, answered: 0, lost: 0 };
    const client = async (id: number): Promise<void> => {
      for (let round = 0; !state.isStopping; round++) {
        const x = id * 10_000 + round;
        const { status, json } = await server.ask({ x });
        if (status === 200) expect(json).toMatchObject({ predictions: [x] });
        else expect({ status, json }).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
        state[status === 200 ? "answered" : "lost"]++;
      }
    };
    const clients = Promise.all(Array.from({ length: 24 }, (_, id) => client(id)));
    for (let kills = 1; kills <= 3; kills++) {
      const [pid = 0] = await answering(server, 1);
      process.kill(pid, "SIGKILL");
      const before = state.answered;
      await expect.poll(() => server.events("worker.restarted").length, SOON).toBe(kills);
      // The other one went on.
      expect(state.answered).toBeGreaterThan(before);
    }
    state.isStopping = true;
    await clients;
    // What is begun at a moment is one batch.
    expect(state.lost).toBeLessThanOrEqual(3 * 24);
    expect(state.answered).toBeGreaterThan(state.lost);
    expect((await server.ask({ x: 4 })).json).toMatchObject({ predictions: [4] });
  });
});

describe("the flags", () => {
  const moving = shareMovingModels([1]);

  test("--workers of one model counts more than that of all", async () => {
    const { stage } = await moving.stage();
    const server = await serveMoving(stage, ["--workers", "1", "--workers", `${MODEL}=2`]);
    expect(await answering(server, 2)).toHaveLength(2);
  });

  test("--timeout of one model counts more than that of all", async () => {
    const { stage } = await moving.stage();
    const server = await serveMoving(stage, ["--timeout", "600", "--timeout", `${MODEL}=0.2`]);
    const { status, json } = await server.ask({ busy: 60_000 });
    expect({ status, json }).toMatchObject({ status: 504, json: { code: "DEADLINE_EXCEEDED" } });
    expect(json).toMatchObject({ error: expect.stringContaining("within 0.2 s") as string });
  });

  test.each([
    ["--workers", "0"],
    ["--workers", "churn=many"],
    ["--memory", "lots"],
    ["--follow-interval", "0"],
    ["--timeout", "0"],
    ["--timeout", "3601"],
    ["--timeout", "somebody-else=2"],
    ["--workers", "somebody-else=2"],
    ["--memory", "somebody-else=2Gi"],
  ])("%s %s is refused", async (flag, value) => {
    const { stage } = await moving.stage();
    const { exitCode, stderr } = await stage.run(["serve", MODEL, flag, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(value.startsWith("somebody") ? `Served are: ${MODEL}` : `${flag} takes`);
  });

  test("PORT that holds no port is refused by the server alone", async () => {
    const { stage } = await moving.stage();
    const variables = { PORT: "tcp://10.0.0.1:80" };
    expect((await stage.run(["versions"], { variables })).exitCode).toBe(0);
    const { exitCode, stderr } = await stage.run(["serve", MODEL], { variables });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('The variable PORT is "tcp://10.0.0.1:80"');
  });
});
