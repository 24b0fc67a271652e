import { Failure } from "../kernel/failure.ts";
import type { EnvironmentChoice, Services, Work } from "../lifecycle/services.ts";
import type { StoreOptions } from "./store-options.ts";

/** What the library takes from the process and the composition root around it. */
export interface LibraryHost {
  readonly openServices: (options: StoreOptions) => Promise<Services>;
}

let current: LibraryHost | null = null;

/** Called once, by the entry point of the package: the library itself chooses no implementations. */
export function setHost(host: LibraryHost): void {
  current = host;
}

/** @throws Failure `INTERNAL` when a file of the library is used without the package's entry point. */
export function libraryHost(): LibraryHost {
  if (current !== null) return current;
  throw new Failure("INTERNAL", { message: "The library was used without its entry point." });
}

/** The environment that the options choose. */
export function choiceOf({ python, install }: StoreOptions): EnvironmentChoice {
  const asIs = !(install ?? python === undefined);
  return { python: python ?? null, asIs, strict: false, upgrade: false, wheels: null, passVariables: [] };
}

/** What long work is handed; the library shows no progress. */
export function workOf({ signal }: StoreOptions): Work {
  return { signal: signal ?? new AbortController().signal, onProgress: () => undefined };
}
