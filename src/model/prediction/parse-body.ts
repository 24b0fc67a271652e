import { Failure, messageOf } from "../../kernel/failure.ts";
import type { ExactJson } from "../ports/predictor.ts";
import { parseExact } from "./exact-json.ts";
import { JsonScanner, LONG_INTEGER, type ListSpan } from "./scan-json.ts";

/** Text up to this length is scanned and parsed in one go: a few milliseconds at most. */
const LARGE_CHARACTERS = 256 * 1024;

/** Text up to this length may be simple: most requests are of a row or a few. */
const SIMPLE_CHARACTERS = 8 * 1024;

/** Stands for the cut-out list while the rest of a large body is parsed. */
const CUT = "\u0000rows\u0000";
const CUT_JSON = JSON.stringify(CUT);

/**
 * Parses a request body: nesting is limited before anything is built, and integers beyond 2^53 come as `bigint`.
 * A large body is parsed in slices, with `nextTurn` awaited between them, so that it never holds up small ones.
 * A small one is parsed at once: most requests are, and waiting for a promise is a good part of what they cost.
 * @throws Failure `REQUEST_MALFORMED`, `JSON_TOO_DEEP`.
 */
export function parseBody(
  text: string,
  maxDepth: number,
  nextTurn: () => Promise<void>,
): ExactJson | Promise<ExactJson> {
  return isSimple(text, maxDepth) ? parseSimple(text) : parseScanned(text, maxDepth, nextTurn);
}

/** True when a look at so short a text already shows that it cannot nest too deep or lose digits. */
function isSimple(text: string, maxDepth: number): boolean {
  if (text.length > SIMPLE_CHARACTERS || LONG_INTEGER.test(text)) return false;
  let openings = 0;
  for (const bracket of "[{") {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++openings > maxDepth) return false;
    }
  }
  return true;
}

function parseSimple(text: string): ExactJson {
  try {
    return parseFast(text);
  } catch (cause) {
    throw explain(cause);
  }
}

async function parseScanned(text: string, maxDepth: number, nextTurn: () => Promise<void>): Promise<ExactJson> {
  const scanner = new JsonScanner(text);
  while (!scanner.advance(LARGE_CHARACTERS)) await nextTurn();
  refuseDepth(scanner.maxDepth, maxDepth);
  const parse = scanner.hasLongInteger ? parseExact : parseFast;
  try {
    const list = scanner.longestList;
    if (text.length <= LARGE_CHARACTERS || list === null) return parse(text);
    return await parseInSlices({ text, list, parse, nextTurn });
  } catch (cause) {
    throw explain(cause);
  }
}

/** What parsers say of `NaN`, `Infinity` and `-Infinity`, which Python's json writes unless it is told otherwise. */
const BARE_NUMBER = /token '?[NI]|No number after minus/;
const NO_NUMBER =
  'JSON has no NaN and no infinity: send null, or for a float column the texts "NaN", "Infinity", "-Infinity".';

function explain(cause: unknown): unknown {
  if (!(cause instanceof SyntaxError)) return cause;
  const message = `The request body is not JSON: ${messageOf(cause)}`;
  return new Failure("REQUEST_MALFORMED", {
    message,
    ...(BARE_NUMBER.test(message) ? { hint: NO_NUMBER } : {}),
    cause,
  });
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
