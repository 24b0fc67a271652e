import { Failure } from "../../kernel/failure.ts";
import type { PredictionClient } from "../../http-client/prediction-client.ts";
import { parseServerAddress } from "../../http-client/server-address.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { parseModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import type { Services } from "../services.ts";

/** What a user calls an endpoint by. */
export interface EndpointName {
  /** Of the server; null where only the model was said. */
  readonly url: string | null;
  /** Null where only the server was said. */
  readonly reference: ModelReference | null;
  /** The folder that was given. */
  readonly definition: ModelDefinition | null;
}

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
/** `/v1/<model>` and `/v1/<model>/predict`, below whatever a proxy puts before them. */
const MODEL_PATH = /^(.*\/)v1\/([^/]+)(?:\/predict)?\/?$/;

/**
 * Reads what a user calls an endpoint by: the address of a server or of one of its models, a definition folder, or a
 * reference.
 * @throws Failure `USAGE` as `parseServerAddress`, `NAME_INVALID`, `REFERENCE_INVALID`, `DEFINITION_INVALID`.
 */
export async function readEndpointName(services: Services, text: string, cwd: string): Promise<EndpointName> {
  if (ADDRESS.test(text)) return addressed(parseServerAddress(text));
  if (!(await isDefinitionFolder(text, cwd))) {
    return { url: null, reference: parseModelReference(text), definition: null };
  }
  const definition = await pickDefinition(services, text, cwd);
  return { url: null, reference: { name: definition.storeName, selector: null }, definition };
}

function addressed(url: URL): EndpointName {
  const [, before, model] = MODEL_PATH.exec(url.pathname) ?? [];
  if (before === undefined || model === undefined) return { url: url.href, reference: null, definition: null };
  const reference = parseModelReference(decoded(model));
  return { url: new URL(before, url).href, reference, definition: null };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new Failure("NAME_INVALID", {
      message: `"${segment}" in the address cannot be the name of a model: after % come two hexadecimal digits, of UTF-8.`,
      hint: "Write the name as the server lists it: GET /v1.",
      cause,
    });
  }
}

/**
 * The only model that a server serves.
 * @throws Failure `USAGE` when there are more or none, `SERVER_UNREACHABLE`.
 */
export async function soleModel(client: PredictionClient, url: string, signal: AbortSignal): Promise<ModelReference> {
  const names = await client.list(signal);
  const [name] = names;
  if (name !== undefined && names.length === 1) return { name, selector: null };
  const base = url.replace(/\/$/, "");
  throw new Failure("USAGE", {
    message:
      names.length === 0
        ? `The server ${url} serves no model.`
        : `The server ${url} serves ${names.length} models: ${names.join(", ")}.`,
    hint: names.length === 0 ? "Start it with one: modelwright serve <model>." : `Say which: ${base}/v1/${name ?? ""}.`,
    details: { url, models: [...names] },
  });
}
