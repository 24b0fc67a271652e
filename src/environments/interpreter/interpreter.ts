import * as z from "zod";

import type { JsonObject } from "../../kernel/json.ts";

/** What `environment_probe.py` prints. */
export const interpreterSchema = z.object({
  /** For example `CPython`. */
  implementation: z.string().min(1),
  /** For example `3.11.7`. */
  version: z.string().regex(/^\d+\.\d+/),
  /** As `sysconfig.get_platform()` spells it, for example `linux-x86_64`. */
  platform: z.string(),
  machine: z.string(),
  /** Tells glibc from musl, and debug and free-threaded builds from ordinary ones; may be empty. */
  abi: z.string(),
  /** Absolute. Of a virtual environment its own. */
  executable: z.string().startsWith("/"),
  /** Absolute. The interpreter that a virtual environment was made from, else the same. */
  baseExecutable: z.string().startsWith("/"),
});

/** A Python interpreter that was asked what it is. */
export type Interpreter = z.infer<typeof interpreterSchema>;

/** The oldest Python whose models can be run. */
export const OLDEST_PYTHON = { major: 3, minor: 8 } as const;

/** For people and records, for example `CPython 3.11.7`. */
export function nameOf(interpreter: Interpreter): string {
  return `${interpreter.implementation} ${interpreter.version}`;
}

/** What makes two interpreters behave alike, wherever they are installed. */
export function identityOf(interpreter: Interpreter): JsonObject {
  const { implementation, version, platform, machine, abi } = interpreter;
  return { implementation, version, platform, machine, abi };
}

/** `3.11` of `3.11.7`. */
export function minorVersionOf(interpreter: Interpreter): string {
  return interpreter.version.split(".").slice(0, 2).join(".");
}

export function isRecentEnough(interpreter: Interpreter): boolean {
  const [major = 0, minor = 0] = interpreter.version.split(".").map(Number);
  return major > OLDEST_PYTHON.major || (major === OLDEST_PYTHON.major && minor >= OLDEST_PYTHON.minor);
}
