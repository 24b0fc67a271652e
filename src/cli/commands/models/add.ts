import { randomUUID } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";

import { makeFolders } from "../../../files/folders/make-folders.ts";
import { isInside } from "../../../files/resolve-inside.ts";
import { Failure } from "../../../kernel/failure.ts";
import { DEFINITION_FOLDERS } from "../../../layouts/find-definitions.ts";
import {
  carryOutAddition,
  isUsableName,
  planAddition,
  requireAvailable,
  type AdditionPlan,
} from "../../../lifecycle/project/add-definition.ts";
import { chooseTemplate, listTemplates, type Template } from "../../../lifecycle/project/templates.ts";
import type { Services } from "../../../lifecycle/services.ts";
import {
  isGiven,
  textOption,
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  type RunCommand,
} from "../../command.ts";
import { shellWord, table } from "../../output/text.ts";
import { askForDefinition, describe, type AddAnswers, type AddQuestions } from "./add-questions.ts";

/** `add`: a new definition from a template. With `--dry-run` the plan is printed and nothing written. */
export const run: RunCommand = async (context, input) => {
  const { cwd } = context.facts;
  const services = await context.services();
  const templates = await listTemplates(services);
  if (isGiven(input, "listTemplates")) return templateList(templates);
  const dir = textOption(input, "dir");
  const parent = dir === null ? null : resolve(cwd, dir);
  const objectionTo = (name: string) => objectionToName(services, { name, parent });
  const answers = await answersFor(context, input, { templates, objectionTo });
  const plan = await planAddition(services, {
    name: answers.name,
    description: answers.description,
    template: chooseTemplate(templates, { name: answers.template, language: textOption(input, "language") }),
    scaffold: isGiven(input, "scaffold"),
    parent,
    newId: randomUUID(),
  });
  const isDryRun = isGiven(input, "dryRun");
  if (!isDryRun) {
    await makeFolders(dirname(plan.folder));
    await carryOutAddition(plan);
  }
  const path = relative(cwd, plan.folder) || ".";
  const isFound = DEFINITION_FOLDERS.some((name) => isInside(join(services.settings.projectRoot, name), plan.folder));
  return additionOutput(plan, { path, isDryRun, trainedAs: isFound ? plan.storeName : path });
};

/** What the command line says; on a terminal a person is asked for the rest. */
async function answersFor(
  context: CommandContext,
  input: CommandInput,
  { templates, objectionTo }: Pick<AddQuestions, "templates" | "objectionTo">,
): Promise<AddAnswers> {
  const [name] = input.arguments;
  const description = textOption(input, "description");
  const template = textOption(input, "template");
  if (name !== undefined) return { name, description, template };
  const { stdinIsTerminal, stderrIsTerminal } = context.facts;
  if (context.isJson || !stdinIsTerminal || !stderrIsTerminal) {
    throw new Failure("USAGE", {
      message: "Missing required argument 'name'.",
      hint: "modelwright add --help shows how it is used.",
    });
  }
  const isTemplateKnown = template !== null || textOption(input, "language") !== null;
  const asked = await askForDefinition(context, {
    objectionTo,
    isDescriptionAsked: description === null,
    templates: isTemplateKnown ? [] : templates,
  });
  return { name: asked.name, description: description ?? asked.description, template: template ?? asked.template };
}

/** A name that is taken is told at once, not after all the other questions. */
async function objectionToName(
  services: Services,
  place: { readonly name: string; readonly parent: string | null },
): Promise<string | null> {
  if (!isUsableName(place.name)) return "With letters or digits and without slashes, please";
  try {
    await requireAvailable(services, place);
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.message} Another name, please`;
  }
}

function templateList(templates: readonly Template[]): CommandOutput {
  const rows = templates.map((template) => [template.name, describe(template)]);
  return {
    json: {
      templates: templates.map(({ name, origin, language, framework }) => ({ name, origin, language, framework })),
    },
    text: table(["TEMPLATE", "WHAT"], rows),
  };
}

function additionOutput(
  plan: AdditionPlan,
  { path, isDryRun, trainedAs }: { readonly path: string; readonly isDryRun: boolean; readonly trainedAs: string },
): CommandOutput {
  const files = plan.files.map((file) => file.path);
  const heading = isDryRun ? `Would make ${path} with:` : `Made ${path} with:`;
  const next = `Next: edit it, then modelwright train ${shellWord(trainedAs)}`;
  return {
    json: { name: plan.name, model: plan.storeName, path, files, written: !isDryRun },
    text: [heading, ...files.map((file) => `  ${file}`), next].join("\n"),
  };
}
