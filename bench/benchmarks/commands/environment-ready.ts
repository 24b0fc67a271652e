import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Benchmark } from "../../support/harness/benchmark.ts";
import { projectIn } from "../../support/programs/modelwright.ts";

/** Real packages, one of which needs the other. */
const REQUIREMENTS = "python-dateutil==2.9.0.post0\n";

interface Created {
  readonly environments: readonly { readonly python: string; readonly preparedInMs: number }[];
}

/** The time is the tool's own: from the requirements to an environment that is ready, without its start. */
export const environmentReady: Benchmark = {
  name: "environment-ready",
  title: "environment of a second model with the same requirements, ready",
  peer: "",
  unit: "ms",
  bound: { compare: "value", atMost: 50 },
  rounds: 15,
  prepare: async ({ folder }) => {
    const project = projectIn(folder);
    await writeModel(folder, "first", REQUIREMENTS);
    const [first] = (await project.ask<Created>(["env", "create", "first"])).environments;
    let count = 0;
    const ours = async (): Promise<number> => {
      const name = `model-${++count}`;
      await writeModel(folder, name, `# What ${name} needs.\n${REQUIREMENTS}`);
      const [next] = (await project.ask<Created>(["env", "create", name])).environments;
      if (next === undefined || next.python !== first?.python) throw new Error("The environment is another one.");
      return next.preparedInMs;
    };
    return { ours, peer: null };
  },
};

async function writeModel(folder: string, name: string, requirements: string): Promise<void> {
  const definition = join(folder, "model_definitions", name);
  await mkdir(join(definition, "model_modules"), { recursive: true });
  await writeFile(join(definition, "model.json"), JSON.stringify({ name, language: "python" }));
  await writeFile(join(definition, "config.json"), "{}");
  await writeFile(join(definition, "model_modules", "__init__.py"), "");
  await writeFile(join(definition, "model_modules", "requirements.txt"), requirements);
}
