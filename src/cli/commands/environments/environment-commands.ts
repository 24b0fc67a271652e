import type { CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS, MODEL_ARGUMENT } from "../../options/shared-options.ts";

/** Environments of Python models. Code is loaded when a command runs, so that help stays instant. */
export const environmentCommands: readonly CommandSpec[] = [
  {
    name: "env create",
    summary: "prepare what a model is trained and served in, without running it",
    arguments: [MODEL_ARGUMENT],
    options: ENVIRONMENT_OPTIONS,
    examples: ["modelwright env create churn", "modelwright env create churn --wheels ./wheels"],
    load: () => import("./env-create.ts"),
  },
  {
    name: "env list",
    summary: "show the environments that were built, and what uses them",
    arguments: [],
    options: [],
    examples: ["modelwright env list"],
    load: () => import("./env-list.ts"),
  },
  {
    name: "env show",
    summary: "show the packages of an environment, where it is, and what uses it",
    arguments: [
      {
        name: "model",
        description: "name, id or folder of a model definition, or the beginning of an environment's digest",
        isRequired: true,
      },
    ],
    options: [],
    examples: ["modelwright env show churn", "modelwright env show 3f9a21c4"],
    load: () => import("./env-show.ts"),
  },
  {
    name: "env prune",
    summary: "remove environments that nothing uses, and broken ones",
    arguments: [],
    options: [
      { flags: "--older-than <days>", description: "also those that were not used for so many days" },
      { flags: "--dry-run", description: "show what would be removed" },
    ],
    examples: ["modelwright env prune --dry-run", "modelwright env prune --older-than 90"],
    load: () => import("./env-prune.ts"),
  },
];
