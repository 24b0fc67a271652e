import type { Language, ModelDefinition } from "../definition/model-definition.ts";
import type { OnProgress } from "./progress.ts";
import type { PreparedEnvironment } from "./environment.ts";

/** Code in a place where it can run. */
export interface StagedCode {
  /** Goes into `JobSpec.codeRoot` / `WorkerSpec.codeRoot`. */
  readonly codeRoot: string;
  /** Files to keep in a published version. */
  readonly files: readonly StagedFile[];
}

export interface StagedFile {
  /** Absolute. */
  readonly source: string;
  /** Below the version's `code/`. */
  readonly path: string;
}

/** Where the code of a model is: a definition's checkout, or the `code/` folder of a version that was fetched. */
export interface CodeSource {
  readonly codeRoot: string;
  readonly projectRoot: string;
  readonly definitionFolder: string;
  readonly codeFiles: readonly string[];
  /** True where others work: code may be read there, and nothing may be written. */
  readonly isCheckout?: boolean | undefined;
}

/** How foreign code of one language is run. Adds no behaviour of its own: job folder in, result and files out. */
export interface Runtime {
  readonly language: Language;
  /** Puts the code where it can run without writing into the checkout. TypeScript is bundled, Python stays where it is. */
  stage(request: {
    readonly code: CodeSource;
    readonly cacheFolder: string;
    readonly onProgress: OnProgress;
    readonly signal: AbortSignal;
  }): Promise<StagedCode>;
  /** Program and arguments of a job; `jobFile` is the absolute path of `job.json`. */
  jobCommand(environment: PreparedEnvironment, jobFile: string): readonly string[];
  /** Program and arguments of a worker; `workerFile` is the absolute path of `worker.json`. */
  workerCommand(environment: PreparedEnvironment, workerFile: string): readonly string[];
  /** Variables that the runtime itself needs in the process, for example where byte code is cached. */
  variables(cacheFolder: string): Readonly<Record<string, string>>;
}

export function codeOf(definition: ModelDefinition): CodeSource {
  return {
    codeRoot: definition.codeRoot,
    projectRoot: definition.projectRoot,
    definitionFolder: definition.folder,
    codeFiles: definition.codeFiles,
    isCheckout: true,
  };
}
