/**
 * What went wrong, in the coarse terms that a shell or an HTTP client acts on.
 * Each kind has one exit code (`cli/`) and one HTTP status (`http/`).
 */
export type ErrorKind =
  | "bug"
  | "usage"
  | "invalid"
  | "notFound"
  | "conflict"
  | "modelFailed"
  | "environment"
  | "proofFailed"
  | "unavailable"
  | "interrupted"
  | "methodNotAllowed"
  | "tooLarge"
  | "unsupportedType"
  | "overloaded"
  | "tooLate";

interface ErrorCodeEntry {
  readonly kind: ErrorKind;
  /** One sentence for `docs/errors.md`. */
  readonly meaning: string;
}

/** Every error code of the tool. Codes are public: never rename one, never give one a second meaning. */
export const ERROR_CODES = {
  INTERNAL: { kind: "bug", meaning: "A fault of the tool itself. Please report it with the printed details." },
  USAGE: { kind: "usage", meaning: "The command line could not be understood." },
  INTERRUPTED: { kind: "interrupted", meaning: "The work was stopped by Ctrl-C or a termination signal." },

  JSON_MALFORMED: { kind: "invalid", meaning: "A file or body that should be JSON is not." },
  SCHEMA_MISMATCH: {
    kind: "invalid",
    meaning: "A file is well-formed but a field is missing, wrong or of the wrong type.",
  },
  NAME_INVALID: { kind: "invalid", meaning: "A model, version or alias name has characters that names may not have." },
  REFERENCE_INVALID: {
    kind: "invalid",
    meaning: "A model reference is not of the form name, name@version or name@alias.",
  },
  PATH_ESCAPES_ROOT: { kind: "invalid", meaning: "A path leads out of the folder that it must stay in." },
  CONFIG_INVALID: {
    kind: "invalid",
    meaning: "The project file, a MODELWRIGHT_* variable or a flag has a wrong value.",
  },

  DEFINITION_INVALID: { kind: "invalid", meaning: "A model definition has faults; all of them are listed." },
  DEFINITION_DUPLICATE: { kind: "invalid", meaning: "Two model definitions have the same id." },
  DEFINITION_NOT_FOUND: { kind: "notFound", meaning: "No model definition has this name, id or path." },
  DEFINITION_AMBIGUOUS: {
    kind: "conflict",
    meaning: "More than one model definition has this name; use the id or the path.",
  },
  LANGUAGE_UNKNOWN: { kind: "invalid", meaning: "The definition's language is none of those that the tool knows." },
  LANGUAGE_UNSUPPORTED: {
    kind: "invalid",
    meaning: "The definition's language is known but cannot be run by this version.",
  },
  CODE_MISSING: { kind: "invalid", meaning: "The definition has no model_modules folder or no entry file in it." },
  CODE_AMBIGUOUS: { kind: "invalid", meaning: "More than one folder of the definition holds model_modules." },
  CODE_FILE_LEFT_OUT: { kind: "invalid", meaning: "A file beside the code is too large to be kept with a version." },
  JSON_AMBIGUOUS: {
    kind: "invalid",
    meaning: "A JSON file gives a field twice, or an integer that is too large to be kept exactly.",
  },
  REQUIREMENTS_IGNORED: {
    kind: "invalid",
    meaning: "The definition names its packages in a file that this version does not read.",
  },
  REQUIREMENTS_MALFORMED: {
    kind: "invalid",
    meaning:
      "A pyproject.toml, lock file or environment.yml is not of its format or version, or names a package in a way that cannot be read.",
  },
  REQUIREMENT_LEFT_OUT: {
    kind: "invalid",
    meaning: "Something that a definition names beside its Python packages (a library of conda, an index) is left out.",
  },
  REQUIREMENT_NARROWED: {
    kind: "invalid",
    meaning: "Of several version ranges that a definition allows for a package, only the last one is used.",
  },
  CONFIG_MISSING: { kind: "invalid", meaning: "The definition has no config.json in its code root." },
  SIGNATURE_INVALID: { kind: "invalid", meaning: "signature.json contradicts itself or its schema." },
  TARGET_EXISTS: { kind: "conflict", meaning: "A folder or file that would be created is already there." },
  TEMPLATE_NOT_FOUND: { kind: "notFound", meaning: "There is no template of this name." },
  FILE_NOT_FOUND: { kind: "notFound", meaning: "A file that was named does not exist or cannot be read." },
  FILE_CHANGED: { kind: "conflict", meaning: "A file changed while it was being read, so its digest no longer holds." },
  FILE_EXISTS: { kind: "conflict", meaning: "A file or folder that would be written already exists." },
  DATASET_NOT_FOUND: { kind: "notFound", meaning: "The data set configuration that was named does not exist." },
  DATASET_AMBIGUOUS: { kind: "usage", meaning: "There is more than one data set configuration; name one with --data." },
  CONFIGURATION_NOT_FOUND: { kind: "notFound", meaning: "The service of configurations has none of this name." },
  CONFIGURATION_UNAVAILABLE: {
    kind: "unavailable",
    meaning: "A configuration could not be read in time, and no earlier value of it is kept.",
  },
  PACKAGE_MISSING: { kind: "environment", meaning: "A package that only some need is not installed." },
  FILE_UNREADABLE: {
    kind: "invalid",
    meaning: "A model's file or data set cannot be opened by the library that wrote it.",
  },
  PICKLE_NOT_TRUSTED: {
    kind: "invalid",
    meaning:
      "A pickle or the code of a folder would run when it is loaded, and the caller has not said that it is trusted.",
  },
  DATA_MALFORMED: {
    kind: "invalid",
    meaning: "A data file (CSV, JSON, JSON Lines, NumPy arrays, pickles) cannot be read, or not as rows.",
  },
  DATA_PICKLED: {
    kind: "invalid",
    meaning:
      "A data file holds a pickle, which runs code when it is opened, and the project has no allowedPickleImports.",
  },
  PICKLE_NOT_ALLOWED: {
    kind: "invalid",
    meaning: "A pickle would import what the project's allowedPickleImports does not name, or cannot be checked.",
  },

  INTERPRETER_NOT_FOUND: { kind: "environment", meaning: "No usable interpreter for the model's language was found." },
  REQUIREMENTS_UNMET: {
    kind: "environment",
    meaning: "The given environment lacks packages that the model pins, and --strict was given.",
  },
  ENVIRONMENT_FAILED: { kind: "environment", meaning: "The packages of a model could not be resolved or installed." },
  ENVIRONMENT_NOT_FOUND: {
    kind: "notFound",
    meaning: "No environment has been built for the model, or with this digest.",
  },
  ENVIRONMENT_MISMATCH: {
    kind: "environment",
    meaning: "A version needs an environment that this command was not given.",
  },

  TRAINING_FAILED: { kind: "modelFailed", meaning: "The model's train function failed." },
  EVALUATION_FAILED: { kind: "modelFailed", meaning: "The model's evaluate function failed." },
  JOB_CRASHED: { kind: "modelFailed", meaning: "The process that ran the model ended without a result." },
  JOB_TIMED_OUT: { kind: "modelFailed", meaning: "The model's run took longer than its time limit." },
  JOB_OUT_OF_MEMORY: { kind: "modelFailed", meaning: "The model's run used more memory than its limit." },
  NO_ARTIFACTS: {
    kind: "modelFailed",
    meaning: "Training ended well but wrote nothing into models/ or artifacts/output/.",
  },
  METRICS_MALFORMED: {
    kind: "modelFailed",
    meaning: "A metrics file that the model wrote is not a JSON object of numbers.",
  },
  BUNDLE_FAILED: { kind: "modelFailed", meaning: "The TypeScript code of a model could not be bundled." },
  SCORER_FAILED: { kind: "modelFailed", meaning: "The model's scorer could not be imported or constructed." },
  MODEL_FAILED: { kind: "modelFailed", meaning: "The model raised an error while predicting." },
  PREDICTION_MISMATCH: {
    kind: "modelFailed",
    meaning: "The model answered with another number of predictions than it was given rows.",
  },

  RUN_NOT_FOUND: { kind: "notFound", meaning: "There is no run with this id, or the model has no successful run yet." },
  RUN_AMBIGUOUS: { kind: "conflict", meaning: "More than one run begins with what was given as its id." },
  RUN_UNFIT: { kind: "conflict", meaning: "The run did not succeed, so nothing can be published from it." },
  RUN_CODE_MISSING: {
    kind: "notFound",
    meaning: "The code that a run was made with was not kept, or is no longer where it was kept.",
  },
  STATE_UNWRITABLE: {
    kind: "unavailable",
    meaning: "The state folder cannot be written: it is read-only, full or not permitted.",
  },
  OUTPUT_UNWRITABLE: {
    kind: "unavailable",
    meaning: "Standard output cannot be written, so the result of the command is lost: mostly a file on a full disk.",
  },

  MODEL_NOT_FOUND: { kind: "notFound", meaning: "The model store or server has no model of this name." },
  VERSION_NOT_FOUND: { kind: "notFound", meaning: "The model has no version or alias of this name." },
  VERSION_EXISTS: { kind: "conflict", meaning: "A different version already has this label." },
  VERSION_CLAIMED: {
    kind: "conflict",
    meaning: "Another publication has this label and has not finished, or was killed before it could.",
  },
  VERSION_ABANDONED: {
    kind: "conflict",
    meaning: "The label belongs to a publication that was given up; labels are never used again.",
  },
  PUBLICATION_ABANDONED: {
    kind: "conflict",
    meaning: "The collector gave this publication up because it took too long; publish again.",
  },
  ALIAS_EXISTS: { kind: "conflict", meaning: "The model has an alias of this name, so no version can be labelled so." },
  ALIAS_MOVED: { kind: "conflict", meaning: "Somebody else moved the alias at the same time; nothing was changed." },
  MODEL_NAME_TAKEN: {
    kind: "conflict",
    meaning: "Another definition has this name: it was published under it, or lies in the same project.",
  },
  MANIFEST_MISSING: {
    kind: "invalid",
    meaning: "The version was stored by an older tool: it can be listed, but has no manifest to check it against.",
  },
  FORMAT_TOO_NEW: { kind: "invalid", meaning: "A stored file was written by a newer version of the tool." },
  STORE_CORRUPT: { kind: "proofFailed", meaning: "A stored file does not have the digest that was recorded for it." },
  STORE_UNAVAILABLE: { kind: "unavailable", meaning: "The model store cannot be reached, read or written." },
  PROOF_FAILED: {
    kind: "proofFailed",
    meaning: "The loaded model does not repeat its recorded predictions or metrics.",
  },
  PROOF_TOO_WEAK: { kind: "proofFailed", meaning: "The version's proof is weaker than the project's minimumProof." },

  REQUEST_MALFORMED: {
    kind: "invalid",
    meaning: "The request is not HTTP, or its body not JSON or not of a form the route takes.",
  },
  ROUTE_NOT_FOUND: { kind: "notFound", meaning: "The server has no such route." },
  METHOD_NOT_ALLOWED: { kind: "methodNotAllowed", meaning: "The route exists but not for this HTTP method." },
  BODY_TOO_LARGE: { kind: "tooLarge", meaning: "The request body is larger than the server accepts." },
  TOO_MANY_ROWS: { kind: "tooLarge", meaning: "The request has more rows than the server accepts at once." },
  JSON_TOO_DEEP: { kind: "invalid", meaning: "The request body is nested deeper than the server accepts." },
  CONTENT_TYPE_UNSUPPORTED: {
    kind: "unsupportedType",
    meaning: "The request body has a content type that the route does not take.",
  },
  QUEUE_FULL: {
    kind: "overloaded",
    meaning: "The model's queue is full; try again after the time given in Retry-After.",
  },
  DEADLINE_EXCEEDED: { kind: "tooLate", meaning: "The model did not answer within the time limit." },
  WORKER_LOST: {
    kind: "unavailable",
    meaning: "The model's worker process ended while it had this request; it is being restarted.",
  },
  WORKER_OUT_OF_MEMORY: {
    kind: "unavailable",
    meaning: "The model's worker process used too much memory while it had this request; it is being restarted.",
  },
  MODEL_LOADING: { kind: "unavailable", meaning: "The model is still being loaded and proven; try again shortly." },
  MODEL_UNAVAILABLE: {
    kind: "unavailable",
    meaning: "The server was told to serve this model but could not load or prove it.",
  },
  SERVER_DRAINING: { kind: "unavailable", meaning: "The server is shutting down and takes no new requests." },
  PORT_IN_USE: { kind: "unavailable", meaning: "Another program listens on the address that the server was given." },
  SERVER_UNREACHABLE: {
    kind: "unavailable",
    meaning: "The prediction server at the given URL cannot be reached or answers nonsense.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
