import { isJsonObject, type JsonObject, type JsonValue } from "../../src/kernel/json.ts";
import { GENERATED_MARK } from "./generated-mark.ts";

/** The reference of the HTTP API. @param api - its OpenAPI document. */
export function httpPage(api: JsonObject): string {
  const sections = entriesOf(api["paths"]).flatMap(([path, item]) =>
    entriesOf(item)
      .filter(([, operation]) => isJsonObject(operation) && "operationId" in operation)
      .map(([method, operation]) => operationSection(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `# HTTP API

${GENERATED_MARK}

The whole API as OpenAPI 3.1 is in [schemas/openapi.json](../schemas/openapi.json). A running server says the same at
\`GET /openapi.json\`, and there the rows and predictions of every model that it serves. [Serve](serve.md) shows it in use.

${sections.join("\n")}

## Bodies

${entriesOf((api["components"] as JsonObject)["schemas"])
  .map(bodySection)
  .join("\n")}`;
}

function operationSection(title: string, operation: JsonValue): string {
  const rows = entriesOf((operation as JsonObject)["responses"]).map(
    ([status, response]) => `| ${status} | ${bodyOf(response)} | ${textOf(response, "description")} |`,
  );
  return `## \`${title}\`\n\n${textOf(operation, "summary")}\n\n| status | body | when |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

function bodyOf(response: JsonValue): string {
  const [body] = entriesOf((response as JsonObject)["content"]);
  if (body === undefined) return "";
  const [type, content] = body;
  const name = nameOf((content as JsonObject)["schema"]);
  return name === null ? `\`${type}\`` : `[${name}](#${name.toLowerCase()})`;
}

function textOf(value: JsonValue, field: string): string {
  const text = isJsonObject(value) ? value[field] : undefined;
  return typeof text === "string" ? text : "";
}

function nameOf(schema: JsonValue | undefined): string | null {
  const reference = isJsonObject(schema) ? schema["$ref"] : undefined;
  return typeof reference === "string" ? (reference.split("/").at(-1) ?? null) : null;
}

function bodySection([name, schema]: readonly [string, JsonValue]): string {
  return `### ${name}\n\n\`\`\`json schema\n${JSON.stringify(schema, null, 2)}\n\`\`\`\n`;
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
