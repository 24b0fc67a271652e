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
  { flags: "--memory <size>", description: "end the run when its processes use more, for example 2Gi" },
  ...ENVIRONMENT_OPTIONS,
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
  { flags: "--quiet", description: "show no progress" },
];
