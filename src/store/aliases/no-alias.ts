import { Failure } from "../../kernel/failure.ts";
import { requireModel } from "../reading/require-model.ts";
import type { StoreContext } from "../store-context.ts";

/**
 * What is told of an alias that a model does not have.
 * @throws Failure `MODEL_NOT_FOUND` instead when there is no such model at all.
 */
export async function noAlias(context: StoreContext, model: string, alias: string): Promise<Failure> {
  await requireModel(context, model);
  return new Failure("VERSION_NOT_FOUND", {
    message: `The model ${model} has no alias ${alias}.`,
    hint: `modelwright alias list ${model} shows its aliases.`,
    details: { model, alias },
  });
}
