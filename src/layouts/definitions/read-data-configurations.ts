import { posix } from "node:path";

import type { DataConfiguration } from "../../model/definition/model-definition.ts";
import { isDataConfiguration } from "./definition-paths.ts";
import { readJsonObject } from "./read-json-file.ts";
import type { Reading } from "./reading.ts";

/** The data configurations in `.cli/datasets/`, by name. One whose file is broken is among them: it can be chosen, and then fails. */
export function readDataConfigurations(reading: Reading): readonly DataConfiguration[] {
  return [...reading.paths]
    .filter(isDataConfiguration)
    .sort()
    .map((path) => {
      const value = reading.aside(() => readJsonObject(reading, path));
      const place = { name: posix.basename(path, ".json"), path: posix.join(reading.snapshot.root, path) };
      return { ...place, value: value ?? {}, isBroken: value === null };
    });
}
