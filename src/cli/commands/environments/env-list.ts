import { listKeptEnvironments, type UsedEnvironment } from "../../../lifecycle/environments/list-kept-environments.ts";
import type { RunCommand } from "../../command.ts";
import { environmentJson, usesText } from "../../output/environment-output.ts";
import { table } from "../../output/text.ts";

/** `env list`: what the tool has built. */
export const run: RunCommand = async (context) => {
  const services = await context.services();
  const { environments, broken } = await listKeptEnvironments(services, context);
  const rows = environments.map(rowOf);
  const listed =
    rows.length === 0
      ? [`No environments in ${services.folders.environments}. \`modelwright env create <model>\` builds one.`]
      : [table(["ENVIRONMENT", "PYTHON", "PACKAGES", "LAST USED", "USED BY"], rows)];
  const faults = broken.map((folder) => `Broken: ${folder}`);
  return {
    json: { environments: environments.map(environmentJson), broken },
    text: [...listed, ...faults].join("\n"),
  };
};

function rowOf(environment: UsedEnvironment): readonly string[] {
  const { name, interpreterVersion, packages, lastUsedAt, uses } = environment;
  return [
    name.slice(0, 12),
    interpreterVersion,
    String(packages.length),
    lastUsedAt.toISOString().slice(0, 10),
    usesText(uses),
  ];
}
