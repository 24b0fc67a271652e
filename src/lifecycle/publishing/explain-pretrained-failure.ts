import { Failure } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";

/** Types of error that say that the model's library is missing or another. */
const PACKAGE_ERRORS: readonly unknown[] = ["ModuleNotFoundError", "ImportError", "AttributeError"];

/** What Python says of a name that only the notebook or script had that saved the model. */
const OF_NOTEBOOK = /Can't get attribute '([^']+)' on <module '__main__'/;

/**
 * A failure of the scorer that ships for models that were trained elsewhere. That is the tool's own, so what is at
 * fault is the file, the packages or the rows.
 * @param hasNoRequirements - the packages of the interpreter were used as they are.
 */
export function explainPretrainedFailure(error: unknown, hasNoRequirements: boolean): unknown {
  if (!(error instanceof Failure) || error.code !== "SCORER_FAILED") return error;
  const hint = hintFor(error, hasNoRequirements);
  return new Failure(error.code, { message: error.message, hint, details: error.details, cause: error });
}

function hintFor({ message, details }: Failure, hasNoRequirements: boolean): string {
  const [, name] = OF_NOTEBOOK.exec(message) ?? [];
  if (name !== undefined)
    return `The model needs "${name}" of the notebook or script that saved it, and nobody else has that. Save it with cloudpickle, which keeps such functions and classes in the file, or put the code into a definition: modelwright add <name>.`;
  const raised = details["error"];
  const isPackage = isJsonObject(raised) && PACKAGE_ERRORS.includes(raised["type"]);
  return isPackage && hasNoRequirements
    ? "Name the packages that the model was trained with: --requirements <file> installs them, --python <interpreter> uses an environment that has them."
    : "Check that the file is whole, that the rows of --examples are as the model takes them, and that the packages have the versions that it was trained with.";
}
