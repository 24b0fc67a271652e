import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { resolveRealInside } from "../../files/resolve-inside.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { parseJson } from "../../kernel/parse.ts";
import { processVariables } from "./process-variables.ts";
import { recordConfiguration } from "./record-configuration.ts";

export interface LocalConfigOptions {
  readonly configDir: string;
}

const MOST_NAMES = 10;

/** Configurations that are JSON files in a folder. What is read is recorded with the run of a job. */
export class LocalConfigReader {
  readonly #folder: string;

  constructor({ configDir }: LocalConfigOptions) {
    this.#folder = resolve(configDir);
  }

  /**
   * @param name - of a file below the folder, with or without the ending `.json`.
   * @throws Failure `FILE_NOT_FOUND`, `JSON_MALFORMED`, `PATH_ESCAPES_ROOT`.
   */
  async read(name: string): Promise<JsonValue> {
    const path = await this.#locate(name.endsWith(".json") ? name : `${name}.json`);
    const text = await readFile(path, "utf8").catch(async (cause: unknown) => {
      throw await this.#notFound(path, cause);
    });
    const value = parseJson(text.replace(/^\uFEFF/, ""), path) as JsonValue;
    await recordConfiguration(processVariables(), { source: "local", name, value });
    return value;
  }

  async #locate(path: string): Promise<string> {
    try {
      return await resolveRealInside(this.#folder, path);
    } catch (error) {
      if (hasSystemCode(error, "ENOENT", "ENOTDIR")) throw await this.#notFound(resolve(this.#folder, path), error);
      throw error;
    }
  }

  async #notFound(path: string, cause: unknown): Promise<Failure> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
    return new Failure("FILE_NOT_FOUND", {
      message: `There is no configuration ${path}.`,
      hint: `The folder has ${names.slice(0, MOST_NAMES).join(", ") || "no .json files"}.`,
      cause,
    });
  }
}
