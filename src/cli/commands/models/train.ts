import { pickDefinition } from "../../../lifecycle/definitions/pick-definition.ts";
import type { PublishOutcome } from "../../../lifecycle/publishing/publish-candidate.ts";
import type { PublishRunRequest } from "../../../lifecycle/publishing/publish-run.ts";
import type { Services, Work } from "../../../lifecycle/services.ts";
import { describeTraining, trainModel, type TrainRequest } from "../../../lifecycle/training/train-model.ts";
import { isGiven, textOption, type CommandContext, type CommandInput, type RunCommand } from "../../command.ts";
import { environmentChoice, numberOption } from "../../options/environment-choice.ts";
import { publishJson, publishLines } from "../../output/publish-output.ts";
import { runJson, runLines } from "../../output/run-output.ts";
import { shellWord } from "../../output/text.ts";
import { runLimits } from "../../options/run-options.ts";
import { searchFolder } from "../../search-folder.ts";

const DEFAULT_SEED = 42;
const LARGEST_SEED = 4_294_967_295;

/** `train`: one recorded run; with `--publish` a version, too. */
export const run: RunCommand = async (context, input) => {
  const model = input.arguments[0] ?? null;
  const services = await context.services(await searchFolder(context.facts.cwd, model));
  const definition = await pickDefinition(services, model, context.facts.cwd);
  const request = trainRequest(context, input, definition);
  if (isGiven(input, "dryRun")) {
    const plan = await describeTraining(request);
    return {
      json: { plan },
      text: Object.entries(plan)
        .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join("\n"),
    };
  }
  const trained = await trainModel(services, request, context);
  const publication = { definition, run: trained.run, name: null, label: null, examples: null, choice: request.choice };
  const outcome = isGiven(input, "publish") ? await publish(services, publication, context) : null;
  // As it was typed: another definition may have the same name.
  const name = shellWord(model ?? definition.storeName);
  const next =
    outcome === null
      ? [`Next: modelwright evaluate ${name}, modelwright publish ${name}`]
      : publishLines(outcome, null);
  return {
    json: { run: runJson(trained.run), version: outcome === null ? null : publishJson(outcome), notes: trained.notes },
    text: [...runLines(trained.run), ...trained.notes.map((note) => `  ${note}`), ...next].join("\n"),
  };
};

function trainRequest(
  context: CommandContext,
  input: CommandInput,
  definition: TrainRequest["definition"],
): TrainRequest {
  return {
    definition,
    data: textOption(input, "data"),
    cwd: context.facts.cwd,
    seed: numberOption(input, "seed", { min: 0, max: LARGEST_SEED, whole: true }) ?? DEFAULT_SEED,
    choice: environmentChoice(input, context.facts),
    ...runLimits(input),
  };
}

/** Loaded when it is asked for: most trainings publish nothing, and wait for all that is loaded. */
async function publish(services: Services, publication: PublishRunRequest, work: Work): Promise<PublishOutcome> {
  const { publishRun } = await import("../../../lifecycle/publishing/publish-run.ts");
  return publishRun(services, publication, work);
}
