import { Failure } from "../../kernel/failure.ts";

/** `churn`, `churn@20261120-101500UTC` or `churn@champion`. */
export interface ModelReference {
  readonly name: string;
  /** A version label or alias; null means the newest version. */
  readonly selector: string | null;
}

// Names become folder names, S3 keys and URL segments; leading dots and dashes trap shells and globs.
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** True for a name that a model, version or alias may have. */
export function isName(text: string): boolean {
  return NAME.test(text) && !text.endsWith(".") && !text.includes("..");
}

/**
 * Returns `text` if it may name a `what`.
 * @throws Failure `NAME_INVALID`.
 */
export function parseName(text: string, what: "model" | "version" | "alias"): string {
  if (isName(text)) return text;
  throw new Failure("NAME_INVALID", {
    message: `"${text}" cannot be the name of ${what === "alias" ? "an" : "a"} ${what}.`,
    hint: "Use 1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
  });
}

/**
 * Parses `name`, `name@version` or `name@alias`.
 * @throws Failure `REFERENCE_INVALID`.
 */
export function parseModelReference(text: string): ModelReference {
  const [name = "", selector = null, ...rest] = text.split("@");
  if (rest.length === 0 && isName(name) && (selector === null || isName(selector))) return { name, selector };
  throw new Failure("REFERENCE_INVALID", {
    message: `"${text}" is not a model reference.`,
    hint: "Write name, name@version or name@alias, for example churn@champion.",
  });
}

/** Prints a reference as `parseModelReference` reads it. */
export function formatModelReference(reference: ModelReference): string {
  return reference.selector === null ? reference.name : `${reference.name}@${reference.selector}`;
}

/**
 * The store name of a definition's display name: lower case, runs of other characters become one dash.
 * `Python XGBoost (Diabetes)` → `python-xgboost-diabetes`.
 */
export function storeName(displayName: string): string {
  const name = displayName
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/\.{2,}/g, ".")
    .replace(/^[-._]+|[-._]+$/g, "")
    .slice(0, 100);
  return name === "" ? "model" : name;
}
