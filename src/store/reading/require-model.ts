import { Failure } from "../../kernel/failure.ts";
import { formatModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import { nearestNames } from "../../model/version/nearest-names.ts";
import type { StoreContext } from "../store-context.ts";
import { hasVersion, listModels } from "./list-versions.ts";

const MOST_LISTED = 10;

/** @throws Failure `MODEL_NOT_FOUND` when the store has no version of the model. */
export async function requireModel(context: StoreContext, model: string): Promise<void> {
  if (!(await hasVersion(context, model))) throw await modelNotFound(context, { name: model, selector: null });
}

/** What is told wherever a model is named that the store does not have: what is there, and what was perhaps meant. */
export async function modelNotFound(context: StoreContext, reference: ModelReference): Promise<Failure> {
  const { location } = context.objects;
  const models = await listModels(context);
  return new Failure("MODEL_NOT_FOUND", {
    message: `The store at ${location} has no model ${JSON.stringify(reference.name)}.`,
    hint: hintAmong(models, reference.name),
    details: { reference: formatModelReference(reference), models: models.slice(0, MOST_LISTED) },
  });
}

function hintAmong(models: readonly string[], name: string): string {
  if (models.length === 0) return "The store is empty. Publish a model first: modelwright publish.";
  const near = nearestNames(name, models);
  const meant = near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `;
  const listed = models.slice(0, MOST_LISTED).join(", ");
  const more = models.length > MOST_LISTED ? ` and ${models.length - MOST_LISTED} more (modelwright versions)` : "";
  return `${meant}It has ${listed}${more}. Publish the model first, or name another store with --store.`;
}
