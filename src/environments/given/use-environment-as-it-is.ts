import { join } from "node:path";
import * as z from "zod";

import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { canonicalJson, type JsonObject } from "../../kernel/json.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import { runCommand } from "../../process/run-command.ts";
import { identityOf, nameOf, type Interpreter } from "../interpreter/interpreter.ts";
import type { ProbeContext } from "../interpreter/probe-interpreter.ts";
import { recallAnswer, rememberAnswer } from "../remembered-answer.ts";
import type { Requirements } from "../requirements/read-requirements.ts";
import { rememberInterpreter } from "./remembered-interpreter.ts";
import { unmetPythons } from "../requirements/unmet-pythons.ts";

export interface GivenRequest extends ProbeContext {
  readonly interpreter: Interpreter;
  readonly requirements: Requirements;
  /** True: unmet pins are an error. */
  readonly strict: boolean;
}

/** What `environment_packages.py` prints. */
const answerSchema = z.object({
  packages: z.array(z.string()),
  unmet: z.array(z.string()),
  watched: z.array(z.string()),
});
type Answer = z.infer<typeof answerSchema>;

const TIMEOUT_MS = 60_000;

/**
 * Takes an interpreter with the packages that it has. Nothing is installed or changed.
 * @throws Failure `REQUIREMENTS_UNMET` when `strict`, `ENVIRONMENT_FAILED`, `INTERRUPTED`.
 */
export async function useEnvironmentAsItIs(request: GivenRequest): Promise<Omit<PreparedEnvironment, "preparedInMs">> {
  const { interpreter } = request;
  const { packages, unmet: unmetPins } = await readPackages(request);
  const unmet = [...unmetPythons(request.requirements, interpreter), ...unmetPins, ...request.requirements.unreadable];
  if (request.strict && unmet.length > 0) throw unmetFailure(interpreter, unmet);
  const digest = sha256(canonicalJson({ origin: "given", ...identityOf(interpreter), packages }));
  await rememberInterpreter(request.cacheFolder, { digest, interpreter: interpreter.executable }, request.log);
  return {
    language: "python",
    interpreter: interpreter.executable,
    interpreterVersion: nameOf(interpreter),
    digest,
    origin: "given",
    lock: null,
    packages,
    unmet,
  };
}

async function readPackages(request: GivenRequest): Promise<Answer> {
  const question: JsonObject = { requirements: request.requirements.packages.map((one) => ({ ...one })) };
  const key = sha256(canonicalJson({ ...question, executable: request.interpreter.executable }));
  const file = join(request.cacheFolder, "packages", `${key.slice(0, 32)}.json`);
  const recalled = await recallAnswer(file, answerSchema);
  if (recalled !== null) return recalled;
  const askedAtMs = Date.now();
  const answer = await ask(request, question);
  const watched = [request.interpreter.executable, ...answer.watched];
  await rememberAnswer(file, { value: answer, watched, askedAtMs }, request.log);
  return answer;
}

async function ask(request: GivenRequest, question: JsonObject): Promise<Answer> {
  const script = join(request.runtimesFolder, "environment_packages.py");
  const result = await runCommand([request.interpreter.executable, "-B", script], {
    cwd: request.workingFolder,
    env: request.variables,
    timeoutMs: TIMEOUT_MS,
    signal: request.signal,
    input: JSON.stringify(question),
  });
  if (result.isInterrupted) throw new Failure("INTERRUPTED", { message: "Stopped while reading installed packages." });
  try {
    return answerSchema.parse(JSON.parse(result.stdout.trimEnd().split("\n").at(-1) ?? ""));
  } catch (cause) {
    const said = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new Failure("ENVIRONMENT_FAILED", {
      message: `The packages of ${request.interpreter.executable} cannot be listed. ${said}`.trimEnd(),
      hint: "Check that this interpreter works, or name another one with --python.",
      details: { exitCode: result.exitCode, isTimedOut: result.isTimedOut },
      cause,
    });
  }
}

function unmetFailure(interpreter: Interpreter, unmet: readonly string[]): Failure {
  return new Failure("REQUIREMENTS_UNMET", {
    message: `${interpreter.executable} does not meet the model's requirements: ${unmet.join("; ")}.`,
    hint: "Install them there, leave out --strict, or leave out --no-install (--use-active) to have an environment built.",
    details: { interpreter: interpreter.executable, unmet },
  });
}
