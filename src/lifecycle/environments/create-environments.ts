import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import { prepareEnvironment } from "../running/prepare-environment.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";

/** An environment that is ready, and what it is for. */
export interface CreatedEnvironment {
  readonly purposes: readonly ("train" | "predict")[];
  readonly environment: PreparedEnvironment;
}

/**
 * Prepares what a definition is trained and served in: one environment where both ask for the same, else two.
 * @throws what `prepareEnvironment` throws.
 */
export async function createEnvironments(
  services: Services,
  definition: ModelDefinition,
  request: { readonly choice: EnvironmentChoice; readonly work: Work },
): Promise<readonly CreatedEnvironment[]> {
  const { language, requirements } = definition;
  const prepare = (purpose: "train" | "predict"): Promise<PreparedEnvironment> =>
    prepareEnvironment(
      services,
      { needs: { language, requirements: requirements[purpose], lock: null }, choice: request.choice },
      request.work,
    );
  const train = await prepare("train");
  const isSame = JSON.stringify(requirements.train) === JSON.stringify(requirements.predict);
  const predict = isSame ? train : await prepare("predict");
  if (predict.interpreter === train.interpreter) return [{ purposes: ["train", "predict"], environment: train }];
  return [
    { purposes: ["train"], environment: train },
    { purposes: ["predict"], environment: predict },
  ];
}
