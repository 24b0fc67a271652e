import { findKeptEnvironments, type UsedEnvironment } from "../../../lifecycle/environments/list-kept-environments.ts";
import type { RunCommand } from "../../command.ts";
import { environmentJson, usesText } from "../../output/environment-output.ts";

/** `env show`: everything about the environments of a model, or about one that is named by its digest. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const found = await findKeptEnvironments(services, input.arguments[0] ?? "", { ...context, cwd: context.facts.cwd });
  return {
    json: { environments: found.map(environmentJson) },
    text: found.map((environment) => linesOf(environment).join("\n")).join("\n\n"),
  };
};

function linesOf(environment: UsedEnvironment): readonly string[] {
  const { name, python, interpreterVersion, packages, lastUsedAt, uses } = environment;
  return [
    `${name}  ${interpreterVersion}`,
    `  python: ${python}`,
    `  last used: ${lastUsedAt.toISOString()}`,
    `  used by: ${usesText(uses)}`,
    ...(uses.versions.length === 0 ? [] : [`  versions: ${uses.versions.join(", ")}`]),
    packages.length === 0 ? "  no packages" : "  packages:",
    ...packages.map((one) => `    ${one}`),
  ];
}
