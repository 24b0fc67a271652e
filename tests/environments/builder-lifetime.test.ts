import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { buildProgram } from "../process/support/build-program.ts";
import { isAlive } from "../process/support/processes.ts";
import { waitUntil } from "../process/support/wait-until.ts";
import { makeSlowPackage } from "./support/slow-package.ts";
import { makeWorkshop, sharePip, type Workshop } from "./support/workshop.ts";

sharePip();

interface SlowBuild {
  /** The process that pip started to build the package. */
  readonly building: number;
  /** Leader of its process group: `build_environment.py`. */
  readonly builder: number;
}

function slowBuilds({ home }: Workshop): readonly SlowBuild[] {
  if (!readdirSync(home).includes("builds")) return [];
  const lines = readFileSync(join(home, "builds"), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [building = 0, builder = 0] = line.split(" ").map(Number);
    return { building, builder };
  });
}

async function slowBuildOf(workshop: Workshop, count = 1): Promise<SlowBuild> {
  await waitUntil(() => slowBuilds(workshop).length >= count, 60_000);
  return slowBuilds(workshop).at(-1) ?? { building: 0, builder: 0 };
}

async function makeSlowWorkshop(): Promise<Workshop> {
  const workshop = await makeWorkshop();
  makeSlowPackage(workshop.wheels);
  return workshop;
}

function letGo({ home }: Workshop): Promise<void> {
  return writeFile(join(home, "go"), "");
}

test("two builders at once make one environment, and the second one says that it waits", async () => {
  const workshop = await makeSlowWorkshop();
  const first = workshop.prepare("slow");
  await slowBuildOf(workshop);
  expect(workshop.steps).not.toContain("environment.waiting");
  const second = workshop.prepare("slow");
  await waitUntil(() => workshop.steps.includes("environment.waiting"), 30_000);
  await letGo(workshop);
  const [one, other] = await Promise.all([first, second]);
  expect(other.interpreter).toBe(one.interpreter);
  expect(slowBuilds(workshop)).toHaveLength(1);
});

test("a builder that was killed leaves nothing ready, and the next one succeeds", async () => {
  const workshop = await makeSlowWorkshop();
  const failure = workshop.prepare("slow").catch((error: unknown) => error);
  const { building, builder } = await slowBuildOf(workshop);
  process.kill(builder, "SIGKILL");
  expect(await failure).toMatchObject({
    code: "ENVIRONMENT_FAILED",
    message: expect.stringContaining("SIGKILL") as string,
  });
  expect(isAlive(building)).toBe(false);
  expect(await workshop.leftovers()).not.toContainEqual(expect.stringContaining("ready.json"));
  await letGo(workshop);
  const { packages } = await workshop.prepare("slow");
  expect(packages).toEqual(["slow==1.0"]);
  expect(await workshop.leftovers()).not.toContainEqual(expect.stringMatching(/\.tmp$/));
});

test("an interrupted installation leaves nothing behind but the lock", async () => {
  const workshop = await makeSlowWorkshop();
  const controller = new AbortController();
  const failure = workshop.prepare("slow", { signal: controller.signal }).catch((error: unknown) => error);
  const { building, builder } = await slowBuildOf(workshop);
  controller.abort();
  expect(await failure).toMatchObject({ code: "INTERRUPTED" });
  expect([isAlive(building), isAlive(builder)]).toEqual([false, false]);
  expect(await workshop.leftovers()).toEqual([expect.stringMatching(/^locks\/.*\.txt$/)]);
});

test("kill -9 of the tool orphans nothing and leaves nothing behind but the lock", async () => {
  const workshop = await makeSlowWorkshop();
  // What JSON cannot hold, the functions, the program brings itself.
  const request = { ...workshop.request, requirements: [{ path: "requirements.txt", text: "slow" }] };
  const program = await buildProgram(`
    import { preparePythonEnvironment } from "src/environments/prepare-python-environment.ts";
    await preparePythonEnvironment({
      ...${JSON.stringify(request)},
      onProgress: () => undefined,
      signal: new AbortController().signal,
      log: () => undefined,
    });
  `);
  const tool = spawn(process.execPath, [program], { stdio: "inherit" });
  const { building, builder } = await slowBuildOf(workshop);
  tool.kill("SIGKILL");
  await once(tool, "exit");
  await waitUntil(() => !isAlive(building) && !isAlive(builder), 20_000);
  expect(await workshop.leftovers()).toEqual([expect.stringMatching(/^locks\/.*\.txt$/)]);
});
