import { Failure } from "../../kernel/failure.ts";
import { lockHeader } from "../built/lock.ts";
import { meetsVersion } from "../../model/python/meets-version.ts";
import type { PythonRequirement } from "../requirements/read-requirements.ts";
import { compareVersions } from "./compare-versions.ts";
import { findInterpreter, type InterpreterRequest } from "./find-interpreter.ts";
import { nameOf, type Interpreter } from "./interpreter.ts";
import { listAllPythons, listPyenvPythons } from "./list-all-pythons.ts";
import { probeInterpreter } from "./probe-interpreter.ts";

const PROBES_AT_ONCE = 4;

/** What decides between the interpreters of a machine. */
export interface InterpreterWishes {
  readonly pythons: readonly PythonRequirement[];
  /** Lock of a published version; null where the requirements are resolved. */
  readonly lock: string | null;
}

/**
 * The Python that packages are installed for: the one that is named, else one that the version's lock was made for, else
 * the newest that satisfies what the requirements ask of Python, else the first that works.
 * @throws Failure `INTERPRETER_NOT_FOUND` with everything that was found, `INTERRUPTED`.
 */
export async function chooseInterpreter(request: InterpreterRequest, wishes: InterpreterWishes): Promise<Interpreter> {
  if (request.interpreter !== null) return findInterpreter(request);
  const { lock, pythons } = wishes;
  if (lock !== null) {
    const first = await findInterpreter(request);
    if (lock.startsWith(lockHeader(first))) return first;
    const { found: all } = await probeAll(listAllPythons(request.searchPath), request);
    const fitting = all.find((one) => lock.startsWith(lockHeader(one)));
    if (fitting !== undefined) return fitting;
  }
  return pythons.length === 0 ? findInterpreter(request) : findNewest(request, pythons);
}

/** Looked at on the search path first, then among the versions that pyenv has but does not offer there. */
async function findNewest(request: InterpreterRequest, pythons: readonly PythonRequirement[]): Promise<Interpreter> {
  const seen: Interpreter[] = [];
  const unusable: string[] = [];
  for (const list of [listAllPythons, listPyenvPythons]) {
    const paths = list(request.searchPath).filter((path) => mayBeMet(path, pythons));
    const { found, reasons } = await probeAll(paths, request);
    const [newest] = found.filter((one) => isMet(one.version, pythons)).sort(newestFirst);
    if (newest !== undefined) return newest;
    seen.push(...found);
    // What pyenv keeps out of the way is not what anybody expects to be used.
    if (list === listAllPythons) unusable.push(...reasons);
  }
  const [nearest] = seen.filter((one) => isMet(one.version, pythons.map(toSeries))).sort(newestFirst);
  if (nearest !== undefined) return nearest;
  // What was not run, because its name tells enough, is named with the rest.
  const others = await probeAll(listAllPythons(request.searchPath), request);
  const all = new Map([...others.found, ...seen].map((one) => [nameOf(one), one]));
  throw notSatisfied(pythons, { found: [...all.values()], unusable });
}

/** Interpreters that run, and of the other programs what each said. */
interface ProbedPrograms {
  readonly found: readonly Interpreter[];
  readonly reasons: readonly string[];
}

async function probeAll(paths: readonly string[], request: InterpreterRequest): Promise<ProbedPrograms> {
  const [found, reasons]: [Interpreter[], string[]] = [[], []];
  for (let at = 0; at < paths.length; at += PROBES_AT_ONCE) {
    const some = paths.slice(at, at + PROBES_AT_ONCE);
    const probes = await Promise.all(
      some.map(async (path) => ({ path, probe: await probeInterpreter(path, request) })),
    );
    for (const { path, probe } of probes) {
      if (probe.interpreter === null) reasons.push(`${path} ${probe.reason}`);
      else found.push(probe.interpreter);
    }
  }
  return { found, reasons };
}

/**
 * `==3.8` as `==3.8.*`. By the letter it means 3.8.0 alone; those who write it mean any 3.8, which the run then says.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/#version-matching
 */
function toSeries({ path, requirement }: PythonRequirement): PythonRequirement {
  return { path, requirement: requirement.replace(/(^|[,|\s])==\s*v?(\d+\.\d+)\s*(?=$|[,|])/g, "$1==$2.*") };
}

/** What cannot be read rules nothing out; it is reported with the run. */
function isMet(version: string, pythons: readonly PythonRequirement[]): boolean {
  return pythons.every(({ requirement }) => meetsVersion(requirement, version) !== false);
}

/** False for a `python3.8` where 3.9 is asked for: it need not be run, and may be a shim that takes its time to complain. */
function mayBeMet(path: string, pythons: readonly PythonRequirement[]): boolean {
  const minor = /python(3\.\d+)$/.exec(path)?.[1];
  return minor === undefined || ["0", "99"].some((patch) => isMet(`${minor}.${patch}`, pythons));
}

function newestFirst(a: Interpreter, b: Interpreter): number {
  return compareVersions(b.version, a.version);
}

function notSatisfied(
  pythons: readonly PythonRequirement[],
  { found, unusable }: { readonly found: readonly Interpreter[]; readonly unusable: readonly string[] },
): Failure {
  const asked = pythons.map(({ path, requirement }) => `${requirement} (${path})`).join(" and ");
  const there = found.map((one) => `${nameOf(one)} (${one.executable})`);
  const broken = unusable.length === 0 ? "" : ` Not usable: ${unusable.join("; ")}.`;
  return new Failure("INTERPRETER_NOT_FOUND", {
    message: `The model asks for Python ${asked}. Found: ${there.length === 0 ? "no usable Python" : there.join(", ")}.${broken}`,
    hint: "Install a Python that satisfies it, or name one with --python: that is used all the same, and the run says so.",
    details: { wanted: asked, found: there, ...(broken === "" ? {} : { unusable }) },
  });
}
