import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { benchPython } from "../programs/bench-python.ts";
import { startLongRunning } from "../programs/child-process.ts";
import { freePort, untilAnswered } from "../programs/http-server.ts";
import { copyPenguins, publishModel, servePredictions } from "../programs/modelwright.ts";
import { penguinRows, type PenguinRow } from "./penguin-rows.ts";
import { inRepository } from "../harness/repository.ts";
import type { Workspace } from "../harness/workspace.ts";

const MODEL = "penguin-species";

/** The penguins pipeline: served by us, and its code and file for whoever runs it without us. */
export interface PenguinPipeline {
  /** Predictions are asked here. */
  readonly url: string;
  readonly python: string;
  /** For a process of the peer's: `models/model.joblib` lies in `cwd`, and `model_modules` can be imported. */
  readonly options: { readonly cwd: string; readonly variables: Readonly<Record<string, string>> };
  readonly rows: readonly PenguinRow[];
}

/** Trains, publishes and serves the Python model of the example. */
export async function servePenguinPipeline(workspace: Workspace): Promise<PenguinPipeline> {
  const python = await benchPython();
  const environment = ["--python", python, "--no-install"];
  const project = await copyPenguins(workspace);
  const { runFolder } = await publishModel(project, MODEL, environment);
  const cwd = join(workspace.folder, "peer");
  await cp(join(runFolder, "work"), cwd, { recursive: true });
  const definition = join(project.folder, "model_definitions", MODEL);
  return {
    url: await servePredictions(workspace, project, { model: MODEL, environment }),
    python,
    options: { cwd, variables: { PYTHONPATH: `${definition}:${inRepository("bench/peers")}` } },
    rows: penguinRows(),
  };
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

/** A process in which the model is called, and from which its server is asked. */
export interface InProcessModel {
  /** Median durations of one row's prediction in milliseconds: by a call in the process, and by a request to the server. */
  readonly measureInTurn: (predictions: number) => Promise<{ readonly call: number; readonly ask: number }>;
  /** Those of calls. */
  readonly answers: () => Promise<readonly unknown[]>;
}

export async function startInProcess(
  workspace: Workspace,
  { url, python, options, rows }: PenguinPipeline,
): Promise<InProcessModel> {
  const file = join(workspace.folder, "rows.json");
  await writeFile(file, JSON.stringify(rows));
  const command = [python, inRepository("bench/peers/predict_in_process.py"), url, file];
  const { writeLine, readLine } = startLongRunning(workspace, command, options);
  const ask = async <T>(line: string): Promise<T> => {
    writeLine(line);
    return JSON.parse(await readLine()) as T;
  };
  return {
    measureInTurn: (predictions) => ask(String(predictions)),
    answers: () => ask(""),
  };
}
