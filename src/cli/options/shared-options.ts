import type { ArgumentSpec, OptionSpec } from "../command.ts";

/** How the environment of a model is chosen. */
export const ENVIRONMENT_OPTIONS: readonly OptionSpec[] = [
  { flags: "--python <interpreter>", description: "interpreter for Python models: a path or a name on the PATH" },
  { flags: "--no-install", description: "use the interpreter's packages as they are and report unmet pins" },
  { flags: "--use-active", description: "use the active virtual or conda environment as it is" },
  { flags: "--strict", description: "with --no-install or --use-active: an unmet pin is an error" },
  { flags: "--upgrade", description: "resolve the requirements anew instead of using the kept lock" },
  { flags: "--wheels <folder>", description: "install from the package files in this folder only, without an index" },
  { flags: "--pass-env <name>", description: "hand this environment variable to the model", isRepeatable: true },
];

/** What every command that runs a job takes. */
export const RUN_OPTIONS: readonly OptionSpec[] = [
  { flags: "--data <file>", description: "data configuration: a JSON file, or the name of one beside the definition" },
  { flags: "--timeout <seconds>", description: "end the run after this time" },
  { flags: "--memory <size>", description: "end the run when its processes use more, for example 2Gi (at least 16Mi)" },
  ...ENVIRONMENT_OPTIONS,
];

/** How models are served. */
export const SERVER_OPTIONS: readonly OptionSpec[] = [
  { flags: "--host <address>", description: "address to listen on (default: 127.0.0.1, this machine only)" },
  { flags: "--port <number>", description: "port to listen on; 0 takes a free one (default: 8080)" },
  {
    flags: "--workers <count>",
    description: "worker processes of each model (default: 1); churn=4: of that model alone",
    isRepeatable: true,
  },
  {
    flags: "--memory <size>",
    description: "memory that a worker may use, for example 2Gi (at least 16Mi); churn=4Gi: of that model alone",
    isRepeatable: true,
  },
  {
    flags: "--timeout <seconds>",
    description: "longest time for the answer to a request (default: 30); churn=120: of that model alone",
    isRepeatable: true,
  },
  {
    flags: "--follow-interval <seconds>",
    description: "how often aliases are looked at; a moved one is followed (default: 5)",
  },
  { flags: "--no-follow", description: "keep the versions that the aliases point to now" },
  {
    flags: "--log-predictions <share>",
    description: "part of the requests whose input and output are logged: 1 all (default), 0 none",
  },
  { flags: "--redact <column>", description: "never log the values of this column", isRepeatable: true },
  {
    flags: "--log-file <file>",
    description: "log into this file, begun anew by size and day, instead of standard error",
  },
];

export const MODEL_ARGUMENT: ArgumentSpec = {
  name: "model",
  description: "name, id or folder of a model definition (may be left out where there is only one)",
  isRequired: false,
};

/** Options that every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--json", description: "print the result as JSON" },
  { flags: "--home <folder>", description: "folder of runs, environments and the store" },
  { flags: "--project <folder>", description: "project to work in" },
  { flags: "--store <folder>", description: "folder of the model store" },
  { flags: "--profile <name>", description: "profile of the project file to work with" },
  { flags: "--quiet", description: "show no progress" },
];
