import { randomUUID } from "node:crypto";

import type { Clock } from "../../../src/kernel/clock.ts";
import { silentLog } from "../../../src/kernel/log.ts";
import type { ObjectStore } from "../../../src/model/ports/object-store.ts";
import {
  modelStore,
  type ManifestDraft,
  type ModelStore,
  type PublishFile,
  type PublishRequest,
} from "../../../src/store/model-store.ts";

/** A clock that tests set. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = "2026-11-20T10:15:00.000Z"): TestClock {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export function testStore(objects: ObjectStore, clock: Clock = testClock(), publisher = "tester"): ModelStore {
  return modelStore(objects, { clock, log: silentLog, publisher, newNonce: randomUUID });
}

export function textFile(path: string, text: string, role: PublishFile["role"] = "artifact"): PublishFile {
  return { path, role, target: path, mediaType: "text/plain", body: Buffer.from(text) };
}

export const sampleFiles: readonly PublishFile[] = [
  textFile("model.txt", "weights 1 2 3"),
  textFile("code/model_modules/__init__.py", "from .scoring import ModelScorer\n", "code"),
  textFile("code/model_modules/scoring.py", "class ModelScorer: ...\n", "code"),
];

export const sampleManifest: ManifestDraft = {
  toolVersion: "0.1.0",
  definition: { id: "def-1", name: "Churn", description: null },
  framework: "scikit-learn",
  signature: { columns: [{ name: "age", type: "integer" }], outputs: [{ name: "churned", kind: "label" }] },
  serving: {
    language: "python",
    layout: "definitions",
    predictForm: "rows",
    inputForm: "array",
    batchable: true,
    config: { hyperParameters: { depth: 3 } },
    variables: { pass: [], set: {} },
    identifiers: { modelId: "def-1", modelVersion: "run-1", modelTable: "model_run_1" },
  },
  environment: {
    digest: "env-1",
    architecture: "linux-x64",
    interpreter: "CPython 3.11.7",
    lock: null,
    packages: ["numpy==2.0.0"],
  },
  run: { id: "run-1", git: null, seeds: { python: 0 }, threads: {} },
  parameters: { depth: 3 },
  dataDigests: {},
  modelMetrics: { accuracy: "0.9" },
  proof: {
    level: "predictions",
    recorded: { rows: [{ age: 3 }], predictions: [1] },
    metrics: [],
    evaluation: null,
    tolerance: null,
  },
};

/** A publication that succeeds as it is; tests change what they are about. */
export function samplePublication(changes: Partial<PublishRequest> = {}): PublishRequest {
  return {
    model: "churn",
    label: null,
    files: sampleFiles,
    describe: ({ version }) => ({
      manifest: sampleManifest,
      metadata: {
        model_name: "churn",
        model_filename: "model.txt",
        model_class: null,
        training_set_filenames: [],
        test_set_filenames: [],
        column_transformer_filename: null,
        author_email: null,
        version,
      },
      metrics: { accuracy: 0.9 },
    }),
    definitionId: "def-1",
    content: { serving: "python" },
    proofLevel: "predictions",
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** All keys of a store, in order. */
export async function allKeys(objects: ObjectStore): Promise<readonly string[]> {
  return (await objects.list("", { limit: 100_000 })).map(({ key }) => key);
}
