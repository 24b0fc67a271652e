import { Failure } from "../../kernel/failure.ts";
import type { Interpreter } from "./interpreter.ts";
import { listCandidates } from "./list-candidates.ts";
import { probeInterpreter, type Probe, type ProbeContext } from "./probe-interpreter.ts";

export interface InterpreterRequest extends ProbeContext {
  /** A path, the folder of an environment, or a name on the search path; null: `python3` or `python` found there. */
  readonly interpreter: string | null;
  /** `PATH`. */
  readonly searchPath: string;
}

/**
 * Finds the Python that a model is run with: the first candidate that works.
 * @throws Failure `INTERPRETER_NOT_FOUND` with everything that was tried and what each said, `INTERRUPTED`.
 */
export async function findInterpreter(request: InterpreterRequest): Promise<Interpreter> {
  const [first, ...others] = listCandidates(request);
  if (first === undefined) throw notFound(request, []);
  const tried = [{ path: first, probe: await probeInterpreter(first, request) }];
  // Mostly the first one works. Where it does not, a broken one among the others should not hold up the rest.
  if (tried[0]?.probe.interpreter === null)
    tried.push(
      ...(await Promise.all(others.map(async (path) => ({ path, probe: await probeInterpreter(path, request) })))),
    );
  for (const { probe } of tried) if (probe.interpreter !== null) return probe.interpreter;
  throw notFound(request, tried);
}

function notFound(request: InterpreterRequest, tried: readonly { path: string; probe: Probe }[]): Failure {
  const said = tried.flatMap(({ path, probe }) => (probe.interpreter === null ? [`${path} ${probe.reason}`] : []));
  const wanted = request.interpreter ?? "python3 or python";
  const reasons = said.length > 0 ? said : [`${wanted} is not on the search path`];
  return new Failure("INTERPRETER_NOT_FOUND", {
    message: `No usable Python was found. ${reasons.join("; ")}.`,
    hint: "Install Python 3.8 or newer, or name an interpreter with --python or in the project file.",
    details: { wanted, tried: reasons },
  });
}
