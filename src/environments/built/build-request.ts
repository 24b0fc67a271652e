import type { Requirements } from "../requirements/read-requirements.ts";
import type { BuilderContext } from "./run-builder.ts";

/** What an environment is built from, and where. */
export interface BuildRequest extends BuilderContext {
  readonly requirements: Requirements;
  /** Of a published version; null: made from the requirements, or the kept one. */
  readonly lock: string | null;
  /** True: resolve the requirements anew. */
  readonly upgrade: boolean;
  /** Absolute folder of locks, environments and their logs. */
  readonly envsFolder: string;
}
