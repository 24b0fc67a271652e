import { access, constants, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { messageOf } from "../../kernel/failure.ts";
import type { Log } from "../../kernel/log.ts";

const rememberedSchema = z.object({ interpreter: z.string() });

/** Remembers which interpreter an environment that was used as it was belongs to: a version records its digest only. */
export async function rememberInterpreter(
  cacheFolder: string,
  environment: { readonly digest: string; readonly interpreter: string },
  log: Log,
): Promise<void> {
  const { digest, interpreter } = environment;
  if ((await readInterpreter(cacheFolder, digest)) === interpreter) return;
  try {
    await makeFolders(join(cacheFolder, "given"));
    await writeFileAtomically(pathOf(cacheFolder, digest), JSON.stringify({ interpreter }));
  } catch (error) {
    log("debug", "environment.notRemembered", { digest, reason: messageOf(error) });
  }
}

/** The interpreter of the environment with this digest, if it was used before and is still there; else null. */
export async function recallInterpreter(cacheFolder: string, digest: string): Promise<string | null> {
  const interpreter = await readInterpreter(cacheFolder, digest);
  if (interpreter === null) return null;
  return access(interpreter, constants.X_OK).then(
    () => interpreter,
    () => null,
  );
}

async function readInterpreter(cacheFolder: string, digest: string): Promise<string | null> {
  try {
    return rememberedSchema.parse(JSON.parse(await readFile(pathOf(cacheFolder, digest), "utf8"))).interpreter;
  } catch {
    // Never used here, or damaged: then it is not known.
    return null;
  }
}

function pathOf(cacheFolder: string, digest: string): string {
  return join(cacheFolder, "given", `${digest.slice(0, 32)}.json`);
}
