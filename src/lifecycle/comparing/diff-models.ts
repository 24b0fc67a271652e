import { join, relative } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { CodeRecord } from "../../model/run/code-record.ts";
import { explainDifferences, type ExplainedDifferences } from "../../model/run/comparing/explain-differences.ts";
import { factsOfRun, factsOfVersion, type ModelFacts, type ReadCode } from "../../model/run/comparing/model-facts.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { Manifest } from "../../model/version/manifest.ts";
import { parseModelReference } from "../../model/version/model-reference.ts";
import { withCodeOfRun, type LaidOutCode } from "../reproducing/lay-out-code.ts";
import type { Services, Work } from "../services.ts";
import { digestDefinition } from "../training/record-run.ts";
import { isRunText } from "./find-side.ts";

/** Two runs, two versions, or one of each, side by side in words. */
export interface ModelDiff {
  readonly first: DiffSide;
  readonly second: DiffSide;
  readonly differences: ExplainedDifferences;
}

export interface DiffSide {
  readonly label: string;
  readonly kind: "run" | "version";
}

/** Files that bundling makes of the sources, which are compared themselves. */
const BUNDLE = /(^|\/)index\.bundle\.mjs(\.map)?$/;

/**
 * Says how two models differ in what they were made from, and in what came out.
 * @param texts - each the id of a run, or a reference into the store.
 * @throws Failure `RUN_NOT_FOUND`, `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `MANIFEST_MISSING`, `REFERENCE_INVALID`.
 */
export async function diffModels(
  services: Services,
  texts: readonly [first: string, second: string],
  work: Work,
): Promise<ModelDiff> {
  // Both are found before anything is laid out.
  const [one, other] = [await find(services, texts[0]), await find(services, texts[1])];
  const [first, second] = [await factsOf(services, one, work), await factsOf(services, other, work)];
  return {
    first: { label: first.label, kind: one.kind },
    second: { label: second.label, kind: other.kind },
    differences: explainDifferences(first, second),
  };
}

type Found =
  { readonly kind: "run"; readonly run: RunRecord } | { readonly kind: "version"; readonly manifest: Manifest };

async function find({ runs, store }: Services, text: string): Promise<Found> {
  if (isRunText(text)) return { kind: "run", run: await runs.read(text) };
  const resolved = await store.resolve(parseModelReference(text));
  return { kind: "version", manifest: await store.readManifest(resolved) };
}

async function factsOf(services: Services, found: Found, work: Work): Promise<ModelFacts> {
  if (found.kind === "run") return factsOfRun(found.run, await readCode(services, found.run, work));
  const { files } = found.manifest;
  const code = files.flatMap(({ role, target, sha256 }) =>
    role === "code" && target !== null && !BUNDLE.test(target) ? [[target, sha256] as const] : [],
  );
  return factsOfVersion(found.manifest, new Map(code));
}

/** Code that was not kept, or is gone, is not known; that is no reason to tell nothing. */
async function readCode(services: Services, run: RunRecord, work: Work): Promise<ReadCode> {
  try {
    const use = async ({ definition, record }: LaidOutCode): Promise<ReadCode> => ({
      codeFiles: await digestCode(definition, work.signal),
      notKept: (await digestDefinition(definition)) === run.definition.digest ? [] : notKept(record, definition),
      signature: definition.signature,
    });
    return await withCodeOfRun(services, { run, use }, work);
  } catch (error) {
    if (!(error instanceof Failure) || !UNREADABLE.includes(error.code)) throw error;
    return { codeFiles: null, notKept: [], signature: undefined };
  }
}

/** By their paths below the code root; hidden files are no code. */
function notKept(record: CodeRecord, { folder, codeRoot }: ModelDefinition): readonly string[] {
  const prefix = join("/", record.definition, relative(folder, codeRoot), "/");
  const paths = record.leftOut.map(({ path }) => `/${path}`).filter((path) => path.startsWith(prefix));
  const names = paths.map((path) => path.slice(prefix.length)).filter((path) => !/(^|\/)\./.test(path));
  return names.length > 0 ? names : ["files that the record does not name"];
}

const UNREADABLE: readonly string[] = ["RUN_CODE_MISSING", "DEFINITION_INVALID", "FILE_NOT_FOUND"];

async function digestCode(
  { codeRoot, codeFiles }: ModelDefinition,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const path of codeFiles) {
    if (!BUNDLE.test(path)) digests.set(path, (await digestFile(join(codeRoot, path), signal)).sha256);
  }
  return digests;
}
