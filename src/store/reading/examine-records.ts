import { Failure } from "../../kernel/failure.ts";
import { claimSchema, ownerSchema } from "../formats/records.ts";
import { openRecord } from "../formats/sealed-record.ts";
import { claimKey, ownerKey } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";
import { listCommitted } from "./list-versions.ts";

/** A record that is not as it was written. */
export interface DamagedRecord {
  readonly key: string;
  readonly message: string;
}

/**
 * Reads the records of a model that no reader of versions opens: whose the name is, and the claims of what is published. A
 * claim without a commit is the collector's.
 * @throws Failure `STORE_UNAVAILABLE`.
 */
export async function examineRecords(context: StoreContext, model: string): Promise<readonly DamagedRecord[]> {
  const damaged: DamagedRecord[] = [];
  const labels = [...(await listCommitted(context, model)).keys()];
  const records = [
    { key: ownerKey(model), schema: ownerSchema },
    ...labels.map((label) => ({ key: claimKey(model, label), schema: claimSchema })),
  ];
  for (const { key, schema } of records) {
    const bytes = await context.objects.read(key);
    if (bytes === null) continue;
    try {
      openRecord<unknown>(schema, bytes, key);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      damaged.push({ key, message: error.message });
    }
  }
  return damaged;
}
