import { join } from "node:path";

import { REPORT_DATA_FILE } from "../../model/report/report-data.ts";
import type { ModelReference } from "../../model/version/model-reference.ts";
import { renderReport } from "../../reports/render-report.ts";
import type { Services, Work } from "../services.ts";
import { fetchVersion } from "../serving/load-version.ts";
import { contentOfVersion } from "./report-content.ts";
import { madeBy, readReportData } from "./report-run.ts";

/** The page about a version, and which one it is. */
export interface VersionReport {
  readonly model: string;
  readonly version: string;
  readonly page: string;
}

/**
 * The page about a published version, from what was stored with it; the model is not started.
 * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `STORE_CORRUPT`.
 */
export async function reportOfVersion(
  services: Services,
  reference: ModelReference,
  work: Work,
): Promise<VersionReport> {
  const fetched = await fetchVersion(services, { reference }, work);
  try {
    const { manifest, digest, folder } = fetched;
    const data = await readReportData(join(folder, REPORT_DATA_FILE));
    const page = renderReport(contentOfVersion({ manifest, digest, data }, madeBy(services)));
    return { model: manifest.model, version: manifest.version, page };
  } finally {
    await fetched.remove();
  }
}
