import type { Language } from "../definition/model-definition.ts";

/** A place where a model's code can run: an interpreter with its packages. */
export interface PreparedEnvironment {
  readonly language: Language;
  /** Absolute path of the interpreter (`python`, `node`). */
  readonly interpreter: string;
  /** For people and records, for example `CPython 3.11.7`. */
  readonly interpreterVersion: string;
  /** Identifies interpreter and packages: equal digests, equal behaviour. */
  readonly digest: string;
  /** `built`: made by the tool from a lock. `given`: used as it was. */
  readonly origin: "built" | "given";
  /** Hash-pinned requirement lines of a built environment. */
  readonly lock: string | null;
  /** Installed packages as `name==version`, sorted. */
  readonly packages: readonly string[];
  /** Pins of the requirements that a given environment does not meet, and the Python that any should have, as sentences. */
  readonly unmet: readonly string[];
  /** Milliseconds that preparing took; about 0 when it was ready. */
  readonly preparedInMs: number;
}
