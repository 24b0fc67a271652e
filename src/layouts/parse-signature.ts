import { Failure } from "../kernel/failure.ts";
import { isJsonObject } from "../kernel/json.ts";
import type { Signature } from "../model/definition/signature.ts";
import { describeJson } from "./definitions/read-json-file.ts";
import { signatureOf } from "./definitions/read-signature.ts";
import { parseCommentedJson } from "./parse-commented-json.ts";

/**
 * The signature in a file that belongs to no definition; comments are allowed, as everywhere.
 * @throws Failure `JSON_MALFORMED` with line and column, `SIGNATURE_INVALID` with every fault and its JSON pointer.
 */
export function parseSignature(text: string, path: string): Signature {
  const { value, problems } = parseCommentedJson(text);
  if (problems.length > 0) {
    const places = problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
    throw new Failure("JSON_MALFORMED", {
      message: `${path} is not JSON. ${places.join("; ")}.`,
      hint: "Mend the file at this place.",
    });
  }
  if (!isJsonObject(value)) throw invalid(path, [`it must hold a JSON object, not ${describeJson(value)}`]);
  const read = signatureOf(value);
  if (read.signature !== null) return read.signature;
  throw invalid(
    path,
    read.issues.map(({ pointer, message }) => `${pointer === "" ? "its top" : pointer}: ${message}`),
  );
}

function invalid(path: string, faults: readonly string[]): Failure {
  return new Failure("SIGNATURE_INVALID", {
    message: `The signature ${path} is wrong. ${faults.join("; ")}.`,
    hint: 'For example {"columns": [{"name": "age", "type": "integer"}], "outputs": [{"name": "leaves", "kind": "label"}]}.',
    details: { path },
  });
}
