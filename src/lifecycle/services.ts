import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Language } from "../model/definition/model-definition.ts";
import type { Executor } from "../model/ports/executor.ts";
import type { ObjectStore } from "../model/ports/object-store.ts";
import type { OnProgress } from "../model/ports/progress.ts";
import type { Runtime } from "../model/ports/runtime.ts";
import type { Settings } from "../model/settings.ts";
import type { RunStore } from "../runs/run-store.ts";
import type { ModelStore } from "../store/model-store.ts";

/** Absolute folders that the use cases work in. */
export interface Folders {
  /** Built Python environments. */
  readonly environments: string;
  /** Code that runs were made with, where a repository does not have it. */
  readonly code: string;
  /** What may be deleted at any time: bundles, byte code, remembered proofs, probed interpreters. */
  readonly cache: string;
  /** What models print while they serve: kept when one fails. */
  readonly logs: string;
  /** Work folders of live processes. */
  readonly temporary: string;
  /** The foreign halves that ship with the tool. */
  readonly runtimes: string;
  /** The Python author package, whose part `model_files` opens the files of model configurations. */
  readonly authorPackage: string;
  readonly templates: string;
  readonly examples: string;
}

/** Everything that the use cases need from outside, chosen once in `app/`. */
export interface Services {
  readonly settings: Settings;
  readonly folders: Folders;
  readonly clock: Clock;
  readonly log: Log;
  readonly toolVersion: string;
  /** The tool's own environment variables: the source of the allow-list, never handed on whole. */
  readonly processVariables: Readonly<Record<string, string>>;
  readonly pid: number;
  /** `linux-x64`, `darwin-arm64`, …; see `architectureOf`. */
  readonly architecture: string;
  readonly runs: RunStore;
  readonly store: ModelStore;
  /** The objects under the model store, for probing what it stands on. */
  readonly objects: ObjectStore;
  readonly executor: Executor;
  /** The languages that this version can run. */
  readonly runtimes: ReadonlyMap<Language, Runtime>;
}

/** What every long-running use case is handed besides its request. */
export interface Work {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** How environments are chosen for one command. */
export interface EnvironmentChoice {
  /** `--python`. */
  readonly python: string | null;
  /** `--no-install`, `--use-active`: use the interpreter as it is. */
  readonly asIs: boolean;
  /** `--strict`: unmet pins are an error. */
  readonly strict: boolean;
  /** `--upgrade`: resolve requirements anew. */
  readonly upgrade: boolean;
  /** `--wheels`: absolute folder of package files that are installed from, instead of an index. */
  readonly wheels: string | null;
  /** `--pass-env`. */
  readonly passVariables: readonly string[];
}
