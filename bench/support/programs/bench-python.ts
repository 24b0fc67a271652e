import { inRepository } from "../harness/repository.ts";
import { runToEnd } from "./child-process.ts";

/** The benchmarks' Python environment, made when it is not there: peers and models run in the same one. */
export async function benchPython(): Promise<string> {
  const folder = inRepository("build/bench-python");
  const program = inRepository("scripts/make-python-environment.mjs");
  await runToEnd([process.execPath, program, inRepository("bench/requirements.txt"), folder], {
    cwd: inRepository("."),
  });
  return `${folder}/bin/python`;
}
