import { createHash } from "node:crypto";

import { messageOf } from "../../kernel/failure.ts";
import { isSurelyUnwritten, type ObjectBody } from "../../model/ports/object-store.ts";
import { readChunks } from "../read-chunks.ts";
import type { StoreContext } from "../store-context.ts";

interface JournalWrite {
  readonly key: string;
  readonly body: ObjectBody;
  readonly signal?: AbortSignal | undefined;
}

/** What one publication has written: what it may take back, and whether it is sure of that. */
export interface PublicationJournal {
  /** Creates an object and writes it down. False: the key is taken. */
  create(write: JournalWrite): Promise<boolean>;
  /**
   * Creates an object that carries the publication's nonce. A key that is taken may be taken by ourselves: by a request
   * whose reply was lost and which the store's client sent again. So it is read back.
   */
  createOwn(write: JournalWrite & { readonly isOurs: (bytes: Uint8Array) => boolean }): Promise<boolean>;
  /** True when the object under a taken key has this digest: ours with a lost reply, or another's. */
  holdsSame(key: string, digest: string): Promise<boolean>;
  /** From here on nothing is taken back: somebody else may build on it. */
  keep(): void;
  /**
   * Deletes what was written, last things first, so that the claim goes last and no reader and no collector ever meets
   * files without it. Does nothing when a write may still arrive: the collector then cleans up behind the claim.
   */
  withdraw(): Promise<void>;
  /** For a label that the collector has given up: deletes the files and leaves the claim. */
  discard(): Promise<void>;
}

/** @param claimKey - of the publication; its object is withdrawn last and never discarded. */
export function publicationJournal({ objects, log }: StoreContext, claimKey: string): PublicationJournal {
  let created: string[] = [];
  let isCertain = true;

  const remove = async (keys: readonly string[]) => {
    if (keys.length === 0) return;
    created = [];
    try {
      for (const key of keys) await objects.delete(key);
      log("info", "store.withdrawn", { claim: claimKey, objects: keys.length });
    } catch (error) {
      // The reason why the publication failed matters more; what is left is the collector's.
      log("warn", "store.withdrawFailed", { claim: claimKey, reason: messageOf(error) });
    }
  };

  const create = async ({ key, body, signal }: JournalWrite) => {
    try {
      const isCreated = await objects.create(key, body, { signal });
      if (isCreated) created.push(key);
      return isCreated;
    } catch (error) {
      if (!isSurelyUnwritten(error)) isCertain = false;
      throw error;
    }
  };

  return {
    create,
    createOwn: async ({ isOurs, ...write }) => {
      if (await create(write)) return true;
      const bytes = await objects.read(write.key);
      if (bytes === null || !isOurs(bytes)) return false;
      created.push(write.key);
      return true;
    },
    holdsSame: async (key, digest) => {
      const source = await objects.open(key);
      if (source === null) return false;
      const hash = createHash("sha256");
      for await (const chunk of readChunks(source, key)) hash.update(chunk);
      const isSame = hash.digest("hex") === digest;
      if (isSame) isCertain = false;
      return isSame;
    },
    keep: () => {
      created = [];
    },
    withdraw: async () => {
      if (isCertain) await remove([...created].reverse());
      else log("warn", "store.leftForCollector", { claim: claimKey, objects: created.length });
    },
    discard: () => remove(created.filter((key) => key !== claimKey)),
  };
}
