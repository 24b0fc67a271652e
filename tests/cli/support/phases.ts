import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { waitUntil } from "../../process/support/wait-until.ts";
import { testPython } from "../../support/test-python.ts";
import type { HeldLanguage } from "./held-models.ts";
import type { Stage } from "./stage.ts";

/** A phase of a command in which a test stops it. */
export interface Phase {
  readonly name: string;
  readonly args: readonly string[];
  readonly variables?: (project: string) => Readonly<Record<string, string>>;
  /** Brings about that the command, once started, stays in the phase. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Resolves when the started command is in the phase. */
  readonly reached: (stage: Stage) => Promise<void>;
  /** True when the phase is part of a recorded run. */
  readonly isRun: boolean;
  /** How many processes there are at least, the tool included. */
  readonly processCount: number;
}

/** The phases in which a model's own code runs. */
export function heldPhases(language: HeldLanguage): readonly Phase[] {
  const model = `held-${language}`;
  const definition = `model_definitions/${model}`;
  const held = (name: string, phase: Parameters<Stage["hold"]>[0], args: readonly string[]): Phase => ({
    name: `${name} (${language})`,
    args: [...args, ...choiceOf(language)],
    prepare: (stage) => stage.hold(phase),
    reached: (stage) => stage.reached(phase),
    isRun: phase === "train" || phase === "evaluate",
    // The tool, the model, and the model's child.
    processCount: 3,
  });
  return [
    held("training", "train", ["train", model]),
    held("evaluating", "evaluate", ["evaluate", model]),
    held("recording answers", "predict", ["publish", model]),
    held("loading to serve", "load", ["serve", definition, "--port", "0"]),
    held("loading to predict", "load", ["predict", definition, "rows.json"]),
  ];
}

/** The first files of a version are stored, and hundreds are still to come. */
export const storing: Phase = {
  name: "storing a version",
  args: ["publish", "held-typescript"],
  reached: async ({ state }) => {
    const versions = join(state, "store", "models", "held-typescript", "versions");
    await waitUntil(async () => (await readdir(versions).catch(() => [])).length > 0, 60_000);
  },
  isRun: false,
  processCount: 2,
};

/** pip builds a package that never gets done. */
export const building: Phase = {
  name: "building an environment",
  args: ["train", "needs-slow-package", "--python", testPython()],
  variables: (project) => ({ PIP_NO_INDEX: "1", PIP_FIND_LINKS: join(project, "wheels"), PIP_NO_CACHE_DIR: "1" }),
  reached: ({ home }) => waitUntil(() => existsSync(join(home, "builds")), 60_000),
  isRun: true,
  // The tool, the builder, pip, and the package's own build.
  processCount: 4,
};

/** A source file of megabytes takes seconds to bundle. */
export const bundling: Phase = {
  name: "bundling",
  args: ["train", "large-typescript"],
  reached: (stage) => waitUntil(() => stage.processes().some(({ command }) => command.includes("esbuild")), 60_000),
  isRun: true,
  processCount: 2,
};

/** A server answers, whose idle worker has a child in a session of its own. */
export function serving(language: HeldLanguage): Phase {
  return {
    name: `serving (${language})`,
    args: ["serve", `model_definitions/held-${language}`, "--port", "0", ...choiceOf(language)],
    prepare: ({ home }) => writeFile(join(home, "with-child"), ""),
    reached: (stage) => waitUntil(() => stage.printed().includes("Serving on"), 60_000),
    isRun: false,
    processCount: 3,
  };
}

function choiceOf(language: HeldLanguage): readonly string[] {
  return language === "python" ? ["--python", testPython(), "--no-install"] : [];
}
