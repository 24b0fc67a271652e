import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Benchmark } from "../../support/harness/benchmark.ts";
import { projectIn } from "../../support/programs/modelwright.ts";
import { inRepository } from "../../support/harness/repository.ts";

const DEFINITIONS = 200;

export const list: Benchmark = {
  name: "list",
  title: `\`modelwright list\` of ${DEFINITIONS} definitions`,
  peer: "",
  unit: "ms",
  bound: { compare: "value", atMost: 500 },
  rounds: 15,
  prepare: async ({ folder }) => {
    for (let number = 1; number <= DEFINITIONS; number++) await addDefinition(folder, `model-${number}`);
    const project = projectIn(folder);
    const { models } = await project.ask<{ readonly models: readonly { readonly valid: boolean }[] }>(["list"]);
    if (models.filter(({ valid }) => valid).length !== DEFINITIONS) throw new Error("Not every definition is listed.");
    return { ours: async () => (await project.run(["list"])).durationMs, peer: null };
  },
};

/** A copy of a shipped definition with an identity of its own. */
async function addDefinition(folder: string, name: string): Promise<void> {
  const definition = join(folder, "model_definitions", name);
  await mkdir(definition, { recursive: true });
  await cp(inRepository("examples/penguins/model_definitions/penguin-species"), definition, { recursive: true });
  const file = join(definition, "model.json");
  await writeFile(file, (await readFile(file, "utf8")).replaceAll('"penguin-species"', `"${name}"`));
}
