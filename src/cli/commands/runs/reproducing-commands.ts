import type { CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS } from "../../options/shared-options.ts";

/** Whether two models are the same, and why not. Code is loaded when a command runs, so that help stays instant. */
export const reproducingCommands: readonly CommandSpec[] = [
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
