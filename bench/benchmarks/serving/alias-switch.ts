import { setTimeout as sleep } from "node:timers/promises";

import type { Benchmark } from "../../support/harness/benchmark.ts";
import { penguinRows } from "../../support/penguins/penguin-rows.ts";
import { putLoad } from "../../support/programs/load.ts";
import { copyPenguins, publishModel, servePredictions, type Project } from "../../support/programs/modelwright.ts";

const MODEL = "penguin-species-ts";
const CLIENTS = 64;

/** The alias moves once in each measurement, when the load has settled. */
const MOVE_AFTER_MS = 1_200;

export const aliasSwitch: Benchmark = {
  name: "alias-switch",
  title: `p99 while the alias moves and a server of ${CLIENTS} clients follows`,
  peer: "the same while it stays",
  unit: "ms",
  bound: { compare: "ratio", atMost: 3 },
  rounds: 9,
  prepare: async (workspace) => {
    const project = await copyPenguins(workspace);
    await publishModel(project, MODEL, []);
    const labels = await publishAgain(project);
    const follow = ["--follow-interval", "0.2"];
    const url = await servePredictions(workspace, project, { model: MODEL, environment: [], more: follow });
    const bodies = penguinRows().map((row) => JSON.stringify([row]));
    // Any answer but a 200 ends the benchmark.
    const measure = async (): Promise<number> =>
      (await putLoad(workspace, { url, bodies, connections: CLIENTS })).p99Ms;
    const move = async (): Promise<void> => {
      await sleep(MOVE_AFTER_MS);
      labels.reverse();
      await project.run(["alias", "set", `${MODEL}@${labels[0] ?? ""}`, "champion"]);
    };
    const measureMove = async (): Promise<number> => {
      const [p99Ms] = await Promise.all([measure(), move()]);
      await requireVersion(url, labels[0] ?? "");
      return p99Ms;
    };
    return { ours: measureMove, peer: measure };
  },
};

/** @throws Error unless the server followed the alias while it was under load. */
async function requireVersion(url: string, expected: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(penguinRows().slice(0, 1)) });
  const { version } = (await response.json()) as { readonly version: string };
  if (version !== expected) throw new Error(`The server answers with ${version}, not with ${expected}.`);
}

/** Publishes a second version; gives the labels of both, the one that is served last. */
async function publishAgain(project: Project): Promise<string[]> {
  await project.run(["train", MODEL, "--seed", "7"]);
  await project.run(["publish", MODEL, "--version-label", "second"]);
  const { versions } = await project.ask<{ versions: readonly { version: string }[] }>(["versions", MODEL]);
  if (versions.length !== 2) throw new Error(`There are ${versions.length} versions, not two.`);
  return versions
    .map(({ version }) => version)
    .sort((one, other) => Number(other === "second") - Number(one === "second"));
}
