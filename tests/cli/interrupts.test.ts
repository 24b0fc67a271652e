import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { waitUntil } from "../process/support/wait-until.ts";
import { testPython } from "../support/test-python.ts";
import { CLI } from "../support/cli.ts";
import { startInTerminal } from "./support/terminal.ts";
import { shareHeldProject, shareTrainedState } from "./support/held-models.ts";
import { building, bundling, heldPhases, storing, type Phase } from "./support/phases.ts";
import {
  committedKeys,
  expectNothingRuns,
  leftovers,
  makeStage,
  reachedBy,
  newestRun,
  type Stage,
} from "./support/stage.ts";

const project = shareHeldProject();
const trained = shareTrainedState(project.folder);

async function startIn(phase: Phase, isForeground: boolean) {
  const stage = await makeStage(project.folder(), trained.folder());
  const before = await committedKeys(stage);
  await phase.prepare?.(stage);
  const tool = await stage.start(phase.args, { isForeground, variables: phase.variables?.(project.folder()) });
  await reachedBy(tool, phase.reached(stage));
  expect(stage.processes().length).toBeGreaterThanOrEqual(phase.processCount);
  return { stage, tool, before };
}

async function expectNothingLeft(stage: Stage, before: readonly string[]): Promise<void> {
  await expectNothingRuns(stage, 0);
  expect(await leftovers(stage)).toEqual([]);
  expect(await committedKeys(stage)).toEqual(before);
}

const PHASES = [building, bundling, ...heldPhases("python"), ...heldPhases("typescript"), storing];

test.each(PHASES)("Ctrl-C while $name ends it in order, and nothing is left", async (phase) => {
  const { stage, tool, before } = await startIn(phase, true);
  // As a terminal does it: to the whole group in the foreground.
  process.kill(-tool.pid, "SIGINT");
  const { exitCode, stdout, stderr } = await tool.ended;
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 130, stdout: "" });
  expect(stderr).toContain("INTERRUPTED");
  await expectNothingLeft(stage, before);
  if (phase.isRun) expect(await newestRun(stage)).toMatchObject({ status: "interrupted" });
});

test.each([bundling, ...heldPhases("python").slice(0, 1), ...heldPhases("typescript").slice(0, 1), storing])(
  "a signal to the tool alone while $name ends all that it started",
  async (phase) => {
    const { stage, tool, before } = await startIn(phase, false);
    process.kill(tool.pid, "SIGTERM");
    expect((await tool.ended).exitCode).toBe(130);
    await expectNothingLeft(stage, before);
    if (phase.isRun) expect(await newestRun(stage)).toMatchObject({ status: "interrupted" });
  },
);

test("a second Ctrl-C does not wait for a model that will not end, and leaves nothing either", async () => {
  const stage = await makeStage(project.folder());
  await stage.hold("train");
  await writeFile(join(stage.home, "stubborn"), "");
  const tool = await stage.start(["train", "held-python", "--python", testPython(), "--no-install"]);
  await stage.reached("train");
  process.kill(tool.pid, "SIGINT");
  await waitUntil(() => existsSync(join(stage.home, "told-to-end")));
  const startMs = performance.now();
  const pressing = setInterval(() => process.kill(tool.pid, "SIGINT"), 100);
  expect((await tool.ended.finally(() => clearInterval(pressing))).exitCode).toBe(130);
  // The model would have five seconds.
  expect(performance.now() - startMs).toBeLessThan(4_500);
  expect(await newestRun(stage)).toMatchObject({
    ...{ status: "interrupted", endedAt: expect.any(String) as string, failure: { code: "INTERRUPTED" } },
  });
  await expectNothingRuns(stage, 10_000);
  expect(await leftovers(stage)).toEqual([]);
});

test("one Ctrl-C that arrives twice, as under npm run, counts once", async () => {
  const { stage, tool, before } = await startIn(storing, true);
  process.kill(-tool.pid, "SIGINT");
  process.kill(-tool.pid, "SIGTERM");
  expect((await tool.ended).exitCode).toBe(130);
  await expectNothingLeft(stage, before);
});

test("Ctrl-C ends a server in order: exit code 0, no worker, nothing left", async () => {
  const stage = await makeStage(project.folder(), trained.folder());
  const server = await stage.start(["serve", "model_definitions/held-typescript", "--port", "0"], {
    isForeground: true,
  });
  const [, url = ""] = await server.printed(/Serving on (\S+)/);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  process.kill(-server.pid, "SIGINT");
  expect((await server.ended).exitCode).toBe(0);
  await expectNothingLeft(stage, []);
});

test("Ctrl-C ends a command that waits for its standard input, or for a server that does not answer", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const stage = await makeStage(project.folder(), trained.folder());
  const asking = await stage.start(["predict", "any", "rows.json", "--url", `http://127.0.0.1:${port}`]);
  await once(silent, "connection");
  const waiting = await stage.start(["predict", "model_definitions/held-typescript", "-"], { isStdinOpen: true });
  await waitUntil(() => stage.processes().some(({ command }) => command.includes("worker.js")));
  for (const command of [asking, waiting]) {
    process.kill(command.pid, "SIGINT");
    expect((await command.ended).exitCode).toBe(130);
  }
  await expectNothingLeft(stage, []);
});

test("Ctrl-C while the demo trains leaves the project, and nothing that runs", async () => {
  const stage = await makeStage(project.folder());
  const folder = join(stage.home, "demo");
  const demo = await stage.start(["demo", "--dir", folder, "--python", "/nowhere/python"], { isForeground: true });
  await demo.printed(/penguin-species-ts \(typescript\)/);
  process.kill(-demo.pid, "SIGINT");
  const { exitCode, stderr } = await demo.ended;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 130 });
  await expectNothingLeft(stage, []);
  expect(existsSync(join(folder, "modelwright.json"))).toBe(true);
});

test("on a terminal the demo serves until Ctrl-C, and says so", async () => {
  const stage = await makeStage(project.folder());
  const demo = ["demo", "--dir", join(stage.home, "demo"), "--python", "/nowhere/python"];
  const terminal = startInTerminal([process.execPath, CLI, ...demo], { HOME: stage.home });
  await terminal.printed(/Still serving on http/);
  terminal.type("\x03");
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.text()).toMatch(/Stopped\. The project and its versions are in/);
  await expectNothingRuns(stage, 0);
});
