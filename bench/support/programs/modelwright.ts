import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { runToEnd, startLongRunning } from "./child-process.ts";
import { inRepository } from "../harness/repository.ts";
import type { Workspace } from "../harness/workspace.ts";

/** The tool as it is installed. */
export const TOOL = [process.execPath, inRepository("dist/cli.js")];

/** A project of the benchmark's own, with state of its own. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** The state folder, absolute. */
  readonly home: string;
  /** Runs a command to its end. @throws Error when it fails. */
  readonly run: (parameters: readonly string[]) => Promise<{ readonly stdout: string; readonly durationMs: number }>;
  /** Runs a command with `--json` and gives what it printed. */
  readonly ask: <T>(parameters: readonly string[]) => Promise<T>;
}

export function projectIn(folder: string): Project {
  const home = join(folder, ".modelwright");
  const run: Project["run"] = (parameters) => runToEnd([...TOOL, ...parameters, "--home", home], { cwd: folder });
  return {
    ...{ folder, home, run },
    ask: async <T>(parameters: readonly string[]) => JSON.parse((await run([...parameters, "--json"])).stdout) as T,
  };
}

/** The shipped example, copied. */
export async function copyPenguins({ folder }: Workspace): Promise<Project> {
  const project = join(folder, "penguins");
  await mkdir(project);
  await cp(inRepository("examples/penguins"), project, { recursive: true });
  return projectIn(project);
}

/** Trains and publishes a model of the project with the packages that an interpreter has. */
export async function publishModel(
  project: Project,
  model: string,
  environment: readonly string[],
): Promise<{ readonly runFolder: string }> {
  const { run } = await project.ask<{ readonly run: { readonly id: string } }>(["train", model, ...environment]);
  await project.run(["publish", model, "--alias", "champion", ...environment]);
  return { runFolder: join(project.home, "runs", run.id) };
}

/** Serves a reference until the benchmark ends, logging as little as its peers do. @returns the URL that predictions are asked of. */
export async function servePredictions(
  workspace: Workspace,
  project: Project,
  { model, environment, more = [] }: { model: string; environment: readonly string[]; more?: readonly string[] },
): Promise<string> {
  const quiet = ["--log-predictions", "0"];
  const parameters = ["serve", `${model}@champion`, "--port", "0", "--json", ...quiet, ...environment, ...more];
  const command = [...TOOL, ...parameters, "--home", project.home];
  const { readLine } = startLongRunning(workspace, command, { cwd: project.folder });
  const { url } = JSON.parse(await readLine()) as { readonly url: string };
  return `${url}/v1/${model}/predict`;
}
