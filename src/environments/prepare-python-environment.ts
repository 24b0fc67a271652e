import type { Log } from "../kernel/log.ts";
import type { RequirementsFile } from "../model/definition/model-definition.ts";
import type { PreparedEnvironment } from "../model/ports/environment.ts";
import type { OnProgress } from "../model/ports/progress.ts";
import type { InstallerChoice } from "../model/settings.ts";
import { buildEnvironment } from "./built/build-environment.ts";
import { useEnvironmentAsItIs } from "./given/use-environment-as-it-is.ts";
import { onlyFromFolder } from "./built/installer/wheel-folder.ts";
import { chooseInterpreter } from "./interpreter/choose-interpreter.ts";
import { findInterpreter } from "./interpreter/find-interpreter.ts";
import { readRequirements, type Requirements } from "./requirements/read-requirements.ts";

export interface PythonEnvironmentRequest {
  /** `build`: packages are installed into an environment of the tool's own. `asIs`: the interpreter's are used. */
  readonly mode: "build" | "asIs";
  /** A path, the folder of an environment, or a name on the search path; null: `python3` or `python` found there. */
  readonly interpreter: string | null;
  readonly requirements: readonly RequirementsFile[];
  /** Hash-pinned lines of a published version, installed as they are where they fit the interpreter. */
  readonly lock?: string | null | undefined;
  /** `asIs`: unmet pins are an error. */
  readonly strict: boolean;
  /** `build`: resolve the requirements anew. */
  readonly upgrade: boolean;
  /** `build`: absolute folder of package files that are installed from, instead of an index. */
  readonly wheels?: string | null | undefined;
  /** `build`: what resolves and installs. */
  readonly installer: InstallerChoice;
  /** Absolute folder of environments that are kept. */
  readonly envsFolder: string;
  /** Absolute folder for what may be deleted at any time. */
  readonly cacheFolder: string;
  /** Absolute folder of the tool's Python half. */
  readonly runtimesFolder: string;
  /** The environment of the programs that are run; of `PIP_*` only what is meant for every use of pip. */
  readonly variables: Readonly<Record<string, string>>;
  /** `PATH`. */
  readonly searchPath: string;
  /** Absolute folder in which relative paths of variables begin and `.python-version` is looked for; default: the tool's. */
  readonly workingFolder?: string | undefined;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Finds or builds the environment that a Python model runs in. One that is ready costs a few file reads.
 * @throws Failure `INTERPRETER_NOT_FOUND`, `REQUIREMENTS_UNMET`, `ENVIRONMENT_FAILED`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function preparePythonEnvironment(request: PythonEnvironmentRequest): Promise<PreparedEnvironment> {
  const startMs = performance.now();
  const workingFolder = request.workingFolder ?? process.cwd();
  const requirements = await readRequirements(request.requirements);
  const prepare = request.mode === "asIs" ? takeAsItIs : build;
  const environment = await prepare({ ...request, workingFolder }, requirements);
  return { ...environment, preparedInMs: Math.round(performance.now() - startMs) };
}

type Placed = PythonEnvironmentRequest & { readonly workingFolder: string };
type Unmeasured = Omit<PreparedEnvironment, "preparedInMs">;

async function takeAsItIs(request: Placed, requirements: Requirements): Promise<Unmeasured> {
  // The usual one, whatever the requirements ask of Python: its packages are those that are meant.
  return useEnvironmentAsItIs({ ...request, requirements, interpreter: await findInterpreter(request) });
}

async function build(request: Placed, requirements: Requirements): Promise<Unmeasured> {
  const lock = request.lock ?? null;
  const wheels = request.wheels ?? null;
  const interpreter = await chooseInterpreter(request, { lock, pythons: requirements.pythons });
  const sources = { requirements, variables: request.variables };
  const only = wheels === null ? sources : await onlyFromFolder(wheels, sources);
  return buildEnvironment({ ...request, ...only, interpreter, lock, wheels });
}
