import { Failure, messageOf } from "../kernel/failure.ts";
import { needsExactParse, parseExact } from "../model/prediction/exact-json.ts";
import { readNamedRows } from "../model/prediction/request-envelope.ts";
import type { ExactJson, RowSet } from "../model/ports/predictor.ts";
import { unwrapRows } from "./unwrap-rows.ts";

/**
 * Rows of a JSON document, in any form in which a client may send them: a list, `{"inputs": […]}`, or `{"data": {"names": […],
 * "ndarray": […]}}`; also as other tools write rows, see `unwrapRows`. It is read whole; large data is better kept as JSON Lines or CSV.
 * Integers that a double cannot hold come as `bigint`.
 * @throws Failure `DATA_MALFORMED`.
 */
export async function readJsonRows(chunks: AsyncIterable<string>, where: string): Promise<RowSet> {
  const parts: string[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const value = parseText(parts.join(""), where);
  try {
    return readNamedRows(unwrapRows(value), null);
  } catch (cause) {
    throw new Failure("DATA_MALFORMED", {
      message: `${where} holds no list of rows.`,
      hint: 'Write [ { "column": value }, … ] or { "inputs": [ … ] }.',
      cause,
    });
  }
}

/**
 * Rows of JSON Lines, one a line; empty lines are skipped. https://jsonlines.org
 * @throws Failure `DATA_MALFORMED` with the line.
 */
export async function* readJsonLines(chunks: AsyncIterable<string>, where: string): AsyncGenerator<ExactJson> {
  let line = 0;
  for await (const text of splitLines(chunks)) {
    line++;
    if (text.trim() !== "") yield parseText(text, `${where}:${line}`, { where, line });
  }
}

/** Splits at line feeds only: node:readline would also split inside texts that hold U+2028. */
async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}

function parseText(text: string, place: string, details = {}): ExactJson {
  try {
    return needsExactParse(text) ? parseExact(text) : (JSON.parse(text) as ExactJson);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure("DATA_MALFORMED", {
      message: `${place} is not JSON: ${messageOf(cause)}`,
      hint: "Mend it at this place. Rows are a JSON list, or one JSON object a line in a file that ends in .jsonl.",
      details,
      cause,
    });
  }
}
