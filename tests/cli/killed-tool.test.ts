import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { systemClock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { runStore } from "../../src/runs/run-store.ts";
import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { testStore } from "../store/support/sample-publication.ts";
import { shareHeldProject, shareTrainedState } from "./support/held-models.ts";
import { building, bundling, heldPhases, serving, storing, type Phase } from "./support/phases.ts";
import { committedKeys, expectNothingRuns, leftovers, makeStage, reachedBy, type Stage } from "./support/stage.ts";

const project = shareHeldProject();
const trained = shareTrainedState(project.folder);

/** How long what a killed tool started may live on. */
const ORPHAN_MS = 2_000;

async function killIn(phase: Phase): Promise<Stage> {
  const stage = await makeStage(project.folder(), trained.folder());
  await phase.prepare?.(stage);
  const tool = await stage.start(phase.args, { variables: phase.variables?.(project.folder()) });
  await reachedBy(tool, phase.reached(stage));
  expect(stage.processes().length).toBeGreaterThanOrEqual(phase.processCount);
  process.kill(tool.pid, "SIGKILL");
  expect((await tool.ended).signal).toBe("SIGKILL");
  await expectNothingRuns(stage, ORPHAN_MS);
  expect(await committedKeys(stage)).toEqual([]);
  return stage;
}

const RUNS = [
  building,
  bundling,
  ...[...heldPhases("python"), ...heldPhases("typescript")].filter(({ isRun }) => isRun),
];
const OTHERS = [...heldPhases("python"), ...heldPhases("typescript"), serving("python"), serving("typescript")].filter(
  ({ isRun }) => !isRun,
);

test.each(RUNS)("kill -9 of the tool while $name: nothing runs any more, and the run is lost", async (phase) => {
  const { state } = await killIn(phase);
  const host = hostname();
  const runs = runStore(join(state, "runs"), { clock: systemClock, log: silentLog, host, pid: process.pid });
  expect((await runs.list())[0]).toMatchObject({ status: "lost" });
});

test.each(OTHERS)("kill -9 of the tool while $name: nothing runs, and the next command clears up", async (phase) => {
  const stage = await killIn(phase);
  expect(await leftovers(stage)).not.toEqual([]);
  const next = await stage.run(["evaluate", "held-typescript"]);
  expect(next.exitCode).toBe(0);
  expect(await leftovers(stage)).toEqual([]);
});

test("a publication that was killed while it was stored is no version, and the collector clears it up", async () => {
  const stage = await killIn(storing);
  const name = "held-typescript";
  expect((await stage.run(["versions", name, "--json"])).exitCode).toBe(4);
  const store = testStore(localObjectStore(join(stage.state, "store")), systemClock);
  const report = await store.collect({ olderThanMs: 0, dryRun: false });
  expect(report.abandoned).toMatchObject([{ model: name }]);
  expect(report.deletedFiles).toBeGreaterThan(0);
  const published = await stage.run(["publish", name]);
  expect(published.exitCode).toBe(0);
  expect(await committedKeys(stage)).toHaveLength(2);
  expect(await leftovers(stage)).toEqual([]);
});
