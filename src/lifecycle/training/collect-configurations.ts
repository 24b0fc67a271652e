import * as z from "zod";

import type { JsonObject } from "../../kernel/json.ts";
import { check } from "../../kernel/parse.ts";
import type { ConfigurationRead } from "../../model/run/run-record.ts";

/** What the configuration readers of the author packages report as an event of type `configuration`. */
const readSchema: z.ZodType<ConfigurationRead> = z.object({
  source: z.string(),
  name: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A model that reads the same thing in a loop must not fill the record. */
const MAX_CONFIGURATIONS = 1_000;

export interface ConfigurationCollector {
  /** True when the event was one of these, well-formed or not. */
  take(event: JsonObject): boolean;
  /** Each once, in the order of the first reading. */
  readonly list: readonly ConfigurationRead[];
}

/** Collects which configurations a job has read. */
export function configurationCollector(): ConfigurationCollector {
  const found = new Map<string, ConfigurationRead>();
  return {
    take: (event) => {
      if (event["type"] !== "configuration") return false;
      const { value } = check(readSchema, event);
      if (value !== null && found.size < MAX_CONFIGURATIONS)
        found.set(JSON.stringify([value.source, value.name, value.digest]), value);
      return true;
    },
    get list() {
      return [...found.values()];
    },
  };
}
