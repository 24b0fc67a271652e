import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

import { CLI, runCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { errorOf, faultyProject } from "./support/faulty-project.ts";
import { shareHeldProject, shareTrainedState } from "./support/held-models.ts";
import { READ_ONLY, runMounted, withFreeSpace } from "./support/mounted.ts";
import { expectNothingRuns, isLeftover, makeStage } from "./support/stage.ts";

const project = shareHeldProject();
const trained = shareTrainedState(project.folder, { isSmall: true });

const PYTHON = ["--python", testPython(), "--no-install"];
const DEFINITION = "model_definitions/held-typescript";
const COMMANDS: readonly (readonly string[])[] = [
  ["train", "held-typescript"],
  ["train", "held-python", ...PYTHON],
  ["evaluate", "held-typescript"],
  ["publish", "held-typescript"],
  ["serve", DEFINITION, "--port", "0"],
  ["predict", DEFINITION, "rows.json"],
  ["predict", "model_definitions/held-python", "rows.json", ...PYTHON],
];

async function runOn(mount: string, args: readonly string[]) {
  const stage = await makeStage(project.folder(), trained.folder());
  await cp(stage.state, join(stage.home, "content"), { recursive: true });
  const result = await runMounted(stage, { project: project.folder(), mount, args });
  await expectNothingRuns(stage, 0);
  return result;
}

test.each(COMMANDS)("on a read-only state folder %s %s says so, and what to do", async (...args) => {
  const { exitCode, stdout, stderr } = await runOn(READ_ONLY, args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: "" });
  expect(stderr).toMatch(/STATE_UNWRITABLE: Cannot write \S*\/state\/\S*: the file system is read-only/);
  expect(stderr).toContain("--home");
});

test("a state folder that cannot be made is told by train and by doctor, which blames nothing else for it", async () => {
  const { folder, home: nowhere } = await faultyProject("typescript");
  await symlink(nowhere, join(folder, "link"));
  const home = join(folder, "link", "state");
  const trained = await runCli(["train", "demo", "--json"], { cwd: folder, home });
  expect(trained).toMatchObject({ exitCode: 9, stdout: "" });
  const { code, message, hint } = errorOf(trained);
  expect({ code, message }).toEqual({ code: "STATE_UNWRITABLE", message: expect.stringContaining(home) as string });
  expect(hint).toContain("--home");
  const { exitCode, json } = await runCli(["doctor", "--python", "python3", "--json"], { cwd: folder, home });
  expect(exitCode).toBe(9);
  const { findings } = json as { readonly findings: readonly { readonly check: string; readonly status: string }[] };
  const failed = findings.filter(({ status }) => status === "failed").map(({ check }) => check);
  expect(failed).toEqual(["state folder", "model store"]);
});

/** A file on a disk that is always full. */
const FULL = "/dev/full";

test("a result that cannot be written is no success, and a server whose log cannot be written answers and ends", async () => {
  const stage = await makeStage(project.folder(), trained.folder());
  const start = (redirection: string, args: readonly string[]) =>
    spawn("sh", ["-c", `exec "$@" ${redirection}`, "sh", process.execPath, CLI, ...args, "--home", stage.state], {
      cwd: project.folder(),
    });
  const listing = start(`> ${FULL}`, ["list", "--json"]);
  const [told, ending] = await Promise.all([text(listing.stderr), once(listing, "exit")]);
  expect(ending).toEqual([9, null]);
  expect(JSON.parse(told)).toMatchObject({ error: { code: "OUTPUT_UNWRITABLE" } });

  const server = start(`2> ${FULL}`, ["serve", DEFINITION, "--port", "0"]);
  const ended = once(server, "exit");
  for await (const chunk of server.stdout) if (String(chunk).includes("Serving on")) server.kill();
  expect(await ended).toEqual([0, null]);
});

test("what is published in a read-only store is served, and publishing into it says why not", async () => {
  const stage = await makeStage(project.folder(), trained.folder());
  const store = join(stage.home, "store");
  expect((await stage.run(["publish", "held-typescript", "--store", store])).exitCode).toBe(0);
  await mkdir(join(stage.home, "content"));
  const mount = READ_ONLY.replaceAll("$state", store);
  const run = (args: readonly string[]) =>
    runMounted(stage, { project: project.folder(), mount, args: [...args, "--store", store] });
  const answered = await run(["predict", "held-typescript", "rows.json"]);
  expect(answered).toMatchObject({ exitCode: 0, stdout: "0\t2\n" });
  const refused = await run(["publish", "held-typescript", "--version-label", "second"]);
  expect(refused.exitCode).toBe(9);
  expect(refused.stderr).toMatch(
    /STORE_UNAVAILABLE: The store at \S+ cannot be written .*the file system is read-only/,
  );
  expect(refused.stderr).toContain("--store");
});

/** Where the space ends decides which part meets it: from nothing at all to nearly enough. */
const FREE_KIB = [0, 12, 20, 28, 44, 60];

test.each(COMMANDS.slice(0, 4))(
  "on a full disk %s %s says so wherever the space ends, and leaves nothing half written",
  async (...args) => {
    let failures = 0;
    for (const kib of FREE_KIB) {
      const { exitCode, stdout, stderr, names } = await runOn(withFreeSpace(kib), args);
      expect(names.filter(isLeftover)).toEqual([]);
      if (exitCode === 0) continue;
      failures++;
      expect({ kib, exitCode, stdout, stderr }).toMatchObject({ exitCode: 9, stdout: "" });
      expect(stderr).toMatch(/(STATE_UNWRITABLE|STORE_UNAVAILABLE): .*disk.* full/);
      expect(stderr).toContain("Free some space");
      expect(names.filter((name) => name.includes("/commits/"))).toEqual([]);
    }
    expect(failures).toBeGreaterThan(1);
  },
);
