import { ERROR_CODES } from "../kernel/error-codes.ts";
import type { JsonObject } from "../kernel/json.ts";
import type { ModelState, PredictionService } from "../model/ports/predictor.ts";
import { describeApi } from "./openapi/describe-api.ts";
import { jsonReply, textReply, type Reply } from "./reply.ts";
import type { Handler } from "./router.ts";

/** What `GET` routes tell about the server and its models. */
export interface ModelRoutes {
  readonly health: Handler;
  readonly ready: Handler;
  readonly version: Handler;
  readonly list: Handler;
  readonly describe: Handler;
  readonly openapi: Handler;
}

/** @param isDraining - a server that drains is not ready, so that no new clients are sent to it. */
export function modelRoutes(predictor: PredictionService, apiVersion: string, isDraining: () => boolean): ModelRoutes {
  return {
    health: () => textReply(200, "ok"),
    ready: () => readiness(predictor.states(), isDraining()),
    version: () => jsonReply(200, JSON.stringify(versions(predictor, apiVersion))),
    list: () =>
      jsonReply(200, JSON.stringify({ models: predictor.states().map((state) => summary(predictor, state)) })),
    describe: ({ model }) => jsonReply(200, JSON.stringify(description(predictor, model))),
    openapi: () => {
      const subject = { apiVersion, models: predictor.models(), hasSoleModel: predictor.states().length === 1 };
      return jsonReply(200, JSON.stringify(describeApi(subject)));
    },
  };
}

/** 200 when every model answers. A server without models has nothing to be ready for. */
function readiness(states: readonly ModelState[], isDraining: boolean): Reply {
  const ready = !isDraining && states.length > 0 && states.every(({ state }) => state === "ready");
  const models = Object.fromEntries(states.map(({ name, state, code }) => [name, code ?? state]));
  return jsonReply(ready ? 200 : 503, JSON.stringify({ ready, models }));
}

function versions(predictor: PredictionService, apiVersion: string): JsonObject {
  const models = predictor.models();
  if (predictor.states().length === 1) return { model_version: models[0]?.version ?? null, api_version: apiVersion };
  const byName = Object.fromEntries(models.map(({ name, version }) => [name, version]));
  return { model_version: null, api_version: apiVersion, models: byName };
}

/** What is told of one model. `update` says why it does not serve what its alias points to, if it does not. */
function description(predictor: PredictionService, name: string): object {
  const served = predictor.findModel(name);
  const update = predictor.states().find((state) => state.name === name)?.update ?? null;
  if (update === null) return { ...served, update };
  return { ...served, update: { ...update, reason: update.code === null ? null : ERROR_CODES[update.code].meaning } };
}

/** Models that are still loading have a name and a state only. */
function summary(predictor: PredictionService, { name, state }: ModelState): JsonObject {
  const model = predictor.models().find((served) => served.name === name);
  const path = `/v1/${name}`;
  if (model === undefined) return { name, state, path };
  const { reference, version, digest, engine, proof } = model;
  return { name, state, path, reference, version, digest, engine, proof };
}
