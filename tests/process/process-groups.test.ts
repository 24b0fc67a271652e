import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { membersNow } from "../../src/process/group/members-now.ts";
import { spawnGroup, type ProcessGroup } from "../../src/process/spawn-group.ts";
import { measureMemory, watchMemory } from "../../src/process/group-memory.ts";
import { buildProgram } from "./support/build-program.ts";
import { isAlive, pidFrom } from "./support/processes.ts";
import { testFolder } from "./support/test-folder.ts";
import { waitUntil } from "./support/wait-until.ts";

const PATH = process.env["PATH"] ?? "";

async function startPython(cwd: string, code: string): Promise<ProcessGroup> {
  const out = openSync(join(cwd, "out.log"), "a");
  const command = ["python3", "-c", code];
  return spawnGroup({ command, cwd, variables: { PATH }, stdout: out, stderr: out, hasChannel: true });
}

/** Writes its process id into a file and then waits for ever, deaf to SIGTERM. */
const DEAF = `
import os, signal, sys, time
def stay(name):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(name, "w") as file:
        file.write(f"{os.getpid()}\\n")
    while True:
        time.sleep(60)
`;

test("ending a group ends children, children in sessions of their own, and daemons that lost their parent", async () => {
  const cwd = await testFolder();
  const group = await startPython(
    cwd,
    `${DEAF}
if os.fork() == 0:
    stay("child")
if os.fork() == 0:
    os.setsid()
    stay("session")
if os.fork() == 0:
    os.setsid()
    if os.fork() > 0:
        os._exit(0)
    os.environ.clear()
    stay("daemon")
stay("leader")
`,
  );
  const pids = await Promise.all(["child", "session", "daemon", "leader"].map((name) => pidFrom(join(cwd, name))));
  expect(await group.end(100)).toBe(true);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await group.exited).toEqual({ exitCode: null, signal: "SIGKILL" });
});

test("a group that heeds SIGTERM ends without being killed, and ending it again is fine", async () => {
  const cwd = await testFolder();
  const group = await startPython(
    cwd,
    "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\nopen('up', 'w').write('1\\n')\ntime.sleep(60)",
  );
  await pidFrom(join(cwd, "up"));
  expect(await Promise.all([group.end(10_000), group.end(10_000)])).toEqual([true, true]);
  expect(await group.exited).toEqual({ exitCode: 7, signal: null });
  expect(await group.end(0)).toBe(true);
});

test("what outlives its leader is ended too", async () => {
  const cwd = await testFolder();
  const group = await startPython(cwd, `${DEAF}\nif os.fork() == 0:\n    os.setsid()\n    stay("left")\n`);
  const left = await pidFrom(join(cwd, "left"));
  expect(await group.exited).toEqual({ exitCode: 0, signal: null });
  expect(isAlive(left)).toBe(true);
  expect(await group.end(50)).toBe(true);
  expect(isAlive(left)).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a younger process without environment, as one is that becomes another program, is waited for a moment",
  async () => {
    const cwd = await testFolder();
    const group = await startPython(cwd, `${DEAF}\nstay("leader")`);
    await pidFrom(join(cwd, "leader"));
    const other = spawn("/bin/sleep", ["60"], { env: {} });
    await once(other, "spawn");
    const blank = other.pid ?? 0;
    // Until it is asleep it may itself be becoming another program.
    await waitUntil(async () => (await readFile(`/proc/${blank}/cmdline`, "utf8")).startsWith("/bin/sleep"));
    expect(membersNow(group.identity).map((member) => member.pid)).not.toContain(blank);
    expect([...group.identity.undecided.keys()]).toContain(blank);
    await waitUntil(() => {
      membersNow(group.identity);
      return !group.identity.undecided.has(blank);
    });
    expect(await group.end(50)).toBe(true);
    expect(isAlive(blank)).toBe(true);
    other.kill("SIGKILL");
    await once(other, "exit");
  },
);

test("memory of forked workers is counted once where they share it", async () => {
  const cwd = await testFolder();
  const group = await startPython(
    cwd,
    `${DEAF}
data = bytearray(b"x" * 100_000_000)
for index in range(3):
    if os.fork() == 0:
        stay(f"child{index}")
stay("leader")
`,
  );
  await Promise.all(["child0", "child1", "child2", "leader"].map((name) => pidFrom(join(cwd, name))));
  const bytes = (await measureMemory(group.identity)) ?? 0;
  expect(bytes).toBeGreaterThan(100_000_000);
  if (process.platform === "linux") expect(bytes).toBeLessThan(250_000_000);
  await group.end(0);
});

test("a group that goes over its memory limit is told of, with its peak", async () => {
  const cwd = await testFolder();
  const group = await startPython(cwd, `${DEAF}\ndata = bytearray(b"x" * 200_000_000)\nstay("up")`);
  const exceeded = await new Promise<number>((resolve) => {
    const watch = watchMemory(group.identity, {
      limitBytes: 100_000_000,
      onExceeded: (bytes) => {
        expect(watch.peakBytes()).toBe(bytes);
        watch.stop();
        resolve(bytes);
      },
    });
  });
  expect(exceeded).toBeGreaterThan(100_000_000);
  await group.end(0);
});

/** A tool that starts a worker, says its process id, and does `ending` when it is up. */
async function toolProgram(ending: string): Promise<string> {
  return buildProgram(`
    import { spawnGroup } from "src/process/spawn-group.ts";
    const group = await spawnGroup({
      command: ["python3", "-c", process.argv[2]], cwd: process.argv[3],
      variables: { PATH: process.env.PATH }, stdout: 2, stderr: 2, hasChannel: true,
    });
    group.channel.once("data", () => { console.log(group.identity.id); ${ending} });
  `);
}

const UP_AND_DEAF = `${DEAF}\nos.write(3, b"x")\nstay("worker")`;

interface RunningTool {
  readonly cwd: string;
  /** Process id of its worker. */
  readonly worker: number;
  readonly ended: Promise<unknown[]>;
  kill(signal: NodeJS.Signals): void;
}

async function runTool(ending: string, worker: string): Promise<RunningTool> {
  const cwd = await testFolder();
  const tool = spawn(process.execPath, [await toolProgram(ending), worker, cwd], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(tool, "exit");
  const [line] = (await once(tool.stdout, "data")) as [Buffer];
  return { cwd, worker: Number(line.toString()), ended, kill: (signal) => tool.kill(signal) };
}

test("a tool that exits, whatever the way, leaves no process", async () => {
  for (const ending of ["process.exit(4)", "throw new Error('bug')"]) {
    const tool = await runTool(ending, UP_AND_DEAF);
    await tool.ended;
    await waitUntil(() => !isAlive(tool.worker));
  }
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "a tool that dies of %s leaves no process and dies as it would have",
  async (signal) => {
    const tool = await runTool("", UP_AND_DEAF);
    tool.kill(signal);
    expect(await tool.ended).toEqual([null, signal]);
    await waitUntil(() => !isAlive(tool.worker));
  },
);

test("a tool that handles a signal itself is left to it", async () => {
  const handled = await runTool(
    "process.on('SIGTERM', () => { try { process.kill(group.identity.id, 0); process.exit(9); } catch { process.exit(8); } })",
    UP_AND_DEAF,
  );
  handled.kill("SIGTERM");
  expect(await handled.ended).toEqual([9, null]);
  await waitUntil(() => !isAlive(handled.worker));
});

test("when the tool is killed with SIGKILL its worker reads the end of descriptor 3", async () => {
  const worker = `
import os
os.write(3, b"x")
end = os.read(3, 1)
open("end", "w").write(f"{len(end)}\\n")
`;
  const tool = await runTool("", worker);
  expect(isAlive(tool.worker)).toBe(true);
  tool.kill("SIGKILL");
  await tool.ended;
  await waitUntil(() => !isAlive(tool.worker));
  expect(await readFile(join(tool.cwd, "end"), "utf8")).toBe("0\n");
});

test("one worker does not hold the descriptors of another open", async () => {
  const cwd = await testFolder();
  const code = "import os\nos.read(3, 1)\nopen('end1', 'w').write('1\\n')";
  const first = await startPython(cwd, code);
  const second = await startPython(cwd, `${DEAF}\nstay("second")`);
  await pidFrom(join(cwd, "second"));
  first.channel?.destroy();
  await first.exited;
  await pidFrom(join(cwd, "end1"));
  await second.end(0);
});
