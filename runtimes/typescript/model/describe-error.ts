import { findSourceMap } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

import type { ModelError, TraceFrame } from "../../../src/model/run/run-record.ts";

const MAX_FRAMES = 50;
const MAX_MESSAGE_CHARACTERS = 10_000;
const FRAME = /^\s+at (?:async )?(?:(.*?) \()?(.+?):(\d+):\d+\)?$/;

/** The model ended, or let end, the process before its work was done. The name is the `type` that users see. */
export class EndedEarly extends Error {
  override readonly name = "EndedEarly";
}

/** Text of the files that a bundle was made from: absolute path → lines, or null where the map has no text. */
type Sources = ReadonlyMap<string, readonly string[] | null>;

/** Turns what a model threw into what the tool reports: the type, the message, and the frames in the user's files. */
export class ErrorDescriber {
  readonly #bundle: string;
  readonly #runtimeFolder = dirname(fileURLToPath(import.meta.url));
  #bundled: Sources | null = null;
  #own: Sources | null = null;

  /** @param bundle - absolute path of the model's bundle. */
  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** Frames come as in Python: the outermost call first, the raising one last. */
  describe(thrown: unknown): ModelError {
    if (!(thrown instanceof Error))
      return { type: "NoError", message: `The model threw ${shorten(inspect(thrown, { depth: 2 }))}.`, frames: [] };
    return { type: typeOf(thrown), message: shorten(thrown.message), frames: this.#frames(thrown) };
  }

  #frames(error: Error): TraceFrame[] {
    const stack: unknown = error.stack;
    if (typeof stack !== "string") return [];
    // The head repeats the message, which may itself hold lines that look like frames.
    const head = `${error.name}: ${error.message}`;
    const lines = (stack.startsWith(head) ? stack.slice(head.length) : stack).split("\n");
    const frames = lines.map((line) => this.#frame(line)).filter((frame) => frame !== null);
    return frames.slice(0, MAX_FRAMES).reverse();
  }

  #frame(line: string): TraceFrame | null {
    const match = FRAME.exec(line);
    const file = match?.[2] === undefined ? null : filePath(match[2]);
    if (file === null || file.startsWith("node:") || this.#isOwn(file)) return null;
    const lineNumber = Number(match?.[3]);
    this.#bundled ??= sourcesOf(this.#bundle);
    const text = this.#bundled.get(file);
    return {
      file,
      line: lineNumber,
      function: match?.[1] ?? null,
      source: text?.[lineNumber - 1]?.trim() ?? null,
      isUser: text !== undefined && !file.split(sep).includes("node_modules"),
    };
  }

  /** True for the runtime's own code, whose frames tell a user as little as Node's. */
  #isOwn(file: string): boolean {
    this.#own ??= sourcesOf(fileURLToPath(import.meta.url));
    return this.#own.has(file) || dirname(file) === this.#runtimeFolder;
  }
}

/** Node has the source map of every module it loaded with `--enable-source-maps`, with absolute URLs as sources. */
function sourcesOf(file: string): Sources {
  const payload = findSourceMap(file)?.payload;
  const texts: readonly (string | null)[] = payload?.sourcesContent ?? [];
  return new Map(payload?.sources.map((source, index) => [filePath(source), texts[index]?.split("\n") ?? null]) ?? []);
}

function filePath(location: string): string {
  return location.startsWith("file://") ? fileURLToPath(location) : location;
}

/** The class of a custom error, even where it forgot to set `name`. */
function typeOf(error: Error): string {
  return error.name === "Error" ? error.constructor.name : error.name;
}

/** A model may set its error's message to anything. */
function shorten(message: unknown): string {
  const text = typeof message === "string" ? message : inspect(message);
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…` : text;
}
