import { basename, dirname } from "node:path";

import { pickDefinition } from "../../../lifecycle/definitions/pick-definition.ts";
import { createEnvironments, type CreatedEnvironment } from "../../../lifecycle/environments/create-environments.ts";
import type { RunCommand } from "../../command.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { duration } from "../../output/text.ts";
import { searchFolder } from "../../search-folder.ts";

/** `env create`: the environments of a definition, built or found. */
export const run: RunCommand = async (context, input) => {
  const model = input.arguments[0] ?? null;
  const services = await context.services(await searchFolder(context.facts.cwd, model));
  const definition = await pickDefinition(services, model, context.facts.cwd);
  const choice = environmentChoice(input, context.facts);
  const created = await createEnvironments(services, definition, { choice, work: context });
  return {
    json: { model: definition.storeName, environments: created.map(createdJson) },
    text: created.flatMap(createdLines).join("\n"),
  };
};

function createdJson({ purposes, environment }: CreatedEnvironment) {
  const { interpreter, interpreterVersion, digest, origin, packages, unmet, preparedInMs } = environment;
  return {
    purposes,
    origin,
    digest,
    python: interpreter,
    interpreter: interpreterVersion,
    packages,
    unmet,
    preparedInMs,
  };
}

function createdLines({ purposes, environment }: CreatedEnvironment): readonly string[] {
  const { interpreter, interpreterVersion, origin, packages, unmet, preparedInMs } = environment;
  const count = packages.length === 1 ? "1 package" : `${packages.length} packages`;
  const what = origin === "built" ? ` (${basename(dirname(dirname(interpreter)))})` : ", used as it is";
  return [
    `Ready to ${purposes.join(" and ")} in ${duration(preparedInMs)}: ${interpreterVersion} with ${count}${what}`,
    `  ${interpreter}`,
    ...unmet.map((sentence) => `  unmet: ${sentence}`),
  ];
}
