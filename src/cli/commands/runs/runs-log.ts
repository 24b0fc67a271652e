import { stat } from "node:fs/promises";

import { readTail } from "../../../process/read-tail.ts";
import { LOG_STREAMS, logFile, readRunLog, type LogStream } from "../../../runs/log/read-run-log.ts";
import type { RunFolders } from "../../../runs/run-store.ts";
import { isGiven, textOption, type CommandContext, type CommandInput, type RunCommand } from "../../command.ts";

/** Of each stream, in JSON. */
const MAX_JSON_BYTES = 1024 * 1024;

/** `runs log`: as it was printed; with `--follow` until the run ends. As JSON the end of each stream, in one document. */
export const run: RunCommand = async (context, input) => {
  const { runs } = await context.services();
  const { id, status } = await runs.read(input.arguments[0] ?? "");
  const folders = runs.foldersOf(id);
  const isOver = isGiven(input, "follow") ? async () => (await runs.read(id)).status !== "running" : null;
  const count = await printLog(context, folders, { streams: streamsOf(input), isOver });
  if (context.isJson) {
    const [stdout, stderr] = await Promise.all(LOG_STREAMS.map((stream) => tailOf(logFile(folders, stream))));
    const now = isOver === null ? status : (await runs.read(id)).status;
    return { json: { run: id, status: now, stdout, stderr }, text: "" };
  }
  // A program that reads the log wants the log alone.
  const isSilent = count === 0 && context.facts.stdoutIsTerminal;
  return { json: null, text: isSilent ? `Run ${id} has printed nothing.` : "" };
};

function streamsOf(input: CommandInput): readonly LogStream[] {
  const stream = textOption(input, "stream");
  return LOG_STREAMS.filter((one) => stream === null || one === stream);
}

/** @returns how many parts there were. */
async function printLog(
  context: CommandContext,
  folders: RunFolders,
  request: { readonly streams: readonly LogStream[]; readonly isOver: (() => Promise<boolean>) | null },
): Promise<number> {
  let count = 0;
  for await (const { text } of readRunLog(folders, { ...request, signal: context.signal })) {
    count++;
    if (!context.isJson) context.print(context.facts.stdoutIsTerminal ? harmless(text) : text);
  }
  return count;
}

// eslint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL = /(\u001b\[[\d;]*m|[\n\t])|\p{Cc}/gu;

/**
 * What a terminal may be shown: colours stay, whatever else it would take for a command does not. Progress bars, which
 * go back to the beginning of their line, become lines.
 */
function harmless(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROL, (_, kept?: string) => kept ?? "\uFFFD");
}

async function tailOf(path: string): Promise<{ readonly text: string; readonly isTruncated: boolean }> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  return { text: (await readTail(path, MAX_JSON_BYTES)).toString("utf8"), isTruncated: size > MAX_JSON_BYTES };
}
