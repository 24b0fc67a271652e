import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { inRepository } from "../harness/repository.ts";
import type { Workspace } from "../harness/workspace.ts";
import { startLongRunning } from "../programs/child-process.ts";
import type { PenguinPipeline } from "./penguin-models.ts";

/** Median durations of one row's prediction in milliseconds. */
export interface InTurn {
  /** By a call in the process. */
  readonly call: number;
  /** By a request to each server. */
  readonly asks: readonly number[];
}

/** A process in which the model is called, and from which servers are asked. */
export interface InProcessModel {
  readonly measureInTurn: (predictions: number) => Promise<InTurn>;
  /** Those of calls. */
  readonly answers: () => Promise<readonly unknown[]>;
}

/** @param urls - of the servers that are asked. */
export async function startInProcess(
  workspace: Workspace,
  { python, options, rows }: Pick<PenguinPipeline, "python" | "options" | "rows">,
  urls: readonly string[],
): Promise<InProcessModel> {
  const file = join(workspace.folder, "rows.json");
  await writeFile(file, JSON.stringify(rows));
  const command = [python, inRepository("bench/peers/predict_in_process.py"), file, ...urls];
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
