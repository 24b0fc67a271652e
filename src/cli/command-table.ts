import type { CommandSpec, OptionSpec } from "./command.ts";

const ENVIRONMENT_OPTIONS: readonly OptionSpec[] = [
  { flags: "--python <interpreter>", description: "interpreter for Python models: a path or a name on the PATH" },
  { flags: "--no-install", description: "use the interpreter's packages as they are and report unmet pins" },
  { flags: "--strict", description: "with --no-install: an unmet pin is an error" },
  { flags: "--upgrade", description: "resolve the requirements anew instead of using the kept lock" },
  { flags: "--pass-env <name>", description: "hand this environment variable to the model", isRepeatable: true },
];

const RUN_OPTIONS: readonly OptionSpec[] = [
  { flags: "--data <file>", description: "data configuration: a JSON file, or the name of one beside the definition" },
  { flags: "--timeout <seconds>", description: "end the run after this time" },
  { flags: "--memory <size>", description: "end the run when its processes use more, for example 2Gi" },
  ...ENVIRONMENT_OPTIONS,
];

const MODEL_ARGUMENT = {
  name: "model",
  description: "name, id or folder of a model definition (may be left out where there is only one)",
  isRequired: false,
};

/** Every command, in the order of a first day's work. Code is loaded when a command runs, so that help stays instant. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "demo",
    summary: "see it all: make a project, train, publish, prove, serve and ask",
    arguments: [],
    options: [
      { flags: "--dir <folder>", description: "where the project is made (default: ./modelwright-demo)" },
      { flags: "--port <number>", description: "port to serve on (default: a free one)" },
      ...ENVIRONMENT_OPTIONS.slice(0, 1),
    ],
    examples: ["modelwright demo", "modelwright demo --dir /tmp/first-look"],
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "list",
    summary: "show every model definition in a folder, valid or not",
    arguments: [
      { name: "path", description: "project or folder to search (default: this project)", isRequired: false },
    ],
    options: [],
    examples: ["modelwright list", "modelwright list ../existing-repo --json"],
    load: () => import("./commands/list.ts"),
  },
  {
    name: "add",
    summary: "add a model definition to the project from a template",
    arguments: [{ name: "name", description: "name of the new model", isRequired: true }],
    options: [
      {
        flags: "--language <language>",
        description: "language of the model (default: python)",
        choices: ["python", "typescript"],
      },
      { flags: "--description <text>", description: "one sentence about the model" },
      { flags: "--dir <folder>", description: "folder to put it in (default: model_definitions/)" },
      { flags: "--dry-run", description: "show the files that would be written" },
    ],
    examples: ['modelwright add churn --language python --description "Who is about to leave"'],
    load: () => import("./commands/add.ts"),
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
    load: () => import("./commands/train.ts"),
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
    load: () => import("./commands/evaluate.ts"),
  },
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
      { flags: "--requirements <file>", description: "with --from: the packages that the model needs" },
      { flags: "--alias <alias>", description: "point this alias at the version" },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: [
      "modelwright publish churn --alias champion",
      "modelwright publish --from model.pkl --examples rows.json --name churn",
    ],
    load: () => import("./commands/publish.ts"),
  },
  {
    name: "versions",
    summary: "show the published models, or the versions of one",
    arguments: [{ name: "model", description: "name of a model in the store (default: all)", isRequired: false }],
    options: [],
    examples: ["modelwright versions", "modelwright versions churn --json"],
    load: () => import("./commands/versions.ts"),
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
    load: () => import("./commands/alias-set.ts"),
  },
  {
    name: "alias list",
    summary: "show the aliases of a model",
    arguments: [{ name: "model", description: "name of a model in the store", isRequired: true }],
    options: [],
    examples: ["modelwright alias list churn"],
    load: () => import("./commands/alias-list.ts"),
  },
  {
    name: "serve",
    summary: "serve published versions, or a definition folder, over HTTP",
    arguments: [
      {
        name: "models",
        description: "references (name, name@version, name@alias) or definition folders",
        isRequired: true,
        isVariadic: true,
      },
    ],
    options: [
      { flags: "--host <address>", description: "address to listen on (default: 127.0.0.1, this machine only)" },
      { flags: "--port <number>", description: "port to listen on; 0 takes a free one (default: 8080)" },
      {
        flags: "--log-predictions <share>",
        description: "part of the requests whose input and output are logged: 1 all (default), 0 none",
      },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: ["modelwright serve churn@champion fraud", "modelwright serve ./model_definitions/churn --port 9000"],
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "predict",
    summary: "predict rows from a JSON, JSON Lines or CSV file",
    arguments: [
      { name: "model", description: "reference or definition folder; with --url: the model's name", isRequired: true },
      { name: "rows", description: "file of rows; - reads JSON from standard input", isRequired: true },
    ],
    options: [
      { flags: "--url <address>", description: "ask a running server instead of loading the model" },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: [
      "modelwright predict churn@champion rows.csv",
      "modelwright predict churn rows.json --url http://127.0.0.1:8080",
    ],
    load: () => import("./commands/predict.ts"),
  },
  {
    name: "doctor",
    summary: "check this machine and project, with a remedy for every finding",
    arguments: [],
    options: [
      { flags: "--python <interpreter>", description: "interpreter to check" },
      { flags: "--collect", description: "clean up what killed publications and runs left behind" },
    ],
    examples: ["modelwright doctor", "modelwright doctor --collect --json"],
    load: () => import("./commands/doctor.ts"),
  },
];

/** Options that every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--json", description: "print the result as JSON" },
  { flags: "--home <folder>", description: "folder of runs, environments and the store" },
  { flags: "--project <folder>", description: "project to work in" },
  { flags: "--store <folder>", description: "folder of the model store" },
  { flags: "--quiet", description: "show no progress" },
];
