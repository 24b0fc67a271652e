import { Failure } from "../../kernel/failure.ts";
import { ownerSchema } from "../formats/records.ts";
import { openRecord, sealRecord } from "../formats/sealed-record.ts";
import { ownerKey } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";

/** A model's name and the definition that wants to publish under it; null for a model without definition. */
interface NameClaim {
  readonly model: string;
  readonly definitionId: string | null;
}

/**
 * Sees to it that a name is not another definition's. A model without definition may be published under any name:
 * whoever does that has typed the name.
 * @returns whether the name is the definition's on record.
 * @throws Failure `MODEL_NAME_TAKEN`.
 */
export async function requireName({ objects }: StoreContext, { model, definitionId }: NameClaim): Promise<boolean> {
  if (definitionId === null) return true;
  const key = ownerKey(model);
  const bytes = await objects.read(key);
  if (bytes === null) return false;
  const owner = openRecord(ownerSchema, bytes, key);
  if (owner.definitionId === definitionId) return true;
  throw new Failure("MODEL_NAME_TAKEN", {
    message: `The name ${model} belongs to the definition ${owner.definitionId}, and this one is ${definitionId}.`,
    hint: "Publish under another name with --name.",
    details: { model, owner: owner.definitionId, definitionId },
  });
}

/**
 * Puts a name on record for its definition, for good. Of two definitions that want a new name at once, one gets it.
 * @throws Failure `MODEL_NAME_TAKEN`.
 */
export async function ownName(context: StoreContext, claim: NameClaim): Promise<void> {
  const { model, definitionId } = claim;
  if (definitionId === null || (await requireName(context, claim))) return;
  const createdAt = context.clock.now().toISOString();
  await context.objects.create(ownerKey(model), sealRecord({ definitionId, createdAt, publisher: context.publisher }));
  await requireName(context, claim);
}
