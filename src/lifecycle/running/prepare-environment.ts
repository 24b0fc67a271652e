import { join } from "node:path";

import { buildVariables } from "../../process/allowed-variables.ts";
import { recallInterpreter } from "../../environments/given/remembered-interpreter.ts";
import { UV_VARIABLES } from "../../environments/built/installer/pip-variables.ts";
import { nodeEnvironment } from "../../environments/node-environment.ts";
import { preparePythonEnvironment } from "../../environments/prepare-python-environment.ts";
import { Failure } from "../../kernel/failure.ts";
import type { Language, RequirementsFile, VariablesSpec } from "../../model/definition/model-definition.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import type { Runtime } from "../../model/ports/runtime.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";

/** What a model needs to run, whether it comes from a definition or from a published version. */
export interface EnvironmentNeeds {
  readonly language: Language;
  readonly requirements: readonly RequirementsFile[];
  /** Hash-pinned lines of a published version: installed as they are. */
  readonly lock: string | null;
  /** Digest of the environment that a version was published from as it was: met again, it is used again. */
  readonly givenDigest?: string | null | undefined;
}

export interface EnvironmentRequest {
  readonly needs: EnvironmentNeeds;
  readonly choice: EnvironmentChoice;
}

/**
 * The runtime of a language.
 * @throws Failure `LANGUAGE_UNSUPPORTED`.
 */
export function runtimeOf(services: Services, language: Language): Runtime {
  const runtime = services.runtimes.get(language);
  if (runtime !== undefined) return runtime;
  throw new Failure("LANGUAGE_UNSUPPORTED", {
    message: `Models in ${language} cannot be run by this version of modelwright.`,
    hint: `It runs: ${[...services.runtimes.keys()].join(", ")}.`,
  });
}

/**
 * Finds or builds the environment that a model runs in.
 * @throws Failure `LANGUAGE_UNSUPPORTED`, `INTERPRETER_NOT_FOUND`, `ENVIRONMENT_FAILED`, `REQUIREMENTS_UNMET`.
 */
export async function prepareEnvironment(
  services: Services,
  { needs, choice }: EnvironmentRequest,
  work: Work,
): Promise<PreparedEnvironment> {
  runtimeOf(services, needs.language);
  if (needs.language === "typescript") return nodeEnvironment();
  const isAsIs = choice.asIs || !services.settings.install;
  const givenDigest = needs.givenDigest ?? null;
  if (isAsIs || givenDigest === null)
    return preparePython(services, { needs, choice: { ...choice, asIs: isAsIs } }, work);
  const given = await findGivenEnvironment(services, { needs, choice, givenDigest }, work);
  return given ?? preparePython(services, { needs, choice }, work);
}

/**
 * The very environment that a version was published from, whose packages were never locked: it is better than one that is
 * built to resemble it. Looked for in the interpreter that is chosen, else where it was last met on this machine.
 */
async function findGivenEnvironment(
  services: Services,
  { needs, choice, givenDigest }: EnvironmentRequest & { readonly givenDigest: string },
  work: Work,
): Promise<PreparedEnvironment | null> {
  const asItIs = { ...choice, asIs: true, strict: false };
  const isChosen = (choice.python ?? services.settings.python) !== null;
  const remembered = isChosen ? null : await recallInterpreter(services.folders.cache, givenDigest);
  for (const python of remembered === null ? [choice.python] : [remembered, null]) {
    try {
      const found = await preparePython(services, { needs, choice: { ...asItIs, python } }, work);
      if (found.digest === givenDigest) return found;
    } catch (error) {
      // One that broke meanwhile says nothing about the others.
      if (python !== remembered || work.signal.aborted) throw error;
    }
  }
  return null;
}

function preparePython(
  services: Services,
  { needs, choice }: EnvironmentRequest,
  work: Work,
): Promise<PreparedEnvironment> {
  return preparePythonEnvironment({
    ...probeContext(services, work),
    mode: choice.asIs ? "asIs" : "build",
    interpreter: choice.python ?? services.settings.python,
    requirements: needs.requirements,
    lock: needs.lock,
    strict: choice.strict,
    upgrade: choice.upgrade,
    wheels: choice.wheels ?? services.settings.wheels,
    installer: services.settings.installer,
    envsFolder: services.folders.environments,
    onProgress: work.onProgress,
  });
}

/** What every program is run with that prepares environments. */
export function probeContext(services: Services, { signal }: Work) {
  const { variables } = buildVariables({ from: services.processVariables, pass: UV_VARIABLES, set: {} });
  return {
    cacheFolder: services.folders.cache,
    runtimesFolder: join(services.folders.runtimes, "python"),
    variables,
    searchPath: services.processVariables["PATH"] ?? "",
    workingFolder: services.settings.projectRoot,
    ...{ signal, log: services.log },
  };
}

export interface VariablesRequest {
  /** What the model declares. */
  readonly own: VariablesSpec;
  readonly choice: EnvironmentChoice;
  readonly runtime: Runtime;
}

/** The variables that a model's process is given, and the declared ones that are not set. */
export function modelVariables(
  services: Services,
  { own, choice, runtime }: VariablesRequest,
): { readonly variables: Readonly<Record<string, string>>; readonly unset: readonly string[] } {
  const project = services.settings.variables;
  return buildVariables({
    from: services.processVariables,
    pass: [...project.pass, ...own.pass, ...choice.passVariables],
    set: { ...project.set, ...own.set },
    extra: runtime.variables(services.folders.cache),
  });
}
