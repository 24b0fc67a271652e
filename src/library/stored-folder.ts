import { join } from "node:path";

import type { Services } from "../lifecycle/services.ts";
import { parseModelReference } from "../model/version/model-reference.ts";

/** Where a version lies in the model store, which is a folder. */
export interface StoredFolder {
  /** Absolute. */
  readonly folder: string;
  /** What its commit records; absent for a version of an older tool. */
  readonly manifestDigest?: string | undefined;
}

/** @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `NAME_INVALID`, those of the store. */
export async function storedFolder({ settings, store }: Services, reference: string): Promise<StoredFolder> {
  const { prefix, manifestDigest } = await store.resolve(parseModelReference(reference));
  return { folder: join(settings.store, prefix), manifestDigest: manifestDigest ?? undefined };
}
