import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

import { Failure, hasSystemCode } from "../kernel/failure.ts";
import type { ModelConfigFiles } from "../lifecycle/model-configs/plan-model-config.ts";
import { requireSameColumns, requireSetShapes } from "./read-set-shapes.ts";

/** A file by its path, or its bytes with the name that tells how they were saved. */
export type FileSource = string | { readonly name: string; readonly bytes: Uint8Array };

/** Features and labels. */
export type SetSource = readonly [features: FileSource, labels: FileSource];

/** What a configuration is made of, before it lies in files. */
export interface ConfigSources {
  readonly modelName: string;
  readonly modelClass?: string | undefined;
  readonly model: FileSource;
  readonly trainingSet?: SetSource | undefined;
  readonly testSet?: SetSource | undefined;
  readonly columnTransformer?: FileSource | undefined;
}

/**
 * Puts bytes into files for as long as `use` takes, and checks the shapes of the data sets.
 * @throws Failure `FILE_NOT_FOUND`, `DATA_MALFORMED`, and whatever `use` throws.
 */
export async function withFiles<T>(sources: ConfigSources, use: (parts: ModelConfigFiles) => Promise<T>): Promise<T> {
  const { modelName, modelClass = null, model, trainingSet, testSet, columnTransformer } = sources;
  const folder = await mkdtemp(join(tmpdir(), "modelwright-"));
  try {
    const place = (source: FileSource, index: number) => placeFile(source, join(folder, String(index)));
    const parts: ModelConfigFiles = {
      ...{ modelName, modelClass, model: await place(model, 0) },
      trainingSet: trainingSet === undefined ? null : [await place(trainingSet[0], 1), await place(trainingSet[1], 2)],
      testSet: testSet === undefined ? null : [await place(testSet[0], 3), await place(testSet[1], 4)],
      columnTransformer: columnTransformer === undefined ? null : await place(columnTransformer, 5),
    };
    await requireShapes(parts);
    return await use(parts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireShapes({ trainingSet, testSet }: ModelConfigFiles): Promise<void> {
  const trained = trainingSet === null ? null : await requireSetShapes(trainingSet, "trainingSet");
  const tested = testSet === null ? null : await requireSetShapes(testSet, "testSet");
  requireSameColumns(trained, tested);
}

async function placeFile(source: FileSource, folder: string): Promise<string> {
  if (typeof source === "string") {
    const path = resolve(source);
    if ((await stat(path).catch(() => null))?.isFile() === true) return path;
    throw new Failure("FILE_NOT_FOUND", { message: `There is no file ${path}.`, hint: "Check the path." });
  }
  await mkdir(folder);
  const path = join(folder, basename(source.name));
  await writeFile(path, source.bytes);
  return path;
}

/** @throws Failure `TARGET_EXISTS`. */
export async function requireAbsentOrEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (hasSystemCode(error, "ENOENT")) return [];
    if (hasSystemCode(error, "ENOTDIR")) return [basename(path)];
    throw error;
  });
  if (names.length === 0) return;
  throw new Failure("TARGET_EXISTS", { message: `${path} is already there.`, hint: "Save into a new folder." });
}
