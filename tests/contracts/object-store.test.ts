import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { memoryObjectStore } from "../../src/storage/memory-object-store.ts";
import { objectStoreContract } from "./object-store-contract.ts";

objectStoreContract("memory", () => Promise.resolve({ store: memoryObjectStore(), dispose: () => Promise.resolve() }));

objectStoreContract("local", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mw-local-"));
  return {
    // Not there yet: the first object makes it.
    store: localObjectStore(join(folder, "some", "store")),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});
