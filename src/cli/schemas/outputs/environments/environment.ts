import * as z from "zod";

import { modelName } from "../fields.ts";

const environment = z.object({
  name: z.string().describe("Name of the environment's folder."),
  folder: z.string(),
  python: z.string().describe("Absolute path of its interpreter."),
  interpreter: z.string().describe("Interpreter and version."),
  packages: z.array(z.string()).describe("Installed packages as name==version."),
  lockDigest: z.string().describe("Digest of the lock that it was made from."),
  lastUsedAt: z.string(),
  usedBy: z.object({
    definitions: z.array(z.string()).describe("Definitions of this project."),
    runs: z.array(z.string()).describe("Ids of runs."),
    versions: z.array(z.string()).describe("Published versions as name@version."),
  }),
  digests: z.array(z.string()).describe("Digests of the environment, as runs and versions record them."),
});

/** What `env create --json` prints. */
export const envCreateOutput = z.object({
  model: modelName,
  environments: z.array(
    z.object({
      purposes: z.array(z.enum(["train", "predict"])),
      origin: z.enum(["built", "given"]).describe("given: used as it was."),
      digest: z.string().describe("Equal for equal packages on the same kind of interpreter."),
      python: z.string().describe("Absolute path of its interpreter."),
      interpreter: z.string().describe("Interpreter and version."),
      packages: z.array(z.string()).describe("Installed packages as name==version."),
      unmet: z.array(z.string()).describe("Requirements that it does not meet, as sentences."),
      preparedInMs: z.number(),
    }),
  ),
});

/** What `env list --json` prints. */
export const envListOutput = z.object({
  environments: z.array(environment).describe("The one that was used last first."),
  broken: z.array(z.string()).describe("Folders of what was never finished, or whose interpreter is gone."),
});

/** What `env show --json` prints. */
export const envShowOutput = z.object({ environments: z.array(environment) });

/** What `env prune --json` prints. */
export const envPruneOutput = z.object({
  removed: z.array(z.object({ folder: z.string(), reason: z.enum(["unused", "old", "broken"]) })),
  spared: z
    .array(z.object({ folder: z.string(), because: z.enum(["building", "running"]) }))
    .describe("Was to be removed, but is in use."),
  written: z.boolean().describe("False with --dry-run."),
});
