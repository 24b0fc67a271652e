import { appendFile, readFile } from "node:fs/promises";

import { sha256 } from "../../kernel/digest.ts";
import { canonicalJson, isJsonObject, type JsonValue } from "../../kernel/json.ts";

/** Set by the tool's runtime in the process of a job: the absolute path of its `job.json`. */
const JOB_VARIABLE = "MODELWRIGHT_JOB";

/** What was read, and from where: `statsig-cache` is a last good value. */
export interface ReadConfiguration {
  readonly source: "local" | "statsig" | "statsig-cache";
  readonly name: string;
  readonly value: JsonValue;
}

/** Tells the run of the job, if there is one. Never fails: a report is not worth a training. */
export async function recordConfiguration(
  variables: Readonly<Record<string, string>>,
  { source, name, value }: ReadConfiguration,
): Promise<void> {
  const job = variables[JOB_VARIABLE];
  if (job === undefined || job === "") return;
  try {
    const spec: unknown = JSON.parse(await readFile(job, "utf8"));
    const events = isJsonObject(spec) ? spec["eventsFile"] : null;
    if (typeof events !== "string") return;
    const digest = sha256(canonicalJson(value));
    const event = { type: "configuration", at: new Date().toISOString(), source, name, digest };
    await appendFile(events, `${JSON.stringify(event)}\n`);
  } catch {
    return;
  }
}
