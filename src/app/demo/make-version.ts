import type { JsonObject } from "../../kernel/json.ts";
import { publishRun } from "../../lifecycle/publishing/publish-run.ts";
import type { EnvironmentChoice, Services, Work } from "../../lifecycle/services.ts";
import { exampleRows } from "../../lifecycle/serving/load-definition.ts";
import { evaluateTarget } from "../../lifecycle/training/evaluate-model-run.ts";
import { targetOfDefinition } from "../../lifecycle/training/evaluation-targets.ts";
import { trainModel } from "../../lifecycle/training/train-model.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { stepTimer, type Say } from "./step-timer.ts";

const ALIAS = "champion";
const SEED = 42;
const NO_LIMITS = { timeoutMs: null, memoryLimitBytes: null };

/** A version that the demo made. */
export interface DemoModel {
  readonly name: string;
  readonly reference: string;
  /** A row that the model takes. */
  readonly row: JsonObject;
  readonly json: JsonObject;
}

export interface MakeVersionRequest {
  readonly definition: ModelDefinition;
  readonly choice: EnvironmentChoice;
  readonly cwd: string;
  readonly say: Say;
}

/** Trains, evaluates, publishes and aliases one definition, saying each step. */
export async function makeVersion(services: Services, request: MakeVersionRequest, work: Work): Promise<DemoModel> {
  const { definition, choice, cwd, say } = request;
  const name = definition.storeName;
  const step = stepTimer(say);
  const { run } = await trainModel(services, { definition, data: null, cwd, seed: SEED, choice, ...NO_LIMITS }, work);
  step(`trained, run ${run.id}`, `modelwright train ${name}`);
  const target = await targetOfDefinition(services, definition, { runId: run.id, data: null, cwd });
  const evaluated = await evaluateTarget(services, { target, seed: SEED, choice, ...NO_LIMITS }, work);
  step(`evaluated: ${metricsOf(evaluated.run)}`, `modelwright evaluate ${name}`);
  const outcome = await publishRun(
    services,
    { definition, run, name: null, label: null, examples: null, choice },
    work,
  );
  const { version, manifestDigest, created } = outcome.published;
  step(
    `${created ? "published" : "found published"} ${version}, proof: ${outcome.proof}`,
    `modelwright publish ${name}`,
  );
  await services.store.setAlias(name, ALIAS, version);
  step(`${name}@${ALIAS} is ${version}`, `modelwright alias set ${name}@${version} ${ALIAS}`);
  const [row = {}] = exampleRows(definition).rows;
  return {
    name,
    reference: `${name}@${ALIAS}`,
    row: row as JsonObject,
    json: {
      name,
      version,
      digest: manifestDigest,
      proof: outcome.proof,
      run: run.id,
      metrics: { ...evaluated.run.metrics, ...evaluated.run.platformMetrics },
    },
  };
}

function metricsOf({ platformMetrics, metrics }: RunRecord): string {
  const all = Object.entries({ ...metrics, ...platformMetrics });
  return all
    .map(
      ([name, value]) => `${name} ${typeof value === "number" ? Number(value.toPrecision(4)) : JSON.stringify(value)}`,
    )
    .join(", ");
}
