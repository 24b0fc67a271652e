import { fileURLToPath } from "node:url";

/** Absolute path of something in this repository; the benchmarks run from `build/bench/`. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
