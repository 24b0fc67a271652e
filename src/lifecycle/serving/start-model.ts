import { rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { makeFolders } from "../../files/folders/make-folders.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { Signature } from "../../model/definition/signature.ts";
import type { Engine } from "../../model/ports/engine.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import { PROTOCOL, type WorkerSpec } from "../../model/ports/job.ts";
import type { StagedCode } from "../../model/ports/runtime.ts";
import { nameValues } from "../../model/prediction/request-envelope.ts";
import { compileRowRules } from "../../model/prediction/row-rules.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { loadedModel, type LoadedModel } from "../../serving/loaded-model.ts";
import { requireAllowedPickles } from "../inspection/require-allowed-pickles.ts";
import { placeCode, specOfCode, type PlacedCode } from "../running/place-code.ts";
import { modelVariables, prepareEnvironment, runtimeOf } from "../running/prepare-environment.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import type { Loadable } from "./loadable.ts";
import { startWorkers } from "./start-workers.ts";

const MAX_LISTED = 20;

/** Time for one call of a model without a server, where thousands of rows may go to one that takes them one by one. */
export const PATIENT_TIMEOUT_MS = 3_600_000;

/** A scorer that is alive. */
export interface StartedModel {
  readonly loadable: Loadable;
  readonly environment: PreparedEnvironment;
  readonly engine: Engine;
  /** The code as it runs, for keeping it in a version. */
  readonly staged: StagedCode;
  /** Ends the worker and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** What is started, and in which environment. */
export interface ModelStart {
  readonly loadable: Loadable;
  readonly choice: EnvironmentChoice;
}

/**
 * Prepares the environment, lays the artifacts out and starts a worker. Nothing is left when it fails.
 * @throws Failure `PICKLE_NOT_ALLOWED`, of the environment, the bundle, or `SCORER_FAILED`.
 */
export async function startModel(
  services: Services,
  { loadable, choice }: ModelStart,
  work: Work,
): Promise<StartedModel> {
  await requireAllowedPickles(services, loadable, work);
  const { serving, requirements, lock, givenDigest, name } = loadable;
  const environment = await prepareEnvironment(
    services,
    { needs: { language: serving.language, requirements, lock, givenDigest }, choice },
    work,
  );
  const runtime = runtimeOf(services, serving.language);
  const cacheFolder = services.folders.cache;
  const staged = await runtime.stage({ code: loadable.code, cacheFolder, ...work });
  const { variables } = modelVariables(services, { own: serving.variables, choice, runtime });
  const engine = await startInFolder(services, loadable, async (folder, logFiles) => {
    const placed = await placeCode(staged, loadable.code, join(folder, "code"));
    work.onProgress({ step: "model.starting", message: `Starting ${name}` });
    const places = { ...specOfCode(placed), parentPid: services.pid };
    const request = {
      ...{ loadable, variables, logFiles, folder },
      commandFor: (workerFile: string) => runtime.workerCommand(environment, workerFile),
      specFor: (workFolder: string) => workerSpec(loadable, { ...places, workFolder }),
    };
    return tellingBesideCode(services, { model: name, placed, engine: await startWorkers(services, request, work) });
  });
  return { loadable, environment, staged, engine, stop: () => engine.stop() };
}

/** What a scorer writes beside its code goes with the copy that it runs in. */
function tellingBesideCode(
  { log }: Services,
  { model, engine, placed }: { readonly model: string; readonly engine: Engine; readonly placed: PlacedCode },
): Engine {
  return stoppingWith(engine, async () => {
    await engine.stop();
    const files = (await placed.mirror?.listWritten()) ?? [];
    if (files.length > 0) log("warn", "model.wroteBesideCode", { model, files: files.slice(0, MAX_LISTED) });
  });
}

/** Starts an engine in a folder that goes when it does, and when it does not start. */
async function startInFolder(
  services: Services,
  loadable: Loadable,
  start: (folder: string, logFiles: readonly string[]) => Promise<Engine>,
): Promise<Engine> {
  const folder = await makeWorkFolder(services);
  try {
    const logFiles = await makeLogFiles(services, loadable);
    const engine = await start(folder.path, logFiles);
    return stoppingWith(engine, async () => {
      await engine.stop();
      await folder.remove();
      await Promise.all(logFiles.map(removeIfEmpty));
    });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Where the workers' output goes. It outlives the model, so that a message can name it. */
async function makeLogFiles(
  { folders, clock, pid }: Services,
  { name, workerCount = 1 }: Loadable,
): Promise<readonly string[]> {
  const time = clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, "");
  await makeFolders(folders.logs);
  const ending = (index: number): string => (workerCount === 1 ? "" : `-${index + 1}`);
  return Array.from({ length: workerCount }, (_, index) =>
    join(folders.logs, `${name}-${time}-${pid}${ending(index)}.log`),
  );
}

async function removeIfEmpty(file: string): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: 1 }));
  if (size === 0) await rm(file, { force: true });
}

/** Whoever stops the engine, for example a server that drains, removes its folders too. */
export function stoppingWith(engine: Engine, stop: () => Promise<void>): Engine {
  return {
    kind: engine.kind,
    workerCount: engine.workerCount,
    // Found out at the first rows where nothing declares them.
    get forms() {
      return engine.forms;
    },
    predict: (rowsJson, rowCount, options) => engine.predict(rowsJson, rowCount, options),
    isReady: () => engine.isReady(),
    stop,
  };
}

function workerSpec(
  loadable: Loadable,
  places: Pick<WorkerSpec, "codeRoot" | "copiedBelow" | "workFolder" | "parentPid">,
): WorkerSpec {
  const { serving, signature } = loadable;
  return {
    protocol: PROTOCOL,
    ...places,
    modelConf: serving.config,
    identifiers: serving.identifiers,
    context: { jobId: loadable.version, projectId: loadable.name, datasetInfo: loadable.datasetInfo },
    predictForm: serving.predictForm,
    inputForm: serving.inputForm,
    columns: signature === null ? null : signature.columns.map(({ name, type }) => ({ name, type })),
    probeRows: wireRows(signature, loadable.probe),
    ...(signature === null && loadable.probe.names !== undefined ? { probeNames: loadable.probe.names } : {}),
  };
}

/** Rows in the form that workers take; rows that the signature refuses cannot show anything. */
function wireRows(signature: Signature | null, { rows, names }: ExampleRows): readonly JsonValue[] {
  if (signature === null) return rows;
  const rules = compileRowRules(signature);
  return rows.flatMap((row) => {
    const { wire } = rules.check(names === undefined || !Array.isArray(row) ? row : nameValues(row, names));
    return wire === null || wire.some((value) => typeof value === "bigint") ? [] : [wire as readonly JsonValue[]];
  });
}

/** Puts row rules, queue and batching in front of a started model. */
export function faceOf(
  services: Services,
  started: StartedModel,
  facts: {
    readonly batchable: boolean;
    readonly proof: LoadedModel["info"]["proof"];
    /** Absent: nobody waits for the answers but whoever can press Ctrl-C. */
    readonly timeoutMs?: number;
    readonly loggedShare?: number;
    readonly redact?: readonly string[];
  },
): LoadedModel {
  const { name, reference, version, digest, metrics, signature } = started.loadable;
  return loadedModel({
    info: { name, reference, version, digest, metrics, proof: facts.proof },
    engine: started.engine,
    signature,
    batchable: facts.batchable,
    log: services.log,
    clock: services.clock,
    limits: { timeoutMs: facts.timeoutMs ?? PATIENT_TIMEOUT_MS },
    loggedShare: facts.loggedShare ?? 0,
    redact: facts.redact,
  });
}
