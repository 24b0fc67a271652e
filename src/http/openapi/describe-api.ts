import type { JsonObject } from "../../kernel/json.ts";
import type { ServedModel } from "../../model/ports/predictor.ts";
import { COMPONENT_SCHEMAS, replySchema, requestSchema } from "./components.ts";
import { predictionSchema, rowSchema } from "./row-schema.ts";

/** What is described. */
export interface ApiSubject {
  /** Version of the HTTP API. */
  readonly apiVersion: string;
  /** Models whose own rows and predictions are described; none: the API as every server has it. */
  readonly models: readonly ServedModel[];
  /** True for a server of one model, which also answers `POST /predict`. */
  readonly hasSoleModel: boolean;
}

/** The HTTP API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1); pure. */
export function describeApi({ apiVersion, models, hasSoleModel }: ApiSubject): JsonObject {
  return {
    openapi: "3.1.1",
    info: {
      title: "Modelwright prediction API",
      version: apiVersion,
      description: "Bad rows are named, good rows are answered. The API's version is no model's version.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths: {
      ...serverPaths(),
      "/v1/{model}": { parameters: [modelParameter()], get: describeModel() },
      "/v1/{model}/predict": { parameters: [modelParameter()], post: predictAny() },
      ...Object.fromEntries(models.map((model) => [`/v1/${model.name}/predict`, { post: predictModel(model) }])),
      ...(hasSoleModel ? { "/predict": { post: predictSole() } } : {}),
    },
    components: { schemas: { ...COMPONENT_SCHEMAS, ...modelSchemas(models) } },
  };
}

function serverPaths(): JsonObject {
  const text = (description: string, schema: JsonObject): JsonObject => ({
    "200": { description, content: { "text/plain": { schema } } },
  });
  return {
    "/health": get("health", "Says ok as long as the process lives.", text("It lives.", { const: "ok" })),
    "/ready": get("ready", "Says whether every model answers.", {
      "200": reply("Every model answers.", ref("Readiness")),
      "503": reply("One is loading, restarting or failed, or the server is draining.", ref("Readiness")),
    }),
    "/metrics": get(
      "metrics",
      "Counts of requests, rows, workers and aliases, for Prometheus.",
      text("Text format 0.0.4.", { type: "string" }),
    ),
    "/version": get("version", "Tells the versions of the models and of the API.", {
      "200": reply("The versions.", ref("Versions")),
    }),
    "/v1": get("listModels", "Lists the models with their states.", {
      "200": reply("The models.", ref("ModelList")),
    }),
    "/openapi.json": get(
      "describeApi",
      "This description, with the rows and predictions of every model that is served.",
      { "200": reply("An OpenAPI document.", { type: "object" }) },
    ),
  };
}

function get(id: string, summary: string, responses: JsonObject): JsonObject {
  return { get: { ...about(id, summary), responses } };
}

function modelParameter(): JsonObject {
  return { name: "model", in: "path", required: true, schema: { type: "string" }, description: "Name of the model." };
}

function describeModel(): JsonObject {
  return {
    ...about("describeModel", "Tells what answers: reference, version, signature, proof and metrics."),
    responses: {
      "200": reply("The model.", ref("Model")),
      "404": failure("No such model."),
      "503": failure("The model is loading, or failed to load."),
    },
  };
}

function predictAny(): JsonObject {
  return predict(about("predict", "Predicts rows."), { request: ref("AnyRequest"), answer: ref("AnyReply") });
}

function predictSole(): JsonObject {
  const data: JsonObject = { type: "object", properties: { ndarray: { type: "array" } }, required: ["ndarray"] };
  const older: JsonObject = { type: "object", properties: { data }, required: ["data"] };
  const request = { anyOf: [ref("AnyRequest"), older] };
  return predict(about("predictSole", "Predicts rows; also takes an older form with names and an ndarray."), {
    request,
    answer: ref("AnyReply"),
  });
}

function predictModel({ name }: ServedModel): JsonObject {
  return predict(about(`predict-${name}`, `Predicts rows with ${name}.`), {
    request: ref(`${name}.Request`),
    answer: ref(`${name}.Reply`),
  });
}

function modelSchemas(models: readonly ServedModel[]): JsonObject {
  return Object.fromEntries(
    models.flatMap(({ name, signature }): [string, JsonObject][] => [
      [`${name}.Request`, signature === null ? ref("AnyRequest") : requestSchema(rowSchema(signature))],
      [`${name}.Reply`, signature === null ? ref("AnyReply") : replySchema(predictionSchema(signature))],
    ]),
  );
}

function predict(
  operation: JsonObject,
  { request, answer }: { readonly request: JsonObject; readonly answer: JsonObject },
): JsonObject {
  return {
    ...operation,
    requestBody: { required: true, content: { "application/json": { schema: request } } },
    responses: {
      "200": reply("Predictions of the good rows; the bad ones are named.", answer),
      "400": failure("The body is not JSON, not rows, or nested too deep."),
      "404": failure("No such model."),
      "413": failure("Too many bytes or rows."),
      "415": failure("Not JSON in UTF-8, or compressed."),
      "422": reply("Every row was bad.", answer),
      "429": retryLater("The model's queue is full."),
      "500": failure("The model raised; the reason is in the server's log."),
      "503": retryLater("The model is loading, its worker was lost, or the server is draining."),
      "504": failure("No answer in time."),
    },
  };
}

function about(operationId: string, summary: string): JsonObject {
  return { operationId, summary };
}

function reply(description: string, schema: JsonObject): JsonObject {
  return { description, content: { "application/json": { schema } } };
}

function failure(description: string): JsonObject {
  return reply(description, ref("Error"));
}

function retryLater(description: string): JsonObject {
  const header = { description: "Seconds after which to try again.", schema: { type: "integer" } };
  return { ...failure(description), headers: { "Retry-After": header } };
}

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
