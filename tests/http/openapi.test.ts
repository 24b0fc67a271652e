import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterEach, expect, test } from "vitest";

import { Failure } from "../../src/kernel/failure.ts";
import type { JsonObject, JsonValue } from "../../src/kernel/json.ts";
import type { Signature } from "../../src/model/definition/signature.ts";
import { call, postJson, type HttpReply } from "../support/http-exchange.ts";
import { serveWith, startPredictionServer, type PredictionServer } from "../support/prediction-server.ts";

const SIGNATURE: Signature = {
  columns: [
    { name: "age", type: "integer", min: 0, max: 150, unit: "years", description: "Age at the visit." },
    { name: "score", type: "float", optional: true, nullable: true },
    { name: "2nd", type: "string", categories: ["a", "b"], default: "a" },
    { name: "colour", aliases: ["color"], type: "string", categories: ["red"], onUnknown: "pass" },
    { name: "smokes", type: "boolean" },
  ],
  outputs: [
    { name: "label", kind: "label", classes: ["no", "yes"] },
    { name: "probability", kind: "probability", classes: ["no", "yes"] },
  ],
  examples: [{ age: 30, colour: "red", smokes: false }],
};

const GOOD: JsonObject = { age: 30, colour: "red", smokes: false };

let server: PredictionServer;

afterEach(async () => {
  await server.stop();
});

async function startServer(signature: Signature | null = SIGNATURE): Promise<JsonObject> {
  const answer = { label: "no", probability: [0.75, 0.25] };
  server = await startPredictionServer({ answer: (rows) => rows.map(() => answer), model: { signature } });
  return (await call(`${server.url}/openapi.json`)).json as JsonObject;
}

/** Compiles the schema at a JSON pointer of the document. */
function schemaAt(document: JsonObject, pointer: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, "api");
  return ajv.compile({ $ref: `api#${pointer}` });
}

function pointer(...parts: readonly string[]): string {
  return parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function expectReplyFits(document: JsonObject, path: string, method: string, reply: HttpReply): void {
  const type = (reply.headers["content-type"] ?? "").split(";")[0] ?? "";
  const validate = schemaAt(
    document,
    pointer("paths", path, method, "responses", String(reply.status), "content", type, "schema"),
  );
  validate(type === "text/plain" ? reply.text : reply.json);
  expect(validate.errors ?? [], `${method} ${path}: ${reply.text}`).toEqual([]);
}

test.each([
  ["a signature", SIGNATURE],
  ["one output", { ...SIGNATURE, outputs: [{ name: "price", kind: "value" }], onExtra: "error" } satisfies Signature],
  ["no signature", null],
])("the description of a server with %s is valid OpenAPI", async (_, signature) => {
  const document = await startServer(signature);
  await server.host.put("other.model-2", serveWith(server.engine, "other.model-2"));
  for (const one of [document, (await call(`${server.url}/openapi.json`)).json as JsonObject]) {
    expect(await new Validator().validate(structuredClone(one))).toMatchObject({ valid: true });
  }
});

test.each<[string, JsonValue]>([
  ["a good row", GOOD],
  ["an alias", { age: 30, color: "red", smokes: false }],
  ["an optional column that is null", { ...GOOD, score: null }],
  ["words for floats", { ...GOOD, score: "NaN" }],
  ["a float", { ...GOOD, score: 0.5 }],
  ["a default that is given", { ...GOOD, "2nd": "b" }],
  ["an unknown category that is let through", { ...GOOD, colour: "blue" }],
  ["an extra key", { ...GOOD, more: 1 }],
  ["a value too large", { ...GOOD, age: 151 }],
  ["a fraction for an integer", { ...GOOD, age: 1.5 }],
  ["a null that is not allowed", { ...GOOD, age: null }],
  ["an unknown category", { ...GOOD, "2nd": "c" }],
  ["a text for a float", { ...GOOD, score: "much" }],
  ["a number for a boolean", { ...GOOD, smokes: 1 }],
  ["a missing column", { colour: "red", smokes: false }],
  ["a row that is a list", [30, 0.5, "a", "red", false]],
  ["a row that is a number", 7],
])("the description takes a row exactly when the server does: %s", async (_, row) => {
  const document = await startServer();
  const requestSchema = pointer("paths", "/v1/churn/predict", "post", "requestBody", "content", "application/json");
  const validate = schemaAt(document, `${requestSchema}/schema`);
  const reply = await postJson(`${server.url}/v1/churn/predict`, [row]);
  expect({ takes: validate([row]) }).toEqual({ takes: reply.status === 200 });
  expectReplyFits(document, "/v1/churn/predict", "post", reply);
});

test("every answer of every route fits its description", async () => {
  const document = await startServer();
  for (const path of Object.keys(document["paths"] as JsonObject)) {
    if (path.includes("{") || path.endsWith("/predict")) continue;
    expectReplyFits(document, path, "get", await call(server.url + path));
  }
  expectReplyFits(document, "/v1/{model}", "get", await call(`${server.url}/v1/churn`));
  expectReplyFits(document, "/v1/{model}", "get", await call(`${server.url}/v1/nosuch`));
  const posts: readonly [string, string, unknown][] = [
    ["/v1/{model}/predict", "/v1/churn/predict", [GOOD, {}]],
    ["/v1/{model}/predict", "/v1/churn/predict", { inputs: [GOOD] }],
    ["/v1/{model}/predict", "/v1/churn/predict", "{"],
    ["/v1/{model}/predict", "/v1/nosuch/predict", [GOOD]],
    ["/predict", "/predict", { data: { names: ["age", "colour", "smokes"], ndarray: [[30, "red", true]] } }],
  ];
  for (const [path, target, body] of posts)
    expectReplyFits(document, path, "post", await postJson(server.url + target, body));
  server.host.setLoading("late");
  server.host.setFailed("late", new Failure("PROOF_FAILED", { message: "No." }));
  expectReplyFits(document, "/ready", "get", await call(`${server.url}/ready`));
  expectReplyFits(document, "/v1", "get", await call(`${server.url}/v1`));
  expectReplyFits(document, "/v1/{model}/predict", "post", await postJson(`${server.url}/v1/late/predict`, [GOOD]));
});

test("a server of several models describes each, and no route that it does not answer", async () => {
  await startServer();
  await server.host.put("other", serveWith(server.engine, "other", { signature: null }));
  const { paths } = (await call(`${server.url}/openapi.json`)).json as { readonly paths: JsonObject };
  expect(Object.keys(paths).filter((path) => path.endsWith("/predict"))).toEqual([
    ...["/v1/{model}/predict", "/v1/churn/predict", "/v1/other/predict"],
  ]);
});
