import { cp } from "node:fs/promises";
import { join } from "node:path";

import { benchPython } from "../programs/bench-python.ts";
import { startLongRunning } from "../programs/child-process.ts";
import { freePort, untilAnswered } from "../programs/http-server.ts";
import { copyPenguins, publishModel, servePredictions, type Project } from "../programs/modelwright.ts";
import { penguinRows, type PenguinRow } from "./penguin-rows.ts";
import { inRepository } from "../harness/repository.ts";
import type { Workspace } from "../harness/workspace.ts";

const MODEL = "penguin-species";

/** The penguins pipeline: published by us, and its code and file for whoever runs it without us. */
export interface PenguinPipeline {
  readonly project: Project;
  /** A model reference. */
  readonly reference: string;
  readonly python: string;
  /** For a process of the peer's: `models/model.joblib` lies in `cwd`, and `model_modules` can be imported. */
  readonly options: { readonly cwd: string; readonly variables: Readonly<Record<string, string>> };
  readonly rows: readonly PenguinRow[];
}

/** A pipeline that is served. */
export interface ServedPipeline extends PenguinPipeline {
  /** Predictions are asked here. */
  readonly url: string;
}

/** Trains and publishes the Python model of the example. */
export async function publishPenguinPipeline(workspace: Workspace): Promise<PenguinPipeline> {
  const python = await benchPython();
  const environment = ["--python", python, "--no-install"];
  const project = await copyPenguins(workspace);
  const { runFolder } = await publishModel(project, MODEL, environment);
  const cwd = join(workspace.folder, "peer");
  await cp(join(runFolder, "work"), cwd, { recursive: true });
  const definition = join(project.folder, "model_definitions", MODEL);
  return {
    ...{ project, reference: `${MODEL}@champion`, python },
    options: { cwd, variables: { PYTHONPATH: `${definition}:${inRepository("bench/peers")}` } },
    rows: penguinRows(),
  };
}

/** Trains, publishes and serves the Python model of the example. */
export async function servePenguinPipeline(workspace: Workspace): Promise<ServedPipeline> {
  const pipeline = await publishPenguinPipeline(workspace);
  const environment = ["--python", pipeline.python, "--no-install"];
  return { ...pipeline, url: await servePredictions(workspace, pipeline.project, { model: MODEL, environment }) };
}

/** The same model behind a bare `node:http` server. @returns where predictions are asked. */
export async function serveBare(
  workspace: Workspace,
  { python, options }: Pick<PenguinPipeline, "python" | "options">,
): Promise<string> {
  const programs = [inRepository("bench/peers/bare-server.mjs"), python, inRepository("bench/peers/bare_worker.py")];
  const { readLine } = startLongRunning(workspace, [process.execPath, ...programs], options);
  return `http://127.0.0.1:${await readLine()}/predict`;
}

/** The same model behind FastAPI and one worker of uvicorn. @returns where predictions are asked. */
export async function serveWithFastApi(
  workspace: Workspace,
  { python, options }: Pick<PenguinPipeline, "python" | "options">,
): Promise<string> {
  const port = await freePort();
  const settings = ["--port", String(port), "--workers", "1", "--no-access-log", "--log-level", "warning"];
  startLongRunning(workspace, [python, "-m", "uvicorn", "fastapi_app:app", ...settings], options);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswered(`${url}/docs`, 60_000);
  return `${url}/predict`;
}
