import type { ModelError, RunKind } from "../../model/run/run-record.ts";

/** What Python says where an import finds nothing: the first name is the package. */
const NO_MODULE = /No module named '([^'.]+)/;

/**
 * What to do about an error of the model's code, where its type tells; pure.
 * What only the model's author can know is left to the traceback.
 */
export function adviseOnError(error: ModelError, kind: RunKind): readonly string[] {
  switch (error.type) {
    case "ModuleNotFoundError":
      return adviseOnModule(error.message);
    case "EntryPointMissing":
      return [`Define ${kind}(data_conf, model_conf, **kwargs) in one of these places.`];
    case "KeyError":
      return error.frames.at(-1)?.isUser === true
        ? [
            "If it is a hyperparameter, add it to config.json (model_conf); if not, to the data configuration (data_conf).",
          ]
        : [];
    default:
      return [];
  }
}

function adviseOnModule(message: string): readonly string[] {
  const name = NO_MODULE.exec(message)?.[1];
  if (name === undefined || name === "model_modules") return [];
  return [
    `Name the package of "${name}" in model_modules/requirements.txt; with --no-install, install it into that interpreter.`,
  ];
}
