/** The file that makes a folder a model definition. */
export const MODEL_JSON = "model.json";
export const CONFIG_JSON = "config.json";
export const SIGNATURE_JSON = "signature.json";
export const CODE_FOLDER = "model_modules";
/** Where projects of older tools keep rows to test an endpoint with, in a definition or in the folder that they are tested in. */
export const TEST_INSTANCES = "test/test_instances.json";

const DATA_CONFIGURATION = /^\.cli\/datasets\/[^/]+\.json$/;
const SAMPLE = /^samples\/[^/]+\.json$/;
const CONFIG = /^(?:[^/]+\/)?config\.json$/;
// `signature` in model.json may name another file than signature.json.
const SIGNATURE = /^(?:[^/]+\/)?[^/]*signature[^/]*\.json$/i;
const REQUIREMENTS =
  /^(?:[^/]+\/){0,2}(?:requirements[^/]*\.(?:txt|R)|constraints[^/]*\.txt|pyproject\.toml|(?:uv|poetry)\.lock|environment\.ya?ml)$/;

/** True for files whose text `readDefinition` needs. @param path - relative to the definition folder. */
export function wantsText(path: string): boolean {
  return (
    path === MODEL_JSON ||
    path === TEST_INSTANCES ||
    [CONFIG, SIGNATURE, DATA_CONFIGURATION, SAMPLE, REQUIREMENTS].some((pattern) => pattern.test(path))
  );
}

export function isDataConfiguration(path: string): boolean {
  return DATA_CONFIGURATION.test(path);
}

export function isSample(path: string): boolean {
  return SAMPLE.test(path) || path === TEST_INSTANCES;
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["__pycache__", "node_modules"]);

/** True for what is no source of the model: caches, installed packages, hidden things (keys and tokens too) other than `.cli`. */
export function isBeside(path: string): boolean {
  const parts = path.split("/");
  return (
    parts.some((part) => SKIPPED_FOLDERS.has(part) || (part.startsWith(".") && part !== ".cli")) ||
    /\.py[co]$/.test(path)
  );
}

/** Joins a folder of the definition (empty: the definition itself) and a path in it. */
export function joinPath(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}
