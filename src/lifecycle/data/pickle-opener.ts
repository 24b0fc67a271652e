import type { Services, Work } from "../services.ts";
import type { OpenPickledRows } from "./row-files.ts";

/**
 * How commands open the pickles in data files; see `openPickledRows`.
 * @param python - what was chosen on the command line; null: the project's interpreter, else the one on the search path.
 */
export function pickleOpener(services: Services, python: string | null, work: Pick<Work, "signal">): OpenPickledRows {
  return async (path) => {
    // Loaded for pickles only: few data files are.
    const { openPickledRows } = await import("./open-pickled-rows.ts");
    return openPickledRows(path, { services, python, work: { onProgress: () => undefined, ...work } });
  };
}
