import { Failure } from "../../../kernel/failure.ts";
import type { ModelDefinition } from "../../../model/definition/model-definition.ts";
import type { RunRecord } from "../../../model/run/run-record.ts";
import { isName, parseModelReference } from "../../../model/version/model-reference.ts";
import { pickDefinition } from "../../../lifecycle/definitions/pick-definition.ts";
import type { Services } from "../../../lifecycle/services.ts";
import {
  evaluateTarget,
  type EvaluateOutcome,
  type EvaluationTarget,
} from "../../../lifecycle/training/evaluate-model-run.ts";
import { targetOfDefinition, withVersionTarget } from "../../../lifecycle/training/evaluation-targets.ts";
import { textOption, type CommandContext, type CommandInput, type RunCommand } from "../../command.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { runJson, runLines } from "../../output/run-output.ts";
import { shellWord } from "../../output/text.ts";
import { runLimits } from "../../options/run-options.ts";
import { searchFolder } from "../../search-folder.ts";

const SEED = 42;

/** `evaluate`: a run of a definition, or a published version (`name@version`). */
export const run: RunCommand = async (context, input) => {
  const model = askedModel(input);
  const services = await context.services(await searchFolder(context.facts.cwd, model));
  const { run: record, notes } = await evaluate(services, context, input);
  return {
    json: { run: runJson(record), notes },
    text: [...runLines(record), ...notes.map((note) => `  ${note}`), ...nextSteps(record, model)].join("\n"),
  };
};

function askedModel(input: CommandInput): string | null {
  return input.arguments[0] ?? null;
}

/** After a published version nothing needs to follow. */
function nextSteps({ source, model: name }: RunRecord, model: string | null): readonly string[] {
  return source?.version === null ? [`Next: modelwright publish ${shellWord(model ?? name)}`] : [];
}

async function evaluate(services: Services, context: CommandContext, input: CommandInput): Promise<EvaluateOutcome> {
  const model = askedModel(input);
  const choice = environmentChoice(input, context.facts);
  const data = textOption(input, "data");
  const { cwd } = context.facts;
  const request = { seed: SEED, choice, ...runLimits(input) };
  if (model?.includes("@") === true) {
    const use = (target: EvaluationTarget) => evaluateTarget(services, { ...request, target }, context);
    return withVersionTarget(services, { reference: parseModelReference(model), data, cwd, use }, context);
  }
  const definition: ModelDefinition = await pickDefinition(services, model, cwd).catch(async (error: unknown) => {
    throw await suggestVersion(services, model, error);
  });
  const target = await targetOfDefinition(services, definition, { runId: textOption(input, "run"), data, cwd });
  return evaluateTarget(services, { ...request, target }, context);
}

/** A model that was published without a definition has versions all the same, which can be evaluated. */
async function suggestVersion(services: Services, model: string | null, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || error.code !== "DEFINITION_NOT_FOUND" || model === null || !isName(model))
    return error;
  const [newest] = await services.store.versions(model);
  if (newest === undefined) return error;
  return new Failure(error.code, {
    message: error.message,
    hint: `The store has versions of it: modelwright evaluate ${model}@${newest.version}.`,
    details: error.details,
    cause: error,
  });
}
