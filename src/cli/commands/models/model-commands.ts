import type { CommandSpec } from "../../command.ts";
import { MODEL_ARGUMENT, RUN_OPTIONS } from "../../options/shared-options.ts";

/** Model definitions and what is done with one. Code is loaded when a command runs, so that help stays instant. */
export const modelCommands: readonly CommandSpec[] = [
  {
    name: "list",
    summary: "show every model definition in a folder, valid or not",
    arguments: [
      { name: "path", description: "project or folder to search (default: this project)", isRequired: false },
    ],
    options: [],
    examples: ["modelwright list", "modelwright list ../existing-repo --json"],
    load: () => import("./list.ts"),
  },
  {
    name: "add",
    summary: "add a model definition to the project from a template",
    arguments: [
      {
        name: "name",
        description: "name of the new model (on a terminal: asked for when left out)",
        isRequired: false,
      },
    ],
    options: [
      {
        flags: "--language <language>",
        description: "language of the model, where --template does not say it (default: python)",
        choices: ["python", "typescript"],
      },
      {
        flags: "--template <name>",
        description: "scikit-learn (default), xgboost, pytorch, typescript, or one of the project's model_templates/",
      },
      { flags: "--list-templates", description: "show the templates that there are, and make nothing" },
      { flags: "--description <text>", description: "one sentence about the model" },
      { flags: "--dir <folder>", description: "folder to put it in (default: model_definitions/)" },
      { flags: "--scaffold", description: "with folders for notebooks, data and queries" },
      { flags: "--dry-run", description: "show the files that would be written" },
    ],
    examples: [
      'modelwright add churn --template xgboost --description "Who is about to leave"',
      "modelwright add --list-templates",
    ],
    load: () => import("./add.ts"),
  },
  {
    name: "explain",
    summary: "show each value that counts for a model, and where it was said",
    arguments: [MODEL_ARGUMENT],
    options: [],
    examples: ["modelwright explain churn", "modelwright explain churn --json"],
    load: () => import("./explain.ts"),
  },
  {
    name: "train",
    summary: "train a model and record the run",
    arguments: [MODEL_ARGUMENT],
    options: [
      ...RUN_OPTIONS,
      { flags: "--seed <number>", description: "seed of the random number generators (default: 42)" },
      { flags: "--publish", description: "publish the run when it succeeds" },
      { flags: "--dry-run", description: "show what would run, and run nothing" },
    ],
    examples: ["modelwright train churn", "modelwright train churn --data data/march.json --publish"],
    load: () => import("./train.ts"),
  },
  {
    name: "evaluate",
    summary: "evaluate a trained model and record the metrics",
    arguments: [
      {
        name: "model",
        description: "model definition (its newest run), or reference name@version of a published one",
        isRequired: false,
      },
    ],
    options: [{ flags: "--run <id>", description: "evaluate the artifacts of this training run" }, ...RUN_OPTIONS],
    examples: ["modelwright evaluate churn", "modelwright evaluate churn@champion --data data/april.json"],
    load: () => import("./evaluate.ts"),
  },
];
