import { closeSync, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import { readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { localExecutor } from "../../src/executors/local-executor.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { JsonObject } from "../../src/kernel/json.ts";
import type { Log } from "../../src/kernel/log.ts";
import type { JobOutcome, JobRequest } from "../../src/model/ports/executor.ts";
import { holdUp } from "./support/hold-up.ts";
import { isAlive, pidFrom } from "./support/processes.ts";
import { testFolder } from "./support/test-folder.ts";
import { waitUntil } from "./support/wait-until.ts";

const PATH = process.env["PATH"] ?? "";

/** What a foreign half does at the end of a job, for use in test programs. */
const PRELUDE = `
import json, os, signal, subprocess, sys, time
job = json.load(open(sys.argv[1]))
def finish(status="succeeded", code=None, error=None):
    result = {"protocol": 1, "status": status, "error": error, "peakMemoryBytes": 1234}
    with open(job["resultFile"], "w") as file:
        json.dump(result, file)
    os._exit(code if code is not None else 0 if status == "succeeded" else 1)
def event(text):
    with open(job["eventsFile"], "a") as file:
        file.write(text)
def write_pid(name, pid=None):
    with open(name, "w") as file:
        file.write(f"{pid or os.getpid()}\\n")
`;

interface Job {
  readonly folder: string;
  readonly events: JsonObject[];
  readonly logged: string[];
  readonly outcome: Promise<JobOutcome>;
}

async function startJob(
  code: string,
  options: Partial<JobRequest> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const folder = await testFolder(files);
  const events: JsonObject[] = [];
  const logged: string[] = [];
  const log: Log = (_level, event) => logged.push(event);
  const outcome = localExecutor({ clock: systemClock, log, graceMs: 300 }).runJob({
    spec: {
      ...{ protocol: 1, kind: "train", codeRoot: folder, workFolder: folder, modelConf: {}, dataConf: {}, seed: 1 },
      identifiers: { modelId: "m", modelVersion: "v", modelTable: "t" },
      context: { jobId: "j", projectId: "p", datasetInfo: {} },
      parentPid: process.pid,
      resultFile: join(folder, "result.json"),
      eventsFile: join(folder, "events.jsonl"),
    },
    jobFolder: folder,
    command: ["python3", "-u", "-c", PRELUDE + code, join(folder, "job.json")],
    variables: { PATH },
    timeoutMs: null,
    memoryLimitBytes: null,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
    ...options,
  });
  return { folder, events, logged, outcome };
}

async function runJob(...job: Parameters<typeof startJob>): Promise<JobOutcome> {
  return (await startJob(...job)).outcome;
}

test("a job that succeeds leaves its result, its output in files, and nothing on stdin", async () => {
  const job = await startJob("print('out', sys.stdin.read() == '')\nprint('err', file=sys.stderr)\nfinish()");
  const outcome = await job.outcome;
  expect(outcome).toMatchObject({
    result: { protocol: 1, status: "succeeded", error: null },
    ...{ exitCode: 0, exitSignal: null, isTimedOut: false, isOutOfMemory: false, isInterrupted: false },
  });
  expect(outcome.peakMemoryBytes).toBeGreaterThanOrEqual(1234);
  expect(outcome.durationMs).toBeGreaterThan(0);
  expect(await readFile(outcome.stdoutFile, "utf8")).toBe("out True\n");
  expect(await readFile(outcome.stderrFile, "utf8")).toBe("err\n");
});

test("a job that fails brings the model's error", async () => {
  const frame = '{"file": "training.py", "line": 3, "function": "train", "source": "1/0", "isUser": True}';
  const outcome = await runJob(`finish("failed", error={"type": "E", "message": "m", "frames": [${frame}]})`);
  expect(outcome.result?.error).toEqual({
    type: "E",
    message: "m",
    frames: [{ file: "training.py", line: 3, function: "train", source: "1/0", isUser: true }],
  });
});

test.each([
  ["another exit code than it says", 'finish("succeeded", code=1)'],
  ["a crash after it was written", 'finish("succeeded", code=139)'],
  ["no result at all", "sys.exit(0)"],
  ["half a result", "open(job['resultFile'], 'w').write('{\"protocol\": 1')"],
  ["a result of another protocol", "json.dump({'protocol': 2, 'status': 'succeeded'}, open(job['resultFile'], 'w'))"],
  ["a pipe in its place", "os.mkfifo(job['resultFile'])"],
])("a result is not trusted with %s", async (_what, code) => {
  expect(await runJob(code)).toMatchObject({ result: null, isTimedOut: false, isOutOfMemory: false });
});

test("a result that lay there before is not this job's", async () => {
  const old = { protocol: 1, status: "succeeded", error: null, peakMemoryBytes: null };
  const job = await startJob("pass", {}, { "result.json": JSON.stringify(old) });
  expect(await job.outcome).toMatchObject({ exitCode: 0, result: null });
});

test("every event arrives, also the last ones, half lines and lines that are no events notwithstanding", async () => {
  const job = await startJob(`
event('{"n": 1}\\n{"n"')
while not os.path.exists("go"):
    time.sleep(0.01)
event(': 2}\\nnonsense\\n[1]\\n\\n')
for n in range(3, 2000):
    event(json.dumps({"n": n, "text": "é" * 20}) + "\\n")
event('{"n": 2000}')
finish()
`);
  await waitUntil(() => job.events.length > 0);
  expect(job.events).toEqual([{ n: 1 }]);
  await writeFile(join(job.folder, "go"), "");
  await job.outcome;
  expect(job.events.map((event) => event["n"])).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1));
});

test("half a result of a job that was killed while it wrote it does not stay", async () => {
  const job = await startJob(`
open("%s.%d.tmp" % (job["resultFile"], os.getpid()), "w").write('{"protocol": 1')
os.kill(os.getpid(), signal.SIGKILL)
`);
  expect(await job.outcome).toMatchObject({ result: null, exitSignal: "SIGKILL" });
  expect((await readdir(job.folder)).sort()).toEqual(["job.json", "stderr.log", "stdout.log"]);
});

test("a listener that throws does not disturb the job", async () => {
  const job = await startJob(`event('{"n": 1}\\n')\nfinish()`, {
    onEvent: () => {
      throw new Error("deaf");
    },
  });
  expect(await job.outcome).toMatchObject({ result: { status: "succeeded" } });
  expect(job.logged).toContain("job.event.unheard");
});

test("a job that hangs and ignores SIGTERM is ended when its time is up", async () => {
  // A shell, because it is there at once: told to end before it ignores that, it would do so.
  const outcome = await runJob("", { command: ["sh", "-c", "trap '' TERM; sleep 60"], timeoutMs: 1_000 });
  expect(outcome).toMatchObject({ result: null, exitSignal: "SIGKILL", isTimedOut: true, isInterrupted: false });
});

test("a job that ended in time has done so, however late the tool hears of it", async () => {
  const timeoutMs = 1_000;
  const folder = await testFolder();
  const hasEnded = (): boolean =>
    existsSync(join(folder, "pid")) && !isAlive(Number(readFileSync(join(folder, "pid"))));
  const outcome = await runJob(`write_pid(${JSON.stringify(join(folder, "pid"))})\nfinish()`, {
    timeoutMs,
    onStarted: () => void setImmediate(() => holdUp(hasEnded, timeoutMs + 100)),
  });
  expect(outcome).toMatchObject({ isTimedOut: false, exitCode: 0, result: { status: "succeeded" } });
});

test("a time limit longer than timers can count is none", async () => {
  expect(await runJob("finish()", { timeoutMs: 2 ** 40 })).toMatchObject({ isTimedOut: false, exitCode: 0 });
});

test("an abort ends the job and its children", async () => {
  const abort = new AbortController();
  const job = await startJob("write_pid('child.pid', subprocess.Popen(['sleep', '60']).pid)\ntime.sleep(60)", {
    signal: abort.signal,
  });
  const child = await pidFrom(join(job.folder, "child.pid"));
  abort.abort();
  expect(await job.outcome).toMatchObject({ result: null, isInterrupted: true, isTimedOut: false });
  expect(isAlive(child)).toBe(false);
});

test("a job that is aborted before it starts never starts", async () => {
  const job = await startJob("write_pid('started')", { signal: AbortSignal.abort() });
  expect(await job.outcome).toMatchObject({ isInterrupted: true, exitCode: null, result: null });
  await expect(stat(join(job.folder, "started"))).rejects.toThrow();
});

test("a job that uses more memory than its limit is ended, children counted", async () => {
  const outcome = await runJob(
    `
child = subprocess.Popen([sys.executable, "-c", "data = b'x' * 150_000_000; import time; time.sleep(60)"])
data = b"x" * 150_000_000
time.sleep(60)
`,
    { memoryLimitBytes: 250_000_000 },
  );
  expect(outcome).toMatchObject({ result: null, isOutOfMemory: true, isTimedOut: false, exitSignal: "SIGKILL" });
  expect(outcome.peakMemoryBytes).toBeGreaterThan(250_000_000);
});

test("a job that is killed from outside is a crash, not one of the tool's reasons", async () => {
  const job = await startJob("write_pid('pid')\ntime.sleep(60)");
  process.kill(await pidFrom(join(job.folder, "pid")), "SIGKILL");
  expect(await job.outcome).toMatchObject({
    ...{ result: null, exitCode: null, exitSignal: "SIGKILL" },
    ...{ isTimedOut: false, isOutOfMemory: false, isInterrupted: false },
  });
});

test("what a job leaves running is ended with it: a child, one in a session of its own, a daemon", async () => {
  const job = await startJob(`
devnull = subprocess.DEVNULL
write_pid("child", subprocess.Popen(["sleep", "60"]).pid)
write_pid("session", subprocess.Popen(["sleep", "60"], start_new_session=True).pid)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        os.chdir("/")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        write_pid(os.path.join(job["workFolder"], "daemon"))
        time.sleep(60)
    os._exit(0)
os.wait()
while not os.path.exists("daemon"):
    time.sleep(0.01)
finish()
`);
  const pids = await Promise.all(["child", "session", "daemon"].map((name) => pidFrom(join(job.folder, name))));
  expect(await job.outcome).toMatchObject({ result: { status: "succeeded" }, exitCode: 0 });
  expect(pids.filter(isAlive)).toEqual([]);
});

test("a model that closes or garbles its output, or prints 100 MB, still has a result", async () => {
  const closed = await runJob("os.close(0); os.close(1); os.close(2)\nfinish()");
  expect(closed.result?.status).toBe("succeeded");
  const loud = await runJob(
    "os.write(1, bytes(range(256)))\nfor _ in range(100):\n    os.write(1, b'x' * 1_000_000)\nfinish()",
  );
  expect(loud.result?.status).toBe("succeeded");
  expect((await stat(loud.stdoutFile)).size).toBe(100_000_256);
});

test("a grandchild that holds the output open does not hold up the outcome", async () => {
  const startMs = performance.now();
  await runJob("subprocess.Popen(['sleep', '60'])\nfinish()");
  expect(performance.now() - startMs).toBeLessThan(50_000);
});

test("a program that does not exist is an environment fault, a folder that cannot be written a fault of state", async () => {
  await expect(runJob("", { command: ["no-such-interpreter"] })).rejects.toMatchObject({
    code: "INTERPRETER_NOT_FOUND",
  });
  if (process.platform === "linux")
    await expect(runJob("", { jobFolder: "/sys/modelwright" })).rejects.toMatchObject({ code: "STATE_UNWRITABLE" });
});

test("a job inherits no file that the tool has open", async () => {
  const kept = openSync(join(await testFolder({ kept: "" }), "kept"), "r");
  onTestFinished(() => closeSync(kept));
  const { dev, ino } = fstatSync(kept);
  const job = await startJob(`
for descriptor in range(1000):
    try:
        found = os.fstat(descriptor)
    except OSError:
        continue
    if (found.st_dev, found.st_ino) == (${dev}, ${ino}):
        print(descriptor)
finish()
`);
  expect(await readFile((await job.outcome).stdoutFile, "utf8")).toBe("");
});

test("a job knows from descriptor 3 that the tool is there: it hangs up when the job is over, not before", async () => {
  const before = await countSockets();
  const job = await startJob(`
import select, stat
print(stat.S_ISSOCK(os.fstat(3).st_mode))
hang_ups = select.poll()
hang_ups.register(3, 0)
print(hang_ups.poll(500))
os.write(3, b"x" * 10_000_000)
finish()
`);
  expect(await readFile((await job.outcome).stdoutFile, "utf8")).toBe("True\n[]\n");
  await waitUntil(async () => (await countSockets()) === before);
});

async function countSockets(): Promise<number> {
  const names = await readdir("/proc/self/fd");
  const targets = await Promise.all(names.map((name) => readlink(join("/proc/self/fd", name)).catch(() => "")));
  return targets.filter((target) => target.startsWith("socket:")).length;
}
