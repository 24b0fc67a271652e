import { Failure, messageOf } from "../../kernel/failure.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { parseExact } from "./exact-json.ts";
import { JsonScanner, type ListSpan } from "./scan-json.ts";

/** Text up to this length is scanned and parsed in one go: a few milliseconds at most. */
const LARGE_CHARACTERS = 256 * 1024;

/** Stands for the cut-out list while the rest of a large body is parsed. */
const CUT = "\u0000rows\u0000";
const CUT_JSON = JSON.stringify(CUT);

/**
 * Parses a request body: nesting is limited before anything is built, and integers beyond 2^53 come as `bigint`.
 * A large body is parsed in slices, with `nextTurn` awaited between them, so that it never holds up small ones.
 * @throws Failure `REQUEST_MALFORMED`, `JSON_TOO_DEEP`.
 */
export async function parseBody(text: string, maxDepth: number, nextTurn: () => Promise<void>): Promise<ExactJson> {
  const scanner = new JsonScanner(text);
  while (!scanner.advance(LARGE_CHARACTERS)) await nextTurn();
  refuseDepth(scanner.maxDepth, maxDepth);
  const parse = scanner.hasLongInteger ? parseExact : parseFast;
  try {
    const list = scanner.longestList;
    if (text.length <= LARGE_CHARACTERS || list === null) return parse(text);
    return await parseInSlices({ text, list, parse, nextTurn });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure("REQUEST_MALFORMED", { message: `The request body is not JSON: ${messageOf(cause)}`, cause });
  }
}

type Parse = (text: string) => ExactJson;

interface LargeBody {
  readonly text: string;
  readonly list: ListSpan;
  readonly parse: Parse;
  readonly nextTurn: () => Promise<void>;
}

function parseFast(text: string): ExactJson {
  return JSON.parse(text) as ExactJson;
}

function refuseDepth(depth: number, maxDepth: number): void {
  if (depth <= maxDepth) return;
  throw new Failure("JSON_TOO_DEEP", {
    message: `The request body is nested ${depth} levels deep; at most ${maxDepth} are taken.`,
  });
}

/** Cuts out the longest list, parses it in parts, and puts it back into what is left. */
async function parseInSlices({ text, list: { start, end, breaks }, parse, nextTurn }: LargeBody): Promise<ExactJson> {
  const rest = parse(text.slice(0, start) + CUT_JSON + text.slice(end));
  const list: ExactJson[] = [];
  let from = start + 1;
  for (const to of [...breaks, end - 1]) {
    const part = parsePart(text.slice(from, to), from, parse);
    // A comma with nothing before or after it: alone, the empty part would pass as an empty list.
    if (part.length === 0 && breaks.length > 0) throw new SyntaxError(`Unexpected comma near position ${from}`);
    for (const element of part) list.push(element);
    from = to + 1;
    await nextTurn();
  }
  const found = { count: 0 };
  const whole = putBack(rest, list, found);
  // A key given twice (the last one counts), or a body that itself holds the stand-in: nobody does it by accident.
  return found.count === 1 ? whole : parse(text);
}

function parsePart(text: string, offset: number, parse: Parse): readonly ExactJson[] {
  try {
    return parse(`[${text}]`) as readonly ExactJson[];
  } catch (error) {
    throw new SyntaxError(`${messageOf(error)}, counted from position ${offset - 1}`, { cause: error });
  }
}

function putBack(value: ExactJson, list: readonly ExactJson[], found: { count: number }): ExactJson {
  if (value === CUT) {
    found.count++;
    return list;
  }
  // The list lies in objects only, so lists need not be entered.
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, putBack(field, list, found)]));
}
