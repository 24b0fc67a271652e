import { readFile } from "node:fs/promises";
import type * as Sdk from "@statsig/statsig-node-core";
import type { Statsig, StatsigOptions } from "@statsig/statsig-node-core";

import { Failure, hasSystemCode } from "../../kernel/failure.ts";

/** The package that users install; loaded when it is used. */
export type StatsigSdk = typeof Sdk;

/** @throws Failure `PACKAGE_MISSING`. */
export async function importSdk(): Promise<StatsigSdk> {
  try {
    const loaded = (await import("@statsig/statsig-node-core")) as StatsigSdk & { readonly default?: StatsigSdk };
    // A CommonJS package: what Node does not find by name stands under default.
    return loaded.default ?? loaded;
  } catch (cause) {
    if (!hasSystemCode(cause, "ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND")) throw cause;
    throw new Failure("PACKAGE_MISSING", {
      message: "StatsigConfigReader needs @statsig/statsig-node-core, which is not installed.",
      hint: "Run: npm i @statsig/statsig-node-core",
      cause,
    });
  }
}

export interface SdkRequest {
  readonly sdkKey: string;
  readonly timeoutMs: number;
  readonly specsFile: string | null;
  readonly api: string | null;
}

/** A started client, whether or not it has reached Statsig: what it gives says where it is from. */
export async function startSdk(sdk: StatsigSdk, { sdkKey, timeoutMs, specsFile, api }: SdkRequest): Promise<Statsig> {
  const options: StatsigOptions = { initTimeoutMs: timeoutMs, outputLogLevel: "none", disableCountryLookup: true };
  const client = new sdk.Statsig(sdkKey, {
    ...options,
    ...(api === null ? {} : { specsUrl: `${api}/download_config_specs`, logEventUrl: `${api}/log_event` }),
    ...(specsFile === null ? {} : offline(await readSpecs(specsFile), timeoutMs)),
  });
  await client.initialize();
  return client;
}

/** Specs from a file, by the SDK's own interface for stores of data; nothing goes over the network. */
function offline(specs: string, timeoutMs: number): StatsigOptions {
  return {
    disableNetwork: true,
    disableAllLogging: true,
    specAdaptersConfig: [{ adapterType: "data_store", initTimeoutMs: timeoutMs }],
    dataStore: {
      initialize: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
      get: () => Promise.resolve({ result: specs, time: Date.now() }),
      set: () => Promise.resolve(),
      supportPollingUpdatesFor: () => Promise.resolve(false),
    },
  };
}

async function readSpecs(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new Failure("FILE_NOT_FOUND", { message: `${path} cannot be read.`, hint: "Check specsFile.", cause });
  });
}
