import { PUBLISHED_SCHEMAS } from "../../src/cli/schemas/published-schemas.ts";
import { GENERATED_MARK } from "./generated-mark.ts";

/** What this page reads of a JSON Schema. */
interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/** Names of published schemas of files that people write. */
const FILES = ["model", "signature", "modelwright"];

/** The reference of the files that people write. */
export function filesPage(): string {
  return `# Files

${GENERATED_MARK}

All are JSON; comments and trailing commas are allowed. An editor checks them with the linked schemas. A field in **bold** must be
there; null stands for a field that is left out.

${FILES.map(fileSection).join("\n")}`;
}

function fileSection(name: string): string {
  const schema = PUBLISHED_SCHEMAS[name]?.() as Schema;
  return `## \`${schema.title ?? name}\`

${schema.description ?? ""} Schema: [${name}.schema.json](../schemas/${name}.schema.json).

| field | type | meaning |
| --- | --- | --- |
${fieldRows(schema, "").join("\n")}
`;
}

function fieldRows({ properties = {}, required = [] }: Schema, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `\`${prefix}${name}\``;
    const field = required.includes(name) ? `**${path}**` : path;
    const row = `| ${field} | ${escapeCell(typeOf(schema))} | ${escapeCell(schema.description ?? "")} |`;
    return [row, ...fieldRows(objectIn(schema), `${prefix}${name}${isList(schema) ? "[]" : ""}.`)];
  });
}

/** The object whose fields stand below a field: itself, one of several forms, or the items of a list. */
function objectIn(schema: Schema): Schema {
  if (schema.properties !== undefined) return schema;
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])].map(objectIn);
  return inner.find(({ properties }) => properties !== undefined) ?? {};
}

function isList(schema: Schema): boolean {
  return schema.type === "array" || (schema.anyOf ?? []).some(isList);
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf !== undefined)
    return [...new Set(schema.anyOf.map(typeOf).filter((type) => type !== "null"))].join(" or ");
  if (schema.type === "array") return schema.items === undefined ? "list" : `list of ${typeOf(schema.items)}`;
  if (schema.type === "object") return "object";
  const types = [schema.type ?? "any"].flat().filter((type) => type !== "null");
  return types.length === 0 ? "null" : types.join(" or ");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
