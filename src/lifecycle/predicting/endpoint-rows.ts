import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { TEST_INSTANCES } from "../../layouts/definitions/definition-paths.ts";
import { readSampleText } from "../../layouts/definitions/read-samples.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { OTHER_ENVIRONMENT } from "../../model/prediction/tolerance.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { listDefinitions } from "../definitions/list-definitions.ts";
import type { Services } from "../services.ts";
import { exampleRows } from "../serving/load-definition.ts";
import type { EndpointRows } from "./test-endpoint.ts";

/** Rows of which nothing is known that must come, and whose they are. */
export interface FoundRows {
  readonly expected: EndpointRows;
  readonly from: string;
}

/**
 * Rows to ask a model that nothing was recorded for: the examples of its definition (`samples/`, its `test/`, its signature),
 * else those of `test/test_instances.json` in the folder that the user is in. Null where there are none.
 * @throws Failure `DATA_MALFORMED`.
 */
export async function findEndpointRows(
  services: Services,
  {
    name,
    definition,
    cwd,
  }: { readonly name: string; readonly definition: ModelDefinition | null; readonly cwd: string },
): Promise<FoundRows | null> {
  const own = definition ?? (await definitionOf(services, name));
  const examples = own === null ? null : exampleRows(own);
  if (own !== null && examples !== null && examples.rows.length > 0) {
    return { expected: anyAnswer(examples), from: `the examples of ${own.folder}` };
  }
  return testInstances(join(cwd, TEST_INSTANCES));
}

/** Rows to which any answer will do. */
export function anyAnswer(rows: ExampleRows): EndpointRows {
  return { ...rows, predictions: null, tolerance: OTHER_ENVIRONMENT };
}

async function definitionOf(services: Services, name: string): Promise<ModelDefinition | null> {
  const { definitions } = await listDefinitions(services, null);
  const found = definitions.flatMap(({ read }) => (read.valid && read.definition.storeName === name ? [read] : []));
  return found[0]?.definition ?? null;
}

async function testInstances(path: string): Promise<FoundRows | null> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  });
  if (text === null) return null;
  const found = readSampleText(text);
  // Parsed from JSON, so they hold nothing else.
  if (found !== null)
    return { expected: anyAnswer({ ...found, rows: found.rows as readonly JsonValue[] }), from: path };
  throw new Failure("DATA_MALFORMED", {
    message: `${path} holds no rows.`,
    hint: 'Write a list of rows, { "inputs": [rows] } or { "payload": { "instances": [rows] } }.',
    details: { path },
  });
}
