import type { ArgumentSpec, CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS, MODEL_ARGUMENT } from "../../options/shared-options.ts";

const MODEL_NAME: ArgumentSpec = { name: "model", description: "name of a model in the store", isRequired: true };
const ALIAS: ArgumentSpec = { name: "alias", description: "name of the alias", isRequired: true };

/** The model store. Code is loaded when a command runs, so that help stays instant. */
export const storeCommands: readonly CommandSpec[] = [
  {
    name: "publish",
    summary: "make a run, or a trained model file, an immutable and proven version",
    arguments: [MODEL_ARGUMENT],
    options: [
      { flags: "--run <id>", description: "training run to publish (default: the newest that succeeded)" },
      { flags: "--from <file>", description: "publish an already trained model (pickle, joblib, XGBoost)" },
      { flags: "--examples <file>", description: "rows as a client sends them, to prove the version with" },
      { flags: "--name <name>", description: "name in the model store" },
      { flags: "--version-label <label>", description: "label of the version (default: the time)" },
      {
        flags: "--author-email <address>",
        description: "the author's address (default: authorEmail of modelwright.json, else git's user.email)",
      },
      { flags: "--requirements <file>", description: "with --from: the packages that the model needs" },
      { flags: "--signature <file>", description: "with --from: its columns, by which rows are checked" },
      { flags: "--alias <alias>", description: "point this alias at the version" },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: [
      "modelwright publish churn --alias champion",
      "modelwright publish --from model.pkl --examples rows.json --name churn",
    ],
    load: () => import("./publish.ts"),
  },
  {
    name: "versions",
    summary: "show the published models, or the versions of one",
    arguments: [{ name: "model", description: "name of a model in the store (default: all)", isRequired: false }],
    options: [],
    examples: ["modelwright versions", "modelwright versions churn --json"],
    load: () => import("./versions.ts"),
  },
  {
    name: "report",
    summary: "write a page about a published version: metrics, figures, columns, record",
    arguments: [{ name: "reference", description: "name@version, name@alias, or name: the newest", isRequired: true }],
    options: [
      { flags: "--out <file>", description: "file to write (default: <name>-<version>.html in the working directory)" },
    ],
    examples: ["modelwright report churn@champion --out churn.html"],
    load: () => import("./report.ts"),
  },
  {
    name: "show",
    summary: "show everything that is kept with one version",
    arguments: [{ name: "reference", description: "name, name@version or name@alias", isRequired: true }],
    options: [
      { flags: "--files", description: "show its files with their digests" },
      { flags: "--signature", description: "show its columns and outputs" },
    ],
    examples: ["modelwright show churn@champion", "modelwright show churn --files"],
    load: () => import("./show.ts"),
  },
  {
    name: "alias set",
    summary: "point an alias such as champion at a version",
    arguments: [
      { name: "reference", description: "name@version (or name: the newest version)", isRequired: true },
      { name: "alias", description: "name of the alias", isRequired: true },
    ],
    options: [],
    examples: ["modelwright alias set churn@20261120-101500UTC champion", "modelwright alias set churn champion"],
    load: () => import("./alias-set.ts"),
  },
  {
    name: "alias list",
    summary: "show the aliases of a model",
    arguments: [MODEL_NAME],
    options: [],
    examples: ["modelwright alias list churn"],
    load: () => import("./alias-list.ts"),
  },
  {
    name: "alias history",
    summary: "show where an alias pointed, since when, and who moved it",
    arguments: [MODEL_NAME, ALIAS],
    options: [],
    examples: ["modelwright alias history churn champion"],
    load: () => import("./alias-history.ts"),
  },
  {
    name: "alias rollback",
    summary: "point an alias to the version before, or to an earlier one",
    arguments: [MODEL_NAME, ALIAS],
    options: [{ flags: "--to <version>", description: "a version that the alias pointed to earlier" }],
    examples: [
      "modelwright alias rollback churn champion",
      "modelwright alias rollback churn champion --to 20261120-101500UTC",
    ],
    load: () => import("./alias-rollback.ts"),
  },
  {
    name: "alias remove",
    summary: "remove an alias; its history stays",
    arguments: [MODEL_NAME, ALIAS],
    options: [],
    examples: ["modelwright alias remove churn shadow"],
    load: () => import("./alias-remove.ts"),
  },
];
