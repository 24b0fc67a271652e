import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { mapConcurrently } from "../../files/map-concurrently.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ArtifactRecord } from "../../model/run/run-record.ts";
import { listWorkFiles, type WorkFile } from "./list-work-files.ts";
import { mergeMetrics, parseMetrics, type ModelMetrics } from "./parse-metrics.ts";
import { metricsFilesAmong, producedFiles } from "./produced-files.ts";

const CONCURRENT_DIGESTS = 4;
const MAX_METRICS_BYTES = 16 * 1024 * 1024;

/**
 * The artifacts that a run made.
 * @param before - the work folder's files (`listWorkFiles`) when the job began.
 */
export async function readArtifacts(
  workFolder: string,
  before: readonly WorkFile[],
  signal?: AbortSignal,
): Promise<readonly ArtifactRecord[]> {
  const files = producedFiles(before, await listWorkFiles(workFolder));
  return mapConcurrently(files, CONCURRENT_DIGESTS, async ({ folder, name }) => ({
    name,
    folder,
    ...(await digestFile(join(workFolder, folder, name), signal)),
  }));
}

/**
 * The metrics that a run wrote. Files that were there before and were not written again are another run's.
 * @param before - as for `readArtifacts`.
 * @throws Failure `METRICS_MALFORMED`.
 */
export async function readMetrics(workFolder: string, before: readonly WorkFile[]): Promise<ModelMetrics> {
  const files = metricsFilesAmong(producedFiles(before, await listWorkFiles(workFolder)));
  return mergeMetrics(await mapConcurrently(files, 1, (file) => readMetricsFile(workFolder, file)));
}

async function readMetricsFile(workFolder: string, { folder, name, sizeBytes }: WorkFile): Promise<ModelMetrics> {
  const path = join(workFolder, folder, name);
  if (sizeBytes > MAX_METRICS_BYTES) {
    throw new Failure("METRICS_MALFORMED", {
      message: `The metrics file ${path} has ${sizeBytes} bytes; metrics have at most ${MAX_METRICS_BYTES}.`,
      hint: "Write a JSON object of numbers there, and everything else into files of other names.",
    });
  }
  return parseMetrics(await readFile(path, "utf8"), path);
}
