import { codeOf } from "../../model/ports/runtime.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { formatModelReference, parseModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import { withCodeOfRun, type LaidOutCode } from "../reproducing/lay-out-code.ts";
import { requireArtifacts } from "../reproducing/require-artifacts.ts";
import type { Services, Work } from "../services.ts";
import { loadableOfRun, requireTrainingRun } from "../serving/load-definition.ts";
import { fetchVersion, type FetchedVersion } from "../serving/load-version.ts";
import { proveModel } from "../serving/prove-model.ts";
import type { Side } from "./ask-side.ts";

/** What a user may name as one side of a comparison. */
export type SideName =
  | { readonly kind: "version"; readonly reference: ModelReference }
  | { readonly kind: "run"; readonly run: RunRecord }
  | { readonly kind: "definition"; readonly definition: ModelDefinition };

const RUN_ID = /^(latest|\d{8}-\d{6}(-[0-9a-f]{0,6})?)$/;

/** True for `latest`, the id of a run, and the beginning of one that has its time. */
export function isRunText(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Finds out what a text names: a definition folder, a reference with `@`, a run, a definition by its name or id, or else a
 * model of the store.
 * @throws Failure of the one that it is, for example `RUN_NOT_FOUND`.
 */
export async function nameSide(services: Services, text: string, cwd: string): Promise<SideName> {
  if (await isDefinitionFolder(text, cwd))
    return { kind: "definition", definition: await pickDefinition(services, text, cwd) };
  if (text.includes("@")) return { kind: "version", reference: parseModelReference(text) };
  if (isRunText(text)) return { kind: "run", run: await services.runs.read(text) };
  try {
    return { kind: "definition", definition: await pickDefinition(services, text, cwd) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "DEFINITION_NOT_FOUND") throw error;
    return { kind: "version", reference: parseModelReference(text) };
  }
}

export interface SideRequest<T> {
  readonly name: SideName;
  /** Ends before the files of the side go. */
  readonly use: (side: Side) => Promise<T>;
}

/**
 * Makes a side ready to be started; its files go when `use` ends.
 * @throws Failure `RUN_UNFIT`, `RUN_CODE_MISSING`, `FILE_NOT_FOUND`, `FILE_CHANGED`, those of fetching, and what `use` throws.
 */
export async function withSide<T>(services: Services, { name, use }: SideRequest<T>, work: Work): Promise<T> {
  switch (name.kind) {
    case "version":
      return withVersionSide(services, { reference: name.reference, use: ({ side }) => use(side) }, work);
    case "run":
      requireSucceeded(name.run);
      await requireArtifacts(services, name.run, work.signal);
      return withCodeOfRun(services, { run: name.run, use: (code) => use(sideOfRun(services, name.run, code)) }, work);
    case "definition": {
      const run = await requireTrainingRun(services, name.definition, null);
      await requireArtifacts(services, run, work.signal);
      const loadable = loadableOfRun(services, name.definition, run);
      const label = `${name.definition.storeName} (run ${run.id})`;
      return use({ label, kind: "definition", loadable: { ...loadable, code: codeOf(name.definition) }, prove: null });
    }
    default:
      return name satisfies never;
  }
}

export interface VersionSideRequest<T> {
  readonly reference: ModelReference;
  /** Ends before the files of the version go. */
  readonly use: (found: VersionSide) => Promise<T>;
}

/** A side that is a published version, and what was fetched of it. */
export interface VersionSide {
  readonly side: Side;
  readonly fetched: FetchedVersion;
}

/** A published version as a side, with its manifest and the folder that its files lie in. */
export async function withVersionSide<T>(
  services: Services,
  { reference, use }: VersionSideRequest<T>,
  work: Work,
): Promise<T> {
  const fetched = await fetchVersion(services, { reference }, work);
  try {
    const { manifest, loadable, folder: versionFolder, digest: manifestDigest } = fetched;
    const label = formatModelReference({ name: manifest.model, selector: manifest.version });
    const prove: Side["prove"] = (started) =>
      proveModel(services, { started, manifest, versionFolder, manifestDigest }, work);
    return await use({ side: { label, kind: "version", loadable, prove }, fetched });
  } finally {
    await fetched.remove();
  }
}

/** A run with the code that it was made with. */
export function sideOfRun(services: Services, run: RunRecord, { definition, source }: LaidOutCode): Side {
  const loadable = loadableOfRun(services, definition, run);
  return { label: `run ${run.id}`, kind: "run", loadable: { ...loadable, code: source }, prove: null };
}

/** @throws Failure `RUN_UNFIT`. */
export function requireSucceeded(run: RunRecord): void {
  if (run.kind === "train" && run.status === "succeeded") return;
  throw new Failure("RUN_UNFIT", {
    message: run.kind === "train" ? `The run ${run.id} is ${run.status}.` : `The run ${run.id} is no training run.`,
    hint:
      run.source?.run == null ? "Choose a training run that succeeded." : `Name its training run: ${run.source.run}.`,
    details: { run: run.id },
  });
}
