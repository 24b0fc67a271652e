import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";

import { ROOT, type CodeBlock } from "./markdown.ts";
import { compileSchema, readSchema } from "./published-schema.ts";

const RUN = ["sh", "python", "js", "ts"];
/** Files of a project and the schemas that editors check them with. */
const FILE_SCHEMAS: Readonly<Record<string, string>> = {
  "model.json": "model",
  "modelwright.json": "modelwright",
  "signature.json": "signature",
};

/** What is wrong with a block of a page, which no session shows; null: nothing. */
export function faultOf({ language, label, text }: CodeBlock): string | null {
  if (RUN.includes(language)) return null;
  if (language === "text")
    return label === "" ? "says not why it cannot run: text, then the reason, for example text usage" : null;
  if (language === "json") return faultOfJson(label, text);
  return `is neither of ${[...RUN, "json"].join(", ")} nor text with a reason`;
}

/** A label names the file (`model.json`), or the schema of the API's descriptions (`AnyReply`), or says that it is one. */
function faultOfJson(label: string, text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (label === "schema")
      return new Ajv2020({ strict: false }).validateSchema(value as object) === true ? null : "is no schema";
    const validate = validatorOf(label);
    if (validate === null)
      return "says not what it is: json, then model.json, modelwright.json, signature.json, schema or a name in openapi.json";
    return validate(value) ? null : JSON.stringify(validate.errors);
  } catch (error) {
    return String(error);
  }
}

function validatorOf(label: string) {
  const file = FILE_SCHEMAS[basename(label)];
  if (file !== undefined) return compileSchema(readSchema(file));
  const { components } = JSON.parse(readFileSync(join(ROOT, "schemas/openapi.json"), "utf8")) as {
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
  };
  if (!(label in components.schemas)) return null;
  return new Ajv2020({ strict: false }).compile({ $ref: `#/components/schemas/${label}`, components });
}
