import type { PreparedEnvironment } from "../ports/environment.ts";
import type { RecordedEnvironment } from "./manifest.ts";

/** Processor and system that numbers are computed on: `linux-x64`, `darwin-arm64`. */
export function architectureOf(host: { readonly platform: string; readonly arch: string }): string {
  return `${host.platform}-${host.arch}`;
}

/** What a version records of the environment that it was proven in. */
export function recordEnvironment(environment: PreparedEnvironment, architecture: string): RecordedEnvironment {
  return {
    digest: environment.digest,
    architecture,
    interpreter: environment.interpreterVersion,
    lock: environment.lock,
    packages: environment.packages,
  };
}

/** True when nothing that computes has changed: answers must then be the same to the last digits. */
export function isSamePlace(
  recorded: RecordedEnvironment,
  environment: PreparedEnvironment,
  architecture: string,
): boolean {
  return recorded.digest === environment.digest && recorded.architecture === architecture;
}
