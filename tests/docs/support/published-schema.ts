import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** A schema as it is published. @param name - path below `schemas/` without its ending, for example `output/train`. */
export function readSchema(name: string): AnySchemaObject {
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as AnySchemaObject;
}

/** Fails the test unless `value` fits the published schema and has no field that the schema does not tell of. */
export function expectToFit(name: string, value: unknown): void {
  const validate = compileSchema(closeObjects(readSchema(name)) as AnySchemaObject);
  validate(value);
  const problems = (validate.errors ?? []).map(({ instancePath, message, params }) => ({
    instancePath,
    message,
    params,
  }));
  expect(problems, `${JSON.stringify(value, null, 2)}\nagainst schemas/${name}.schema.json`).toEqual([]);
}

export function compileSchema(schema: AnySchemaObject): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false });
  return ajv.compile(schema);
}

/** Published objects are open, so that later fields break no program; here a field that is not told of is a mistake. */
function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== "object" || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closeObjects(value)]));
  const isFreeObject = !("properties" in closed) || "additionalProperties" in closed;
  return isFreeObject ? closed : { ...closed, additionalProperties: false };
}
