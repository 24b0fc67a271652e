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
export function publicationJournal(context: StoreContext, claimKey: string): PublicationJournal {
  return new Journal(context, claimKey);
}

class Journal implements PublicationJournal {
  readonly #context: StoreContext;
  readonly #claimKey: string;
  #created: string[] = [];
  #isCertain = true;

  constructor(context: StoreContext, claimKey: string) {
    this.#context = context;
    this.#claimKey = claimKey;
  }

  async create({ key, body, signal }: JournalWrite): Promise<boolean> {
    try {
      const isCreated = await this.#context.objects.create(key, body, { signal });
      if (isCreated) this.#created.push(key);
      return isCreated;
    } catch (error) {
      if (!isSurelyUnwritten(error)) this.#isCertain = false;
      throw error;
    }
  }

  async createOwn({
    isOurs,
    ...write
  }: JournalWrite & { readonly isOurs: (bytes: Uint8Array) => boolean }): Promise<boolean> {
    if (await this.create(write)) return true;
    const bytes = await this.#context.objects.read(write.key);
    if (bytes === null || !isOurs(bytes)) return false;
    this.#created.push(write.key);
    return true;
  }

  async holdsSame(key: string, digest: string): Promise<boolean> {
    const source = await this.#context.objects.open(key);
    if (source === null) return false;
    const hash = createHash("sha256");
    for await (const chunk of readChunks(source, key)) hash.update(chunk);
    const isSame = hash.digest("hex") === digest;
    if (isSame) this.#isCertain = false;
    return isSame;
  }

  keep(): void {
    this.#created = [];
  }

  async withdraw(): Promise<void> {
    if (this.#isCertain) await this.#remove([...this.#created].reverse());
    else this.#context.log("warn", "store.leftForCollector", { claim: this.#claimKey, objects: this.#created.length });
  }

  discard(): Promise<void> {
    return this.#remove(this.#created.filter((key) => key !== this.#claimKey));
  }

  async #remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const { objects, log } = this.#context;
    this.#created = [];
    try {
      for (const key of keys) await objects.delete(key);
      log("info", "store.withdrawn", { claim: this.#claimKey, objects: keys.length });
    } catch (error) {
      // The reason why the publication failed matters more; what is left is the collector's.
      log("warn", "store.withdrawFailed", { claim: this.#claimKey, reason: messageOf(error) });
    }
  }
}
