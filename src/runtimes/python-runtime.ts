import { join } from "node:path";

import type { PreparedEnvironment } from "../model/ports/environment.ts";
import type { Runtime } from "../model/ports/runtime.ts";

/**
 * Runs models written in Python. Nothing is built; where the code runs is for others to decide.
 * @param runtimesFolder - the absolute folder of the foreign halves, which holds `python/`.
 */
export function pythonRuntime(runtimesFolder: string): Runtime {
  const program = programIn(runtimesFolder);

  const command = (environment: PreparedEnvironment, ...args: readonly string[]) => [
    environment.interpreter,
    // The user's own site-packages belong to an environment that is used as it is, not to one that was built.
    ...(environment.origin === "built" ? ["-s"] : []),
    program,
    ...args,
  ];

  return {
    language: "python",
    stage: ({ code }) =>
      Promise.resolve({
        codeRoot: code.codeRoot,
        files: code.codeFiles.map((path) => ({ source: join(code.codeRoot, path), path })),
      }),
    jobCommand: (environment, jobFile) => command(environment, "job", jobFile),
    workerCommand: (environment, workerFile) => command(environment, "worker", workerFile),
    variables: () => VARIABLES,
  };
}

const VARIABLES = {
  // Byte code never lands in a checkout. A cache elsewhere (PYTHONPYCACHEPREFIX) would hide the byte code that is
  // installed with every package: then the first start compiles all of pandas and scikit-learn anew.
  PYTHONDONTWRITEBYTECODE: "1",
  // The order of sets of text decides on the order of columns in many a model.
  PYTHONHASHSEED: "0",
};

/** How a job is started that opens the pickle in a data file (`RowsJobSpec`), with an interpreter as it is. */
export function rowsCommand(runtimesFolder: string, interpreter: string, jobFile: string) {
  return { command: [interpreter, programIn(runtimesFolder), "rows", jobFile], variables: VARIABLES };
}

function programIn(runtimesFolder: string): string {
  return join(runtimesFolder, "python", "modelwright_runtime", "__main__.py");
}
