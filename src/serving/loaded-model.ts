import { systemClock, type Clock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import { isJsonObject } from "../kernel/json.ts";
import { silentLog, type Log } from "../kernel/log.ts";
import type { Signature } from "../model/definition/signature.ts";
import type { Engine } from "../model/ports/engine.ts";
import type { ExactJson, PredictRequest, ServedModel } from "../model/ports/predictor.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import { compileRowRules, type RowRules } from "../model/prediction/row-rules.ts";
import { Batcher } from "./batcher.ts";
import { PredictionLog } from "./prediction-log.ts";
import { prepareRows, type PreparedRows } from "./prepare-rows.ts";
import { compileRedaction, hideModelMessage } from "./redact-rows.ts";
import { SERVING_LIMITS, type ServingLimits } from "./serving-limits.ts";
import { ModelStatistics, type ModelLoad } from "./statistics/model-statistics.ts";

export interface LoadedModelFields {
  /** What `GET /v1/<model>` tells, but for what follows from the other fields. */
  readonly info: Omit<ServedModel, "ready" | "engine" | "signature" | "checksRows">;
  readonly engine: Engine;
  /** Null: rows go to the model unchecked. */
  readonly signature: Signature | null;
  /** False when the model answers many rows otherwise than one: requests are then never put together. */
  readonly batchable: boolean;
  readonly limits?: Partial<ServingLimits> | undefined;
  readonly log?: Log | undefined;
  /** What part of the requests is logged as input, version and output events: 0 none (and nothing is spent on it), 1 all. */
  readonly loggedShare?: number | undefined;
  /** Columns whose values are never logged. */
  readonly redact?: readonly string[] | undefined;
  readonly clock?: Clock | undefined;
}

/** A model that answers. */
export interface LoadedModel {
  /** `ready` is read from the engine each time. */
  readonly info: ServedModel;
  readonly statistics: ModelStatistics;
  /**
   * Good rows go to the model, bad rows are named in the reply.
   * @throws Failure `TOO_MANY_ROWS`, `QUEUE_FULL`, `DEADLINE_EXCEEDED`, `MODEL_FAILED`, `PREDICTION_MISMATCH`, `WORKER_LOST`.
   */
  predict(request: PredictRequest): Promise<PredictReply>;
  /** Waits for the requests that it has, at most `timeoutMs`, and stops the engine. Give it no new ones. */
  drain(timeoutMs: number): Promise<void>;
}

/**
 * Puts row rules, queue, batching and event log in front of an engine.
 * @throws Failure `SIGNATURE_INVALID`.
 */
export function loadedModel(fields: LoadedModelFields): LoadedModel {
  return new BatchedModel(fields);
}

class BatchedModel implements LoadedModel {
  readonly info: ServedModel;
  readonly statistics: ModelStatistics;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #limits: ServingLimits;
  readonly #rules: RowRules | null;
  readonly #batcher: Batcher;
  readonly #log: PredictionLog;
  /** True when some values must not be logged: what a model says when it fails may quote them. */
  readonly #hidesValues: boolean;
  #activeCount = 0;
  #whenIdle: (() => void) | null = null;

  constructor({ info, engine, signature, batchable, ...rest }: LoadedModelFields) {
    const { log = silentLog, clock = systemClock, loggedShare = 1 } = rest;
    const { name: model, version, digest } = info;
    this.info = describe(info, engine, signature);
    this.#engine = engine;
    this.#clock = clock;
    this.statistics = new ModelStatistics({ model, version, loadNow: () => this.#loadNow() });
    this.#limits = { ...SERVING_LIMITS, ...rest.limits };
    this.#rules = signature === null ? null : compileRowRules(signature);
    const onCall = (rowCount: number): void => this.statistics.batches.observe(rowCount);
    this.#batcher = new Batcher({ engine, batchable, limits: this.#limits, clock, onCall });
    this.#hidesValues = (rest.redact ?? []).length > 0;
    const redaction = compileRedaction(rest.redact ?? [], signature);
    this.#log = new PredictionLog({ log, clock, share: loggedShare, model, version, digest, redaction });
  }

  async predict(request: PredictRequest): Promise<PredictReply> {
    const { rows, names = null } = request;
    if (rows.length > this.#limits.maxRows) throw tooManyRows(rows.length, this.#limits.maxRows);
    const prediction = this.#log.begin(request);
    this.#activeCount++;
    const startMs = this.#clock.monotonicMs();
    try {
      const preparing = prepareRows(rows, { rules: this.#rules, names });
      const prepared = preparing instanceof Promise ? await preparing : preparing;
      const { indexes, errors, extras } = prepared;
      if (extras !== null) this.#log.warnOfExtras(extras);
      // With nothing to answer the model is not called.
      const predictions = indexes.length === 0 ? [] : await this.#submit(prepared, request);
      const reply = { predictions, rows: indexes, version: this.info.version, errors };
      this.#log.end(prediction, reply);
      this.statistics.countReply(reply, rows.length, this.#clock.monotonicMs() - startMs);
      return reply;
    } catch (error) {
      this.statistics.countFailure(error, rows.length, this.#clock.monotonicMs() - startMs);
      const shown = this.#hidesValues ? hideModelMessage(error) : error;
      this.#log.fail(prediction, shown);
      throw shown;
    } finally {
      this.#activeCount--;
      if (this.#activeCount === 0) this.#whenIdle?.();
    }
  }

  async drain(timeoutMs: number): Promise<void> {
    if (this.#activeCount > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#batcher.rejectWaiting(
      new Failure("SERVER_DRAINING", { message: "The model was stopped before it could answer." }),
    );
    await this.#engine.stop();
  }

  #loadNow(): ModelLoad {
    return { ...this.#batcher.waiting, requestsInFlight: this.#activeCount };
  }

  #submit({ indexes, rowsJson }: PreparedRows, request: PredictRequest): Promise<readonly ExactJson[]> {
    const { rows, names, timeoutMs = this.#limits.timeoutMs, isAlone = false } = request;
    const isUnchecked = this.#rules === null;
    const namesJson = isUnchecked && names !== undefined ? JSON.stringify(names) : null;
    const keysJson = isUnchecked && names === undefined ? keysOf(rows) : null;
    return this.#batcher.submit({ rowsJson, rowCount: indexes.length, namesJson, keysJson }, timeoutMs, isAlone);
  }
}

function describe(info: LoadedModelFields["info"], engine: Engine, signature: Signature | null): ServedModel {
  return {
    ...info,
    engine: engine.kind,
    signature,
    checksRows: signature !== null,
    get ready() {
      return engine.isReady();
    },
  };
}

/** The keys of all rows that are objects, in the order in which they come, as JSON. */
function keysOf(rows: readonly ExactJson[]): string {
  const keys = new Set<string>();
  for (const row of rows) if (isJsonObject(row)) for (const key of Object.keys(row)) keys.add(key);
  return JSON.stringify([...keys]);
}

function tooManyRows(rowCount: number, maxRows: number): Failure {
  return new Failure("TOO_MANY_ROWS", {
    message: `The request has ${rowCount} rows; at most ${maxRows} are taken at once.`,
    hint: "Send the rows in several requests.",
  });
}
