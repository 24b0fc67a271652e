import { join } from "node:path";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { layOutFiles, type LaidOutFile } from "../../files/lay-out-files.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { PlacedArtifact } from "../serving/loadable.ts";

const FOLDERS = ["models", "artifacts/input", "artifacts/output"];

/**
 * Makes the clean working directory that evaluation and serving start from: `config.json`, and the artifacts in both
 * `models/` and `artifacts/input/`.
 * @throws Failure `STATE_UNWRITABLE`, `STORE_CORRUPT` for an artifact that is not as its run recorded it.
 */
export async function layOutWorkFolder(
  folder: string,
  content: { readonly config: JsonObject; readonly artifacts: readonly PlacedArtifact[] },
): Promise<void> {
  for (const name of FOLDERS) await makeFolders(join(folder, name));
  await writeFileAtomically(join(folder, "config.json"), JSON.stringify(content.config, null, 2));
  await layOutFiles(folder, content.artifacts.map(placeArtifact));
}

function placeArtifact({ source, name, only, sha256 }: PlacedArtifact): LaidOutFile {
  const paths: LaidOutFile["paths"] =
    only === undefined ? [`models/${name}`, `artifacts/input/${name}`] : [`${only}/${name}`];
  return { source, paths, sha256 };
}
