import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

import {
  environmentOf,
  runPythonJob,
  runtime,
  startPythonWorker,
  writeJob,
  type Files,
} from "../support/python-testbed.ts";
import { isAlive, pidFrom } from "../process/support/processes.ts";
import { waitUntil } from "../process/support/wait-until.ts";

/** A model that starts a child in some way, writes the process ids down, and never ends. */
function modelWithChild(start: string, stay = "while True: pass"): Files {
  return {
    "model_modules/__init__.py": `
import multiprocessing, os, re, subprocess, sys, time
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
def note(name, pid):
    with open("models/" + name, "w") as file: file.write("%d\\n" % pid)
def sleep():
    time.sleep(600)
def fork(then):
    pid = os.fork()
    if pid == 0:
        try: then()
        finally: os._exit(0)
    return pid
def train(data_conf, model_conf):
    note("self", os.getpid())
    ${start}
    ${stay}
`,
  };
}

/** Starts a job from a process that stands for the tool and can be killed. */
async function startUnderTool(files: Files, hasChannel: boolean) {
  const { file, spec, jobFolder } = await writeJob({ files });
  const program = `
    const { readFileSync, writeFileSync } = require("node:fs");
    const [file, hasChannel, ...command] = process.argv.slice(1);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file)), parentPid: process.pid }));
    const stdio = ["ignore", "ignore", "inherit", ...(hasChannel === "true" ? ["pipe"] : [])];
    require("node:child_process").spawn(command[0], command.slice(1), { detached: true, stdio });`;
  const command = runtime.jobCommand(environmentOf({ files }), file);
  const env = { PATH: process.env["PATH"], ...runtime.variables(jobFolder) };
  const parameters = ["-e", program, file, String(hasChannel), ...command];
  const tool = spawn(process.execPath, parameters, { env, stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => void tool.kill("SIGKILL"));
  return { tool, pidOf: (name: string) => pidFrom(join(spec.workFolder, "models", name)) };
}

async function expectAllToDie(pids: readonly number[]): Promise<void> {
  onTestFinished(() => pids.filter(isAlive).forEach((pid) => process.kill(pid, "SIGKILL")));
  await waitUntil(() => !pids.some(isAlive));
}

describe("when the tool is killed", () => {
  test.each([
    ["a model in a busy loop", "pass", "while True: pass", []],
    ["a model that holds the interpreter's lock", "pass", 're.match(r"(a+)+$", "a" * 64 + "b")', []],
    ["a child in the group", 'note("child", subprocess.Popen(SLEEP).pid)', "while True: pass", ["child"]],
    [
      "a child in a session of its own",
      'note("child", subprocess.Popen(SLEEP, start_new_session=True).pid)',
      're.match(r"(a+)+$", "a" * 64 + "b")',
      ["child"],
    ],
    [
      "a daemon whose parent has ended",
      'os.waitpid(fork(lambda: (os.setsid(), note("child", fork(sleep)))), 0)',
      "sleep()",
      ["child"],
    ],
    [
      "a child that multiprocessing forked",
      'p = multiprocessing.get_context("fork").Process(target=sleep); p.start(); note("child", p.pid)',
      "sleep()",
      ["child"],
    ],
  ])("%s dies too", async (_, start, stay, children) => {
    const { tool, pidOf } = await startUnderTool(modelWithChild(start, stay), true);
    const pids = await Promise.all(["self", ...children].map(pidOf));
    expect(pids.every(isAlive)).toBe(true);
    tool.kill("SIGKILL");
    await expectAllToDie(pids);
  });

  test("a job without a channel dies too", async () => {
    const { tool, pidOf } = await startUnderTool(modelWithChild("pass"), false);
    const pid = await pidOf("self");
    tool.kill("SIGKILL");
    await expectAllToDie([pid]);
  });

  test("before the job has begun, the model is never run", async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const run = await runPythonJob({ files: { "model_modules/__init__.py": "1/0" } }, { parentPid: gone.pid ?? 0 });
    expect(run.exit).toEqual({ exitCode: 1, signal: null });
    expect(run.result).toBeNull();
    expect(run.stderr).toMatch(/^The tool \(process \d+\) has ended\.\n$/);
  });
});

describe("a child of the model that outlives it", () => {
  test.each([
    [
      "subprocess without closed descriptors",
      "subprocess.Popen(SLEEP, close_fds=False, stdout=subprocess.DEVNULL).pid",
    ],
    ["fork and exec", "fork(lambda: os.execv(SLEEP[0], SLEEP))"],
    ["a fork", "fork(sleep)"],
  ])("(%s) does not hold the channel", async (_, start) => {
    const files = {
      "model_modules/__init__.py": `${modelWithChild("pass")["model_modules/__init__.py"] ?? ""}
class ModelScorer:
    def predict(self, rows):
        note("child", ${start})
        os._exit(9)
`,
    };
    const worker = await startPythonWorker({ files }, { predictForm: "rows", inputForm: "list" });
    await worker.frame();
    expect(await worker.predictions([[1]])).toEqual({ type: "ended" });
    expect(await worker.group.exited).toEqual({ exitCode: 9, signal: null });
  });

  test("is no child that the model must wait for: the watch is nobody's", async () => {
    const files = {
      "model_modules/__init__.py": `
import os
def train(data_conf, model_conf):
    try:
        os.wait()
    except ChildProcessError:
        open("models/m", "w").close()
`,
    };
    const run = await runPythonJob({ files });
    expect(run.result?.status, run.stderr).toBe("succeeded");
    expect(await readFile(join(run.spec.workFolder, "models/m"), "utf8")).toBe("");
  });
});

test("nothing of a job is left once its process has ended", async () => {
  const { file } = await writeJob({ files: { "model_modules/__init__.py": "def train(a, b): pass" } });
  const [program = "", ...parameters] = runtime.jobCommand(environmentOf({ files: {} }), file);
  const child = spawn(program, parameters, { detached: true, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  child.stdout?.resume();
  child.stderr?.resume();
  child.stdio[3]?.on("error", () => undefined);
  // `close` comes only when nobody holds the descriptors any more: also the watch has ended.
  await once(child, "close");
  expect(child.exitCode).toBe(0);
});
