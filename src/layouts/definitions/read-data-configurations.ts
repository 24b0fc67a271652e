import { posix } from "node:path";

import type { DataConfiguration } from "../../model/definition/model-definition.ts";
import { isDataConfiguration } from "./definition-paths.ts";
import { readJsonObject } from "./read-json-file.ts";
import type { Reading } from "./reading.ts";

/** The data configurations in `.cli/datasets/`, by name. */
export function readDataConfigurations(reading: Reading): readonly DataConfiguration[] {
  return [...reading.paths]
    .filter(isDataConfiguration)
    .sort()
    .flatMap((path) => {
      const value = readJsonObject(reading, path);
      if (value === null) return [];
      return [{ name: posix.basename(path, ".json"), path: posix.join(reading.snapshot.root, path), value }];
    });
}
