import { existsSync, readFileSync } from "node:fs";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";

import { listProcesses, readEnvironment } from "../../../src/process/group/list-processes.ts";
import { testFolder } from "../../process/support/test-folder.ts";
import { waitUntil } from "../../process/support/wait-until.ts";
import { startCli, type CliResult, type StartedCli } from "../../support/cli.ts";
import type { HeldPhase } from "./held-models.ts";

/** A home and a state folder of one test's own. By the home its processes are told from all others. */
export interface Stage {
  /** `HOME`: handed on to every process that the tool starts. */
  readonly home: string;
  readonly state: string;
  start(args: readonly string[], options?: StageStart): Promise<StartedCli>;
  run(args: readonly string[], options?: StageStart): Promise<CliResult>;
  /** The address of a server, known before its models are loaded. */
  listening(server: StartedCli): Promise<string>;
  /** The model will stay in this phase when it comes to it. */
  hold(phase: HeldPhase): Promise<void>;
  /** Resolves when the model is held in this phase. */
  reached(phase: HeldPhase): Promise<void>;
  /** Standard output of all that was started. */
  printed(): string;
  /** Everything that lives and was started with this home. */
  processes(): readonly StageProcess[];
}

export interface StageProcess {
  readonly pid: number;
  /** Program and arguments, separated by spaces. */
  readonly command: string;
}

export interface StageStart {
  readonly isForeground?: boolean | undefined;
  readonly isStdinOpen?: boolean | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** @param from - a state folder that is copied; without it the state is empty. */
export async function makeStage(project: string, from: string | null = null): Promise<Stage> {
  const home = await testFolder();
  const state = join(home, "state");
  if (from !== null) await cp(from, state, { recursive: true });
  const mark = `HOME=${home}\0`;
  const processes = () =>
    listProcesses()
      .filter(({ pid }) => readEnvironment(pid)?.includes(mark) === true)
      .map(({ pid }) => ({ pid, command: commandOf(pid) }));
  onTestFinished(() => {
    for (const { pid } of processes()) process.kill(pid, "SIGKILL");
  });
  const started: StartedCli[] = [];
  const start: Stage["start"] = async (args, { variables, ...options } = {}) => {
    const cli = await startCli(args, {
      ...options,
      cwd: project,
      home: state,
      variables: { ...variables, HOME: home },
    });
    started.push(cli);
    return cli;
  };
  return {
    ...{ home, state, start, processes },
    printed: () => started.map(({ stdout }) => stdout()).join(""),
    run: async (args, options) => (await start(args, options)).ended,
    listening: async (server) => {
      let url: string | undefined;
      const find = () => (url = /"event":"server\.listening","url":"([^"]+)"/.exec(server.stderr())?.[1]);
      await reachedBy(
        server,
        waitUntil(() => find() !== undefined, 60_000),
      );
      return url ?? "";
    },
    hold: (phase) => writeFile(join(home, `hold-${phase}`), ""),
    reached: (phase) => waitUntil(() => existsSync(join(home, `at-${phase}`)), 60_000),
  };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** Every file and folder below a folder, relative. */
async function namesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).sort();
}

/** What a command that ended in whatever way must not leave: temporary files, work folders, half an environment. */
export async function leftovers({ state }: Pick<Stage, "state">): Promise<readonly string[]> {
  const names = await namesBelow(state);
  return names.filter((name) => isLeftover(name) || /^envs\/[0-9a-f]{32}(\/|$)/.test(name));
}

/** @param name - relative to the state folder. */
export function isLeftover(name: string): boolean {
  return /(^|\/)(tmp|tmp-[^/]*|[^/]*\.tmp)(\/|$)/.test(name) || /(^|\/)\.temporary\/./.test(name);
}

/** Keys below `commits/` of the stage's store. */
export async function committedKeys({ state }: Pick<Stage, "state">): Promise<readonly string[]> {
  return (await namesBelow(join(state, "store"))).filter((name) => /(^|\/)commits\/./.test(name));
}

/** `run.json` of the newest run. */
export async function newestRun({ state }: Pick<Stage, "state">): Promise<Readonly<Record<string, unknown>>> {
  const ids = await namesBelow(join(state, "runs")).then((names) => names.filter((name) => !name.includes("/")));
  const text = await readFile(join(state, "runs", ids.at(-1) ?? "", "run.json"), "utf8");
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** Nothing runs any more that was started with the stage's home. */
export async function expectNothingRuns(stage: Stage, withinMs: number): Promise<void> {
  await waitUntil(() => stage.processes().length === 0, withinMs).catch(() => undefined);
  expect(stage.processes()).toEqual([]);
}

/** Waits for what a command that goes on is to bring about; that it ends instead is a fault of the test at once. */
export async function reachedBy(tool: StartedCli, reached: Promise<void>): Promise<void> {
  const ended = tool.ended.then(({ exitCode, stderr }) => {
    throw new Error(`The command ended before (exit code ${String(exitCode)}):\n${stderr}`);
  });
  await Promise.race([reached, ended]);
}
