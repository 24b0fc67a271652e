import { expect, test } from "vitest";

import { serveMoving, shareMovingModels, type MovingServer } from "./support/moving-models.ts";
import { expectNothingRuns } from "./support/stage.ts";

const moving = shareMovingModels([1], "python");

const SOON = { timeout: 60_000, interval: 20 };
const CLIENTS = 220;
const WORKERS = ["--workers", "2"];

test("servers are replaced one after the other under 220 requests in flight, and none fails", async () => {
  const { stage } = await moving.stage();
  const first = await serveMoving(stage, WORKERS);
  const state = { target: first, isStopping: false, inFlight: 0, answered: 0 };
  const faults: unknown[] = [];
  const client = async (id: number): Promise<void> => {
    for (let round = 0; !state.isStopping; round++) {
      const x = id * 1_000 + round;
      state.inFlight++;
      const outcome: unknown = await state.target.ask({ x, busy: 1 }).then(
        ({ status, text }) => (status === 200 ? null : `${status} ${text}`),
        (error: unknown) => error,
      );
      state.inFlight--;
      if (outcome === null) state.answered++;
      else faults.push(outcome);
    }
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, (_, id) => client(id)));
  let old: MovingServer = first;
  for (let restart = 0; restart < 3; restart++) {
    await expect.poll(() => state.inFlight, SOON).toBeGreaterThanOrEqual(200);
    // As a load balancer does: the new one is ready, then takes all new requests, and the old one answers what it has.
    const next = await serveMoving(stage, WORKERS);
    state.target = next;
    old.cli.process.kill("SIGTERM");
    expect((await old.cli.ended).exitCode).toBe(0);
    const before = state.answered;
    await expect.poll(() => state.answered - before, SOON).toBeGreaterThan(CLIENTS);
    old = next;
  }
  state.isStopping = true;
  await running;
  expect(faults).toEqual([]);
  expect((await old.ask({ x: 5 })).json).toMatchObject({ predictions: [5], version: "v1" });
  old.cli.process.kill("SIGTERM");
  expect((await old.cli.ended).exitCode).toBe(0);
  await expectNothingRuns(stage, 5_000);
});
