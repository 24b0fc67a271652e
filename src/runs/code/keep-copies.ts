import { existsSync, readFileSync, statSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { resolveInside } from "../../files/resolve-inside.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { parse, parseJson } from "../../kernel/parse.ts";

/** A list of copies, format 1: `code/copies/<digest of the list>.json`. The bytes are in `code/files/`, by digest. */
const copiesSchema = z.object({
  schemaVersion: z.literal(1),
  files: z.array(z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), isExecutable: z.boolean() })),
});

const OWNER_MAY_EXECUTE = 0o100;

/**
 * Copies files into the state folder, each under its digest, so that what does not change from run to run is stored once.
 * @param code - the absolute folder `code/` of the state folder.
 * @param paths - relative to `root`, with `/`.
 * @returns where the list is, relative to `code`.
 * @throws Failure `STATE_UNWRITABLE`; the system's error for a file that cannot be read.
 */
export async function keepCopies(code: string, root: string, paths: readonly string[]): Promise<string> {
  const files: { path: string; sha256: string; isExecutable: boolean }[] = [];
  for (const path of [...paths].sort()) {
    const source = join(root, path);
    const bytes = readFileSync(source);
    const digest = sha256(bytes);
    const isExecutable = (statSync(source).mode & OWNER_MAY_EXECUTE) !== 0;
    await writeOnce(copyOf(code, digest), bytes);
    files.push({ path, sha256: digest, isExecutable });
  }
  const text = JSON.stringify({ schemaVersion: 1, files }, null, 1);
  const stored = `copies/${sha256(text)}.json`;
  await writeOnce(join(code, stored), text);
  return stored;
}

/**
 * Lays out what `keepCopies` kept, each file checked against its digest.
 * @throws Failure `RUN_CODE_MISSING` when a list or a file is gone or damaged, `STATE_UNWRITABLE`.
 */
export async function layOutCopies(code: string, stored: string, target: string): Promise<void> {
  const { files } = await readCopies(code, stored);
  for (const { path, sha256: digest, isExecutable } of files) {
    const source = copyOf(code, digest);
    const bytes = await readFile(source).catch((cause: unknown) => {
      throw missing(source, cause);
    });
    if (sha256(bytes) !== digest) throw missing(source);
    const file = resolveInside(target, path);
    await makeFolders(dirname(file));
    await writeFile(file, bytes, isExecutable ? { mode: 0o755 } : {});
  }
}

async function readCopies(code: string, stored: string): Promise<z.infer<typeof copiesSchema>> {
  const path = resolveInside(code, stored);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw missing(path, cause);
  });
  return parse(copiesSchema, parseJson(text, path), path);
}

function copyOf(code: string, digest: string): string {
  return join(code, "files", digest.slice(0, 2), digest);
}

async function writeOnce(path: string, data: string | Uint8Array): Promise<void> {
  if (existsSync(path)) return;
  await makeFolders(dirname(path));
  // Not synced to disk: a copy that a crash tore is found out by its digest, and training should not wait for disks.
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, data);
  await rename(temporary, path);
}

function missing(path: string, cause?: unknown): Failure {
  return new Failure("RUN_CODE_MISSING", {
    message: `${path}, which holds code that was kept with a run, is gone or damaged.`,
    hint: "Restore the folder code/ of the state folder from a backup, or train again.",
    details: { path },
    cause,
  });
}
