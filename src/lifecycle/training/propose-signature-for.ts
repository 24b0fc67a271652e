import { join } from "node:path";

import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { Failure } from "../../kernel/failure.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { proposeSignature } from "../../model/definition/propose-signature.ts";
import { TableSummarizer } from "../../model/definition/table-summary.ts";
import { stringifyExact } from "../../model/prediction/exact-json.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { streamTable } from "../../tabular/read-rows.ts";
import { isTablePath } from "../../tabular/table-format.ts";
import type { ChosenData, NamedFile } from "../definitions/choose-data-configuration.ts";
import type { Services } from "../services.ts";

/** Names in a data configuration under which the target column is usually given. */
const TARGET_NAMES = ["target", "target_column", "label", "target_name", "y"];

/**
 * Proposes a signature from the whole training set of a definition that has none. The checkout is never written to:
 * the proposal lies with the run, for a person to review.
 * @returns sentences for the user.
 */
export async function proposeSignatureFor(
  services: Services,
  {
    definition,
    data,
    run,
  }: { readonly definition: ModelDefinition; readonly data: ChosenData; readonly run: RunRecord },
): Promise<readonly string[]> {
  if (definition.signature !== null) return [];
  const table = trainingTable(data.files);
  if (table === null) {
    return [
      "No signature.json was proposed: the data configuration does not tell one CSV or JSON file to train on. Without a signature, rows go to the model unchecked.",
    ];
  }
  try {
    const summarizer = new TableSummarizer();
    for await (const row of streamTable(table)) summarizer.add(row);
    const signature = proposeSignature(summarizer.summary(), targetOf(definition, data));
    const path = join(services.runs.foldersOf(run.id).run, "signature.json");
    await writeFileAtomically(path, `${stringifyIndented(signature)}\n`);
    return [
      `A signature is proposed from ${table}. Review it, then accept it: cp ${quote(path)} ${quote(join(definition.folder, "signature.json"))}`,
    ];
  } catch (error) {
    if (error instanceof Failure && error.code === "DATA_MALFORMED") {
      return [`No signature.json was proposed: ${error.message}`];
    }
    throw error;
  }
}

/** The only table, or the only one whose key speaks of training. */
function trainingTable(files: readonly NamedFile[]): string | null {
  const tables = files.filter(({ path }) => isTablePath(path));
  const candidates = tables.length > 1 ? tables.filter(({ key }) => /train/i.test(key)) : tables;
  const [only, ...others] = candidates;
  return only !== undefined && others.length === 0 ? only.path : null;
}

function targetOf(definition: ModelDefinition, data: ChosenData): string | null {
  if (definition.evaluation !== null) return definition.evaluation.target;
  const named = TARGET_NAMES.map((name) => data.value[name]).find((value) => typeof value === "string");
  return typeof named === "string" ? named : null;
}

/** For people to read; integers that JSON.stringify cannot write are rare enough to do without line breaks. */
function stringifyIndented(value: object): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return stringifyExact(value as Parameters<typeof stringifyExact>[0]);
  }
}

function quote(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
