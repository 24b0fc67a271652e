import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty model store and a state folder for a test. */
export interface TemporaryModelStore {
  /** Options for `loadModel`, `saveToModelStore` and the rest. */
  readonly options: { readonly home: string; readonly store: string };
  readonly remove: () => Promise<void>;
}

/** Makes an empty model store in a folder of its own; the caller removes it. */
export async function temporaryModelStore(): Promise<TemporaryModelStore> {
  const home = await mkdtemp(join(tmpdir(), "modelwright-store-"));
  return {
    options: { home, store: join(home, "store") },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
