import type { CommitRecord } from "../../model/version/manifest.ts";
import { commitSchema } from "../formats/records.ts";
import { openRecord } from "../formats/sealed-record.ts";
import { commitKey } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";

/** What stands under the commit key of a label: nothing yet, the mark of the collector, or a version. */
export type CommitState =
  | { readonly state: "absent" }
  | { readonly state: "abandoned" }
  | { readonly state: "committed"; readonly commit: CommitRecord };

/** @throws Failure `STORE_CORRUPT`, `FORMAT_TOO_NEW`. */
export async function readCommit({ objects }: StoreContext, model: string, version: string): Promise<CommitState> {
  const key = commitKey(model, version);
  const bytes = await objects.read(key);
  if (bytes === null) return { state: "absent" };
  if (bytes.length === 0) return { state: "abandoned" };
  return { state: "committed", commit: openRecord(commitSchema, bytes, key) };
}
