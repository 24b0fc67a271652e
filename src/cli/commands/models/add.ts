import { randomUUID } from "node:crypto";
import { dirname, relative, resolve } from "node:path";

import { makeFolders } from "../../../files/folders/make-folders.ts";
import { carryOutAddition, planAddition } from "../../../lifecycle/project/add-definition.ts";
import { isGiven, textOption, type RunCommand } from "../../command.ts";

/** `add`: a new definition from a template. With `--dry-run` the plan is printed and nothing written. */
export const run: RunCommand = async (context, input) => {
  const { cwd } = context.facts;
  const services = await context.services();
  const parent = textOption(input, "dir");
  const plan = await planAddition(services, {
    name: input.arguments[0] ?? "",
    description: textOption(input, "description"),
    language: textOption(input, "language") === "typescript" ? "typescript" : "python",
    parent: parent === null ? null : resolve(cwd, parent),
    newId: randomUUID(),
  });
  const isDryRun = isGiven(input, "dryRun");
  if (!isDryRun) {
    await makeFolders(dirname(plan.folder));
    await carryOutAddition(plan);
  }
  const folder = relative(cwd, plan.folder) || ".";
  const files = plan.files.map(({ path }) => path);
  const heading = isDryRun ? `Would make ${folder} with:` : `Made ${folder} with:`;
  const next = `Next: edit it, then modelwright train ${plan.storeName}`;
  return {
    json: { name: plan.name, model: plan.storeName, path: folder, files, written: !isDryRun },
    text: [heading, ...files.map((path) => `  ${path}`), next].join("\n"),
  };
};
