import type { JsonObject } from "../../kernel/json.ts";
import type { ModelError, TraceFrame } from "./run-record.ts";

/** A model that recurses without end has a thousand frames; the first and last ones tell the story. */
const MAX_FRAMES = 20;
const MAX_MESSAGE_LENGTH = 4_000;

/** `ValueError: could not convert string to float: 'x'`, safe to print. */
export function summariseModelError(error: ModelError): string {
  const message = printable(error.message).trim();
  const cut = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  return cut === "" ? printable(error.type) : `${printable(error.type)}: ${cut}`;
}

/**
 * What a model's author needs to see of an error: type and message, the frames of the model's own code from the outermost
 * in, and the frame that raised it, wherever that is.
 */
export function formatModelError(error: ModelError): string {
  return [summariseModelError(error), ...frameLines(error)].join("\n");
}

/** Only the frames of `formatModelError`, for where the message has been told already; empty when there are none. */
export function formatModelFrames(error: ModelError): string {
  return frameLines(error).join("\n");
}

function frameLines(error: ModelError): readonly string[] {
  const raising = error.frames.at(-1);
  const shown = error.frames.filter((frame) => frame.isUser || frame === raising);
  const lines = shown.map((frame) => formatFrame(frame, frame === raising ? "raised at" : "at"));
  return shortened(withoutRepeats(lines));
}

/** The error as plain JSON, for `Failure.details`. */
export function modelErrorDetails(error: ModelError): JsonObject {
  return { type: error.type, message: error.message, frames: error.frames.map((frame) => ({ ...frame })) };
}

function formatFrame(frame: TraceFrame, verb: string): string {
  const place = frame.line === null ? frame.file : `${frame.file}:${frame.line}`;
  const inside = frame.function === null ? "" : ` in ${frame.function}`;
  const source = frame.source === null || frame.source.trim() === "" ? "" : `\n      ${frame.source.trim()}`;
  return printable(`  ${verb} ${place}${inside}${source}`);
}

/** A function that calls itself without end gives the same frame again and again. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  const isRepeat = (index: number): boolean => index > 0 && lines[index] === lines[index - 1];
  return lines.flatMap((line, index) => {
    if (!isRepeat(index)) return [line];
    return isRepeat(index + 1) ? [] : ["  … the same, again and again …"];
  });
}

function shortened(lines: readonly string[]): readonly string[] {
  const left = lines.length - MAX_FRAMES;
  if (left <= 0) return lines;
  const half = MAX_FRAMES / 2;
  return [...lines.slice(0, half), `  … ${left} more …`, ...lines.slice(-half)];
}

/** `text` without control characters: what a model wrote may hold anything, also what a terminal takes for a command. */
export function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "\uFFFD");
}
