import { Failure } from "../kernel/failure.ts";
import { silentLog, type Log } from "../kernel/log.ts";
import type {
  AliasUpdate,
  ModelState,
  PredictionService,
  PredictRequest,
  ServedModel,
} from "../model/ports/predictor.ts";
import type { MetricFamily, MetricsSource, StatusOf } from "../model/ports/metrics.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { StatisticsArchive } from "./statistics/statistics-archive.ts";
import { SERVING_LIMITS, type ServingLimits } from "./serving-limits.ts";

export interface ModelHostFields {
  readonly log?: Log | undefined;
  readonly limits?: Partial<ServingLimits> | undefined;
}

/** Models that come, are replaced and go while requests arrive. */
export interface ModelHost extends PredictionService {
  /** Says that a model will be served: until then it answers `MODEL_LOADING`. A version that serves goes on serving. */
  setLoading(name: string): void;
  /** Says that loading failed. A version that serves goes on serving. */
  setFailed(name: string, failure: Failure): void;
  /** Counts of what is and was served. */
  readonly metrics: MetricsSource;
  /** Says what keeps a model from following its alias; null: nothing. */
  setUpdate(name: string, update: AliasUpdate | null): void;
  /** Serves `model` from now on. Resolves once the version before it, if any, has answered what it had and is stopped. */
  put(name: string, model: LoadedModel): Promise<void>;
  /** Serves the model no longer. Resolves once it has answered what it had and is stopped. */
  remove(name: string): Promise<void>;
  /** Takes no new requests, waits for those there are, at most `timeoutMs`, and stops every model. */
  drain(timeoutMs: number): Promise<void>;
}

interface Entry {
  /** What answers; null while the first version is being loaded or after that has failed. */
  live: LoadedModel | null;
  /** Why the last load failed. */
  failure: Failure | null;
  update: AliasUpdate | null;
}

/** An empty host. */
export function modelHost({ log = silentLog, limits }: ModelHostFields = {}): ModelHost {
  const swapTimeoutMs = limits?.timeoutMs ?? SERVING_LIMITS.timeoutMs;
  return new SwappingHost(log, swapTimeoutMs);
}

class SwappingHost implements ModelHost {
  readonly #log: Log;
  /** Every request is answered or late by then. */
  readonly #swapTimeoutMs: number;
  readonly #entries = new Map<string, Entry>();
  #models: readonly ServedModel[] = [];
  readonly #archive = new StatisticsArchive();
  #isDraining = false;

  constructor(log: Log, swapTimeoutMs: number) {
    this.#log = log;
    this.#swapTimeoutMs = swapTimeoutMs;
  }

  models(): readonly ServedModel[] {
    return this.#models;
  }

  states(): readonly ModelState[] {
    return [...this.#entries].map(([name, { live, failure, update }]) => {
      if (live !== null) return { name, state: live.info.ready ? "ready" : "restarting", code: null, update };
      if (failure !== null) return { name, state: "failed", code: failure.code, update };
      return { name, state: "loading", code: null, update };
    });
  }

  findModel(name: string): ServedModel {
    return this.#find(name).info;
  }

  async predict(name: string, request: PredictRequest): Promise<PredictReply> {
    return this.#find(name).predict(request);
  }

  setLoading(name: string): void {
    this.#entry(name).failure = null;
  }

  setFailed(name: string, failure: Failure): void {
    const entry = this.#entry(name);
    entry.failure = failure;
    const isStillServed = entry.live !== null;
    this.#log("error", "model.failed", { model: name, code: failure.code, message: failure.message, isStillServed });
  }

  metrics(statusOf: StatusOf): readonly MetricFamily[] {
    const readiness = [...this.#entries].map(([model, { live }]) => {
      return { labels: { model, version: live?.info.version ?? "" }, value: live?.info.ready === true ? 1 : 0 };
    });
    const help = "1 while the model answers; the version is empty until one has been loaded.";
    const pending = [...this.#entries].map(([model, { update }]) => ({
      labels: { model },
      value: update === null ? 0 : 1,
    }));
    const pendingHelp = "1 while the model does not serve the version that its alias points to.";
    return [
      { name: "modelwright_model_ready", type: "gauge", help, samples: readiness },
      { name: "modelwright_alias_update_pending", type: "gauge", help: pendingHelp, samples: pending },
      ...this.#archive.families(statusOf),
    ];
  }

  setUpdate(name: string, update: AliasUpdate | null): void {
    this.#entry(name).update = update;
  }

  async put(name: string, model: LoadedModel): Promise<void> {
    if (this.#isDraining) return model.drain(0);
    const entry = this.#entry(name);
    const before = entry.live;
    this.#archive.add(model.statistics);
    entry.live = model;
    entry.failure = null;
    this.#refreshModels();
    this.#log("info", "model.serving", { model: name, version: model.info.version, digest: model.info.digest });
    await before?.drain(this.#swapTimeoutMs);
  }

  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    this.#refreshModels();
    await entry?.live?.drain(this.#swapTimeoutMs);
  }

  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    const live = [...this.#entries.values()].flatMap((entry) => entry.live ?? []);
    await Promise.all(live.map((model) => model.drain(timeoutMs)));
  }

  #entry(name: string): Entry {
    let entry = this.#entries.get(name);
    if (entry === undefined) this.#entries.set(name, (entry = { live: null, failure: null, update: null }));
    return entry;
  }

  #refreshModels(): void {
    this.#models = [...this.#entries.values()].flatMap((entry) => entry.live?.info ?? []);
  }

  /** @throws Failure `SERVER_DRAINING`, `MODEL_NOT_FOUND`, `MODEL_LOADING`, `MODEL_UNAVAILABLE`. */
  #find(name: string): LoadedModel {
    if (this.#isDraining) throw new Failure("SERVER_DRAINING", { message: "The server is shutting down." });
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Failure("MODEL_NOT_FOUND", { message: `No model named "${name}" is served.` });
    if (entry.live !== null) return entry.live;
    if (entry.failure === null)
      throw new Failure("MODEL_LOADING", {
        message: `The model "${name}" is being loaded.`,
        details: { retryAfterSeconds: 1 },
      });
    throw new Failure("MODEL_UNAVAILABLE", {
      message: `The model "${name}" could not be loaded (${entry.failure.code}).`,
      cause: entry.failure,
    });
  }
}
