import { expect, test } from "vitest";

import { parsePrometheus, valueOf } from "../http/support/prometheus-text.ts";
import { call } from "../support/http-exchange.ts";
import { MODEL, serveMoving, shareMovingModels, type MovingServer } from "./support/moving-models.ts";

const moving = shareMovingModels([1, 2, 3]);

const SOON = { timeout: 60_000, interval: 50 };
const MIB = 1024 * 1024;

const scrape = async ({ url }: MovingServer) => parsePrometheus((await call(`${url}/metrics`)).text);

test("GET /metrics tells what became of workers and aliases", async () => {
  const { stage, store } = await moving.stage();
  const server = await serveMoving(stage, ["--memory", "250Mi"], { BREAK: "2" });
  const value = async (name: string, labels = {}) => valueOf(await scrape(server), name, labels);
  await server.ask({ exit: 3 });
  await expect.poll(() => value("modelwright_worker_restarts_total", { model: MODEL }), SOON).toBe(1);
  await server.ask({ eat: 400 * MIB, busy: 5_000 });
  await expect.poll(() => value("modelwright_worker_restarts_total", { model: MODEL }), SOON).toBe(2);
  expect(await value("modelwright_workers_lost_total", { model: MODEL })).toBe(2);
  expect(await value("modelwright_workers_out_of_memory_total", { model: MODEL })).toBe(1);
  await store.setAlias(MODEL, "champion", "v2");
  const failures = { model: MODEL, alias: "champion", code: "SCORER_FAILED" };
  await expect.poll(() => value("modelwright_alias_update_failures_total", failures), SOON).toBe(1);
  expect(await value("modelwright_alias_update_pending", { model: MODEL })).toBe(1);
  await store.setAlias(MODEL, "champion", "v3");
  await expect.poll(() => value("modelwright_alias_swaps_total", { model: MODEL }), SOON).toBe(1);
  expect(await value("modelwright_alias_update_pending", { model: MODEL })).toBe(0);
  expect(await value("modelwright_build_info")).toBe(1);
  expect(await value("process_resident_memory_bytes")).toBeGreaterThan(10 * MIB);
});
