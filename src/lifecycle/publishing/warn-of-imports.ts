import { Failure } from "../../kernel/failure.ts";
import { inspectFile } from "../inspection/inspect-file.ts";
import type { InspectedPickle } from "../inspection/inspection.ts";
import { unpackWithPython } from "../inspection/unpack-with-python.ts";
import type { Loadable, PlacedArtifact } from "../serving/loadable.ts";
import type { Services, Work } from "../services.ts";
import { isTablePath } from "../../tabular/table-format.ts";

const LISTED_IMPORTS = 10;

/**
 * Looks into the artifacts of a candidate before it is opened, where the project has no `allowedPickleImports` that decides, and
 * warns of imports that are neither of well-known model libraries nor of the model's own code.
 * @returns the warnings, which have been given as progress.
 */
export async function warnOfImports(
  services: Services,
  { artifacts, code }: Pick<Loadable, "artifacts" | "code">,
  work: Work,
): Promise<readonly string[]> {
  if (services.settings.allowedPickleImports !== null) return [];
  const ownModules = new Set(code.codeFiles.map((path) => path.split("/")[0]?.replace(/\.py$/, "")));
  const warnings: string[] = [];
  for (const artifact of artifacts.filter(({ name }) => !isTablePath(name))) {
    try {
      const { pickles } = await inspectFile(artifact.source, null, unpackWithPython(services, work));
      const found = pickles.flatMap((pickle) => oddities(pickle, ownModules));
      if (found.length > 0) warnings.push(warning(artifact, found));
    } catch (error) {
      // Nothing is decided here: whether a file is any good shows when the candidate is loaded.
      if (!(error instanceof Failure) || error.code !== "DATA_MALFORMED") throw error;
      warnings.push(unchecked(artifact, error));
    }
  }
  for (const message of warnings) work.onProgress({ step: "publish.warning", message, isWarning: true });
  return warnings;
}

function oddities({ imports, suspicions, problem }: InspectedPickle, own: ReadonlySet<string | undefined>): string[] {
  const odd = imports.filter(
    ({ module, verdict }) => verdict === "dangerous" || (verdict === "unknown" && !own.has(module.split(".")[0])),
  );
  return [
    ...odd.map(({ module, name, verdict }) => `${module}.${name}${verdict === "dangerous" ? " (dangerous)" : ""}`),
    ...suspicions,
    ...(problem === null ? [] : [`what cannot be checked (${problem})`]),
  ];
}

function warning({ source, name }: PlacedArtifact, found: readonly string[]): string {
  const listed = `${found.slice(0, LISTED_IMPORTS).join(", ")}${found.length > LISTED_IMPORTS ? ", …" : ""}`;
  return `Opening ${name} may run more than well-known model libraries: ${listed}. Whoever loads this version opens it. See modelwright inspect ${source}; "allowedPickleImports" in modelwright.json refuses what it does not name.`;
}

function unchecked({ name }: PlacedArtifact, { message }: Failure): string {
  return `What opening ${name} may run cannot be checked: ${message}`;
}
