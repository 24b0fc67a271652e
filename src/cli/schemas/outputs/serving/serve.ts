import * as z from "zod";

import { PROOF_LEVELS } from "../../../../model/version/manifest.ts";
import { modelName, url, versionLabel } from "../fields.ts";

/** The one line that `serve --json` prints once every model is proven and answers. */
export const serveOutput = z.object({
  url,
  models: z.array(
    z.object({
      name: modelName,
      version: versionLabel.describe("Label of the version; of an unpublished model the id of its run."),
      proof: z.enum([...PROOF_LEVELS, "none"]).describe("What was repeated before the model was served."),
      engine: z.string().describe("What answers: worker."),
    }),
  ),
});
