import { dirname } from "node:path";

import { isInside } from "../../files/resolve-inside.ts";
import { syncFolder } from "../../files/write-file-atomically.ts";

/** Makes the names on the way from `folder` up to `top` durable, both included. Clean folders cost microseconds. */
export async function syncFolders(folder: string, top: string): Promise<void> {
  for (let current = folder; isInside(top, current); current = dirname(current)) {
    await syncFolder(current);
    if (current === dirname(current)) return;
  }
}
