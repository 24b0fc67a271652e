import type { CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS } from "../../options/shared-options.ts";

/** Whether two models are the same, and why not. Code is loaded when a command runs, so that help stays instant. */
export const reproducingCommands: readonly CommandSpec[] = [
  {
    name: "reproduce",
    summary: "train a run again as it was, and compare the predictions",
    arguments: [
      { name: "run", description: "id of a training run, a beginning that only one has, or latest", isRequired: true },
    ],
    options: [
      { flags: "--timeout <seconds>", description: "end the training after this time" },
      {
        flags: "--memory <size>",
        description: "end the training when its processes use more, for example 2Gi (at least 16Mi)",
      },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: ["modelwright reproduce latest", "modelwright reproduce 20261121-101500 --json"],
    load: () => import("./reproduce.ts"),
  },
  {
    name: "diff",
    summary: "say in words how two runs or versions differ: code, parameters, data, packages, metrics",
    arguments: [
      { name: "first", description: "a run, or a version (name, name@version, name@alias)", isRequired: true },
      { name: "second", description: "a run, or a version", isRequired: true },
    ],
    options: [],
    examples: ["modelwright diff churn@champion churn", "modelwright diff 20261121-101500-3e70cd latest --json"],
    load: () => import("./diff.ts"),
  },
  {
    name: "compare",
    summary: "ask a published version and a candidate the same rows, and fail when they disagree",
    arguments: [
      { name: "reference", description: "published version: name, name@version or name@alias", isRequired: true },
      {
        name: "candidate",
        description: "another version (name@…), a run, or a definition (its newest run)",
        isRequired: true,
      },
    ],
    options: [
      {
        flags: "--rows <file>",
        description: "rows to ask (default: the examples and test set that the version stores)",
      },
      { flags: "--tolerance <number>", description: "relative difference that numbers may have (default: 0.05)" },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: [
      "modelwright compare churn@champion churn",
      "modelwright compare churn@champion churn@challenger --rows rows.csv --tolerance 0.01",
    ],
    load: () => import("./compare.ts"),
  },
];
