import type { VariablesSpec } from "./definition/model-definition.ts";
import type { Tolerance } from "./prediction/tolerance.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { ProofLevel } from "./version/manifest.ts";

/** How much of a labelled test set a version keeps: it may hold personal data. */
export type TestSetPolicy = "full" | "sample" | "digest";

/** What resolves and installs Python packages. `auto`: uv where there is one, else pip. */
export type InstallerChoice = "auto" | "pip" | "uv";

/** The tool's configuration, parsed once: defaults < project file < MODELWRIGHT_* variables < flags. All paths absolute. */
export interface Settings {
  /** The profile of the project file that was chosen; null: none. */
  readonly profile: string | null;
  /** Folder of all state: runs, environments, caches, and the store unless it is elsewhere. */
  readonly home: string;
  /** Folder of the model store. */
  readonly store: string;
  /** The project's folder: that of `modelwright.json`, else of the repository, else the working directory. */
  readonly projectRoot: string;
  /** Interpreter for Python models: a path or a name; null: found on the PATH. */
  readonly python: string | null;
  /** False: use the interpreter's packages as they are. */
  readonly install: boolean;
  readonly installer: InstallerChoice;
  /** Folder of package files that are installed from, instead of an index; null: an index. */
  readonly wheels: string | null;
  /** Environment variables that models are given beyond the allow-list. */
  readonly variables: VariablesSpec;
  readonly minimumProof: ProofLevel;
  readonly storeTestSet: TestSetPolicy;
  /** Empty: any address. */
  readonly allowedEmailDomains: readonly string[];
  /** What pickles may import: full names, `*` for any characters; null: nothing is refused. */
  readonly allowedPickleImports: readonly string[] | null;
  readonly authorEmail: string | null;
  readonly server: ServerSettings;
  /** Fields of `model.json` that every definition of the project begins with. */
  readonly defaults: { readonly tolerance?: Tolerance | undefined; readonly owner?: string | undefined };
}
