import { join } from "node:path";

import type { Runtime } from "../model/ports/runtime.ts";
import { stageTypescript } from "./typescript/stage-typescript.ts";

// Errors then name the user's files and lines, and more than the ten innermost calls.
const NODE_FLAGS = ["--enable-source-maps", "--stack-trace-limit=50"];

/**
 * Runs models written in TypeScript or JavaScript. `stage` answers the path of a bundle as `codeRoot`; a published
 * version keeps that bundle (`model_modules/index.bundle.mjs`), its source map, and all code files for reading, so
 * that it runs without the checkout and is not bundled again.
 * @param runtimesFolder - absolute folder that holds the built `typescript/job.js` and `typescript/worker.js`.
 */
export function typescriptRuntime(runtimesFolder: string): Runtime {
  const half = (name: string): string => join(runtimesFolder, "typescript", name);
  return {
    language: "typescript",
    stage: stageTypescript,
    jobCommand: (environment, jobFile) => [environment.interpreter, ...NODE_FLAGS, half("job.js"), jobFile],
    workerCommand: (environment, workerFile) => [environment.interpreter, ...NODE_FLAGS, half("worker.js"), workerFile],
    variables: () => ({}),
  };
}
