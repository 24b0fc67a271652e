import type { InstallerChoice } from "../../model/settings.ts";
import type { Requirements } from "../requirements/read-requirements.ts";
import type { BuilderContext } from "./run-builder.ts";

/** What an environment is built from, and where. */
export interface BuildRequest extends BuilderContext {
  readonly requirements: Requirements;
  /** Of a published version; null: made from the requirements, or the kept one. */
  readonly lock: string | null;
  /** True: resolve the requirements anew. */
  readonly upgrade: boolean;
  /** The one folder that packages may come from; null: an index. */
  readonly wheels: string | null;
  readonly installer: InstallerChoice;
  /** `PATH`. */
  readonly searchPath: string;
  /** Absolute folder of locks, environments and their logs. */
  readonly envsFolder: string;
}
