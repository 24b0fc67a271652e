import type { VersionSummary } from "../../store/model-store.ts";
import type { Services, Work } from "../services.ts";
import { failed, ok, warning, type Finding } from "./finding.ts";

const CHECK = "stored versions";
const RESTORE =
  "Restore the file from a copy of the store; or publish the model again, move its aliases to the new version, and do not serve this one.";

/** How much was read. */
interface Reading {
  versions: number;
  files: number;
  sizeBytes: number;
  /** Versions of older tools, which have no digests. */
  unvouched: number;
}

/**
 * Reads the whole store against its digests: every file of every version, where aliases point, whose the names are, and the
 * claims of labels.
 * Everything that is damaged is a finding of its own.
 * @throws Failure `STORE_UNAVAILABLE`, `INTERRUPTED`.
 */
export async function verifyStore(services: Services, work: Work): Promise<readonly Finding[]> {
  const { store } = services;
  const findings: Finding[] = [];
  const reading: Reading = { versions: 0, files: 0, sizeBytes: 0, unvouched: 0 };
  for (const model of await store.models()) {
    for (const version of await store.versions(model)) {
      findings.push(...(await verifyVersion(services, { version, reading }, work)));
    }
    findings.push(...(await verifyRecords(services, model)));
    const { damaged } = await store.aliases(model);
    findings.push(
      ...damaged.map(({ alias, message }) =>
        failed(CHECK, {
          kind: "proofFailed",
          message: `${model}@${alias}: ${message}`,
          remedy: `Set it anew: modelwright alias set ${model}@<version> ${alias}.`,
        }),
      ),
    );
  }
  findings.push(...(await verifyClaims(services)));
  const { versions, files, sizeBytes, unvouched } = reading;
  const read = `${versions} ${versions === 1 ? "version" : "versions"} with ${files} files (${(sizeBytes / 1e6).toFixed(1)} MB) were read`;
  const older = unvouched === 0 ? "" : ` ${unvouched} of older tools have no digests, and nothing can be told of them.`;
  return findings.length === 0 ? [ok(CHECK, `${read}: all is as it was published.${older}`)] : findings;
}

async function verifyVersion(
  { store }: Services,
  { version, reading }: { readonly version: VersionSummary; readonly reading: Reading },
  { signal, onProgress }: Work,
): Promise<readonly Finding[]> {
  const name = `${version.model}@${version.version}`;
  onProgress({ step: "doctor.verifying", message: `Reading ${name}` });
  const { fileCount, sizeBytes, faults } = await store.examine(version, signal);
  reading.versions++;
  reading.files += fileCount;
  reading.sizeBytes += sizeBytes;
  if (version.legacy) reading.unvouched++;
  return faults.map((fault) => failed(CHECK, { kind: "proofFailed", message: `${name}: ${fault}`, remedy: RESTORE }));
}

async function verifyRecords({ store }: Services, model: string): Promise<readonly Finding[]> {
  const remedy =
    "Restore the file from a copy of the store. No version is affected; where it is the model's owner.json, it can also be deleted, and the next publication of the definition writes it again.";
  const damaged = await store.examineRecords(model);
  return damaged.map(({ message }) => failed(CHECK, { kind: "proofFailed", message: `${model}: ${message}`, remedy }));
}

/** Claims that cannot be read: nobody knows when their publication began, so it is never given up. */
async function verifyClaims({ store }: Services): Promise<readonly Finding[]> {
  const { unreadable } = await store.collect({ olderThanMs: Infinity, dryRun: true });
  return unreadable.map(unreadableClaim);
}

/** @param key - of the claim in the store. */
export function unreadableClaim(key: string): Finding {
  return warning(
    CHECK,
    `The claim ${key} is damaged: a publication that was begun and not finished, nobody knows when. It is left alone, and its label stays taken.`,
    "Publish under another label; when no publisher works on it any more, delete the file.",
  );
}
