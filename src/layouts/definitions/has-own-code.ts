import { CODE_FOLDER, MODEL_JSON } from "./definition-paths.ts";
import type { Reading } from "./reading.ts";

/** True for code in the definition itself or one folder below, unless that folder is a definition of its own. */
export function hasOwnCode(reading: Reading): boolean {
  return [...reading.paths].some((path) => {
    const [folder = "", next] = path.split("/");
    return folder === CODE_FOLDER || (next === CODE_FOLDER && !reading.paths.has(`${folder}/${MODEL_JSON}`));
  });
}
