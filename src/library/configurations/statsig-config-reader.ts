import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Statsig } from "@statsig/statsig-node-core";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { isJsonObject, type JsonObject } from "../../kernel/json.ts";
import { processVariables } from "./process-variables.ts";
import { recordConfiguration } from "./record-configuration.ts";
import { importSdk, startSdk, type StatsigSdk } from "./statsig-sdk.ts";

export interface StatsigConfigOptions {
  /** The server secret; default: the variable `STATSIG_SDK_KEY`. */
  readonly sdkKey?: string | undefined;
  /** How long the first read waits for Statsig at most. */
  readonly timeoutMs?: number | undefined;
  /** Where last good values are kept; default: in the user's cache folder. */
  readonly cacheDir?: string | undefined;
  readonly userId?: string | undefined;
  /** The project's config specs as this SDK downloads them; nothing goes over the network then. */
  readonly specsFile?: string | undefined;
  /** Address of a proxy of Statsig's API, without a slash at the end. */
  readonly api?: string | undefined;
}

const KEY_VARIABLE = "STATSIG_SDK_KEY";
const TIMEOUT_MS = 3_000;
const SHUTDOWN_TIMEOUT_MS = 1_000;

interface StartedSdk {
  readonly sdk: StatsigSdk;
  readonly client: Statsig;
}

/**
 * Dynamic configs of Statsig, by its official SDK. When Statsig cannot be reached in time, the last good value is read
 * from disk. What is read is recorded with the run of a job.
 */
export class StatsigConfigReader {
  readonly #options: StatsigConfigOptions;
  #started: Promise<StartedSdk> | null = null;

  constructor(options: StatsigConfigOptions = {}) {
    this.#options = options;
  }

  /**
   * The value of a dynamic config.
   * @throws Failure `CONFIGURATION_NOT_FOUND`, `CONFIGURATION_UNAVAILABLE`, `FILE_UNREADABLE`, `PACKAGE_MISSING`,
   * `CONFIG_INVALID`.
   */
  async read(name: string): Promise<JsonObject> {
    this.#started ??= this.#start();
    const { sdk, client } = await this.#started.catch((error: unknown) => {
      // So that a later read tries again.
      this.#started = null;
      throw error;
    });
    const user = sdk.StatsigUser.withUserID(this.#options.userId ?? "modelwright");
    const { value, details } = client.getDynamicConfig(user, name);
    // `NoValues`, `Uninitialized` and `Loading…`: the SDK has not got its specs.
    if (/^(NoValues|Uninitialized|Loading)/.test(details.reason)) {
      this.#requireReachable();
      return this.#lastGood(name);
    }
    if (details.reason.endsWith("Unrecognized"))
      throw new Failure("CONFIGURATION_NOT_FOUND", {
        message: `Statsig has no dynamic config "${name}".`,
        hint: "Check the name in Statsig's console.",
      });
    const config = JSON.parse(JSON.stringify(value)) as JsonObject;
    await this.#keep(name, config);
    await recordConfiguration(processVariables(), { source: "statsig", name, value: config });
    return config;
  }

  /** Sends what the SDK has not sent yet, and ends it. */
  async close(): Promise<void> {
    const started = await this.#started?.catch(() => null);
    this.#started = null;
    await started?.client.shutdown(SHUTDOWN_TIMEOUT_MS);
  }

  async #start(): Promise<StartedSdk> {
    const { specsFile, api, timeoutMs = TIMEOUT_MS } = this.#options;
    const sdkKey = this.#requireKey();
    const sdk = await importSdk();
    const specs = specsFile === undefined ? null : resolve(specsFile);
    return { sdk, client: await startSdk(sdk, { sdkKey, timeoutMs, specsFile: specs, api: api ?? null }) };
  }

  #requireKey(): string {
    const key = this.#key();
    if (this.#options.specsFile !== undefined) return key ?? "secret-local";
    if (key?.startsWith("secret-") === true) return key;
    throw new Failure("CONFIG_INVALID", {
      message: "There is no server secret of Statsig.",
      hint: `Set ${KEY_VARIABLE}, or give sdkKey or specsFile.`,
    });
  }

  #key(): string | null {
    return this.#options.sdkKey ?? (processVariables()[KEY_VARIABLE] || null);
  }

  #requireReachable(): void {
    const { specsFile } = this.#options;
    if (specsFile === undefined) return;
    throw new Failure("FILE_UNREADABLE", {
      message: `${resolve(specsFile)} holds no config specs that the SDK takes.`,
      hint: "Store what Statsig's SDK for Node downloads: it is another format than that of Python.",
    });
  }

  async #lastGood(name: string): Promise<JsonObject> {
    const kept: unknown = await readFile(this.#cacheFile(name), "utf8")
      .then(JSON.parse)
      .catch(() => null);
    const value = isJsonObject(kept) ? kept["value"] : null;
    if (!isJsonObject(value))
      throw new Failure("CONFIGURATION_UNAVAILABLE", {
        message: `Statsig did not answer within ${this.#options.timeoutMs ?? TIMEOUT_MS} ms, and no earlier value of "${name}" is kept.`,
        hint: "Check the network and the key, or give specsFile to work offline.",
      });
    await recordConfiguration(processVariables(), { source: "statsig-cache", name, value });
    return value;
  }

  /** A cache that cannot be written is no reason to fail. */
  async #keep(name: string, value: JsonObject): Promise<void> {
    try {
      await makeFolders(this.#cacheFolder());
      await writeFileAtomically(this.#cacheFile(name), JSON.stringify({ name, value }));
    } catch {
      return;
    }
  }

  #cacheFile(name: string): string {
    // Names of configs may hold anything. Another key is another project.
    return join(this.#cacheFolder(), `${sha256(`${this.#key() ?? ""}\n${name}`).slice(0, 32)}.json`);
  }

  #cacheFolder(): string {
    if (this.#options.cacheDir !== undefined) return resolve(this.#options.cacheDir);
    const { XDG_CACHE_HOME: base = "", HOME: home = homedir() } = processVariables();
    return join(isAbsolute(base) ? base : join(home, ".cache"), "modelwright", "statsig");
  }
}
