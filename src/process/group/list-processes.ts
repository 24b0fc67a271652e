import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { parsePsTable, parseStat, PS_ARGUMENTS, type ProcessEntry } from "./process-table.ts";

/**
 * The processes of this machine that have not ended; none when they cannot be told (no descriptor is left, `/proc` is
 * not there). Synchronous, because it must also work while the tool exits, and because reading `/proc` synchronously
 * takes a quarter of the time (15 µs a process).
 */
export function listProcesses(): readonly ProcessEntry[] {
  try {
    return process.platform === "linux" ? readProc() : readPs();
  } catch {
    return [];
  }
}

/** When the process began, as in `ProcessEntry.startTime` (Linux only); null when it cannot be told. */
export function readStartTime(pid: number): string | null {
  const text = readProcFile(`/proc/${pid}/stat`);
  return text === null ? null : (parseStat(text)?.startTime ?? null);
}

/** For all who watch something at the same time: one list serves them for this long. */
const RECENT_MS = 200;
let recent: { readonly atMs: number; readonly processes: readonly ProcessEntry[] } = { atMs: -Infinity, processes: [] };

/** Like `listProcesses`, but up to 200 ms old. */
export function listRecentProcesses(): readonly ProcessEntry[] {
  const nowMs = performance.now();
  if (nowMs - recent.atMs > RECENT_MS) recent = { atMs: nowMs, processes: listProcesses() };
  return recent.processes;
}

function readProc(): readonly ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = readProcFile(`/proc/${name}/stat`);
    const entry = text === null ? null : parseStat(text);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

function readPs(): readonly ProcessEntry[] {
  const ps = spawnSync("ps", PS_ARGUMENTS, { encoding: "utf8", env: { LC_ALL: "C", PATH: "/bin:/usr/bin" } });
  return ps.error === undefined ? parsePsTable(ps.stdout) : [];
}

/**
 * The environment with which the process, or one that it was forked from, was started (Linux only). Empty while the
 * process is only just becoming another program; null when it cannot be read.
 */
export function readEnvironment(pid: number): string | null {
  return readProcFile(`/proc/${pid}/environ`);
}

/** Null for a process that has gone meanwhile or belongs to somebody else. */
function readProcFile(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
