import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";

const FIXTURES = join(import.meta.dirname, "../../fixtures/store");

/** How a program ended, and what it printed. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a test program of `tests/fixtures/store/` runnable by plain Node; returns its path in `folder`. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const entryPoints = [join(FIXTURES, `${name}.ts`)];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return outfile;
}

/** Starts a program whose one argument is `input` as JSON. */
export function startProgram(program: string, input: unknown): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, JSON.stringify(input)], { env: { PATH: process.env["PATH"] } });
}

export async function programEnd(child: ChildProcessWithoutNullStreams): Promise<ProgramResult> {
  const ended = new Promise<Pick<ProgramResult, "exitCode" | "exitSignal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, exitSignal) => {
      resolve({ exitCode, exitSignal });
    });
  });
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ...end, stdout, stderr };
}

export function runProgram(program: string, input: unknown): Promise<ProgramResult> {
  return programEnd(startProgram(program, input));
}
