import { join } from "node:path";

import { recallAnswer, rememberAnswer } from "../../environments/remembered-answer.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { sha256 } from "../../kernel/digest.ts";
import type { ErrorCode } from "../../kernel/error-codes.ts";
import { Failure } from "../../kernel/failure.ts";
import { canonicalJson, type JsonValue } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { proposeSignature } from "../../model/definition/propose-signature.ts";
import { signatureSchema } from "../../model/definition/signature-schema.ts";
import type { TableSummary } from "../../model/definition/table-summary.ts";
import type { Signature } from "../../model/definition/signature.ts";
import { stringifyExact } from "../../model/prediction/exact-json.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { isTablePath } from "../../tabular/table-format.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import { isRowPath, summariseRowFile } from "../data/row-files.ts";
import type { ChosenData, NamedFile } from "../definitions/choose-data-configuration.ts";
import type { Services } from "../services.ts";

/** Names in a data configuration under which the target column is usually given. */
const TARGET_NAMES = ["target", "target_column", "label", "target_name", "y"];

/** A file that cannot be read as rows, or not here, is no reason to fail a training. */
const UNREADABLE: readonly ErrorCode[] = [
  "DATA_MALFORMED",
  "DATA_PICKLED",
  "PICKLE_NOT_ALLOWED",
  "INTERPRETER_NOT_FOUND",
  "STATE_UNWRITABLE",
];

/** A signature for a person to review, or why there is none. */
export type SignatureProposal =
  { readonly signature: Signature; readonly table: string } | { readonly signature: null; readonly reason: string };

/** What a proposal needs to know of a definition. */
type ProposedFor = Pick<ModelDefinition, "signature" | "evaluation">;

/**
 * Proposes a signature from the whole training set of a definition that has none. It is read once: a proposal is
 * remembered until the file changes.
 * @param signal - ends it with the signal's reason.
 * @returns null for a definition that has a signature.
 */
export async function proposeSignatureFor(
  services: Services,
  {
    definition,
    data,
    python,
  }: { readonly definition: ProposedFor; readonly data: ChosenData; readonly python: string | null },
  signal: AbortSignal,
): Promise<SignatureProposal | null> {
  if (definition.signature !== null) return null;
  const table = trainingTable(data.files);
  if (table === null) {
    const reason =
      "the data configuration does not tell one CSV or JSON file to train on. Without a signature, rows go to the model unchecked.";
    return { signature: null, reason };
  }
  try {
    const summarise = () =>
      summariseRowFile(table, { openPickled: pickleOpener(services, python, { signal }), signal });
    return { signature: await signatureOf(services, { table, summarise, roles: rolesIn(definition, data) }), table };
  } catch (error) {
    if (error instanceof Failure && UNREADABLE.includes(error.code)) return { signature: null, reason: error.message };
    throw error;
  }
}

interface TableToSummarise {
  readonly table: string;
  readonly roles: ColumnRoles;
  readonly summarise: () => Promise<TableSummary>;
}

async function signatureOf(
  { folders, toolVersion, log, clock }: Services,
  { table, roles, summarise }: TableToSummarise,
): Promise<Signature> {
  const key = sha256(canonicalJson([toolVersion, table, { ...roles }]));
  const file = join(folders.cache, "proposals", `${key.slice(0, 32)}.json`);
  const recalled = await recallAnswer<Signature>(file, signatureSchema);
  if (recalled !== null) return recalled;
  const askedAtMs = clock.now().getTime();
  const signature = proposeSignature(await summarise(), roles);
  await rememberAnswer(file, { value: signature, watched: [table], askedAtMs }, log);
  return signature;
}

/**
 * Keeps a proposal with the run, for a person to review: the checkout is never written to.
 * @returns sentences for the user.
 */
export async function keepProposal(
  services: Services,
  { definition, run, proposal }: ProposalToKeep,
): Promise<readonly string[]> {
  if (proposal === null) return [];
  if (proposal.signature === null) return [`No signature.json was proposed: ${proposal.reason}`];
  const path = join(services.runs.foldersOf(run.id).run, "signature.json");
  await writeFileAtomically(path, `${stringifyIndented(proposal.signature)}\n`);
  const review =
    proposal.signature.outputs.length > 0
      ? "Review it"
      : "Nothing says which column is predicted: move it from columns to outputs";
  return [
    `A signature is proposed from ${proposal.table}. ${review}, then accept it: cp ${quote(path)} ${quote(join(definition.folder, "signature.json"))}`,
  ];
}

export interface ProposalToKeep {
  readonly definition: ModelDefinition;
  readonly run: RunRecord;
  readonly proposal: SignatureProposal | null;
}

/** The only table, or the only one whose key speaks of training. */
function trainingTable(files: readonly NamedFile[]): string | null {
  const texts = files.filter(({ path }) => isTablePath(path));
  // Beside tables, arrays are something else: weights, embeddings.
  const tables = texts.length > 0 ? texts : files.filter(({ path }) => isRowPath(path));
  const candidates = tables.length > 1 ? tables.filter(({ key }) => /train/i.test(key)) : tables;
  const [only, ...others] = candidates;
  return only !== undefined && others.length === 0 ? only.path : null;
}

/** Which columns of the training table are given to the model, and which it predicts; null where that is not known. */
interface ColumnRoles {
  readonly target: string | null;
  readonly features: readonly string[] | null;
}

function rolesIn(definition: ProposedFor, data: ChosenData): ColumnRoles {
  return { target: targetOf(definition, data), features: namesIn(data.value["feature_names"]) };
}

function targetOf(definition: ProposedFor, data: ChosenData): string | null {
  if (definition.evaluation !== null) return definition.evaluation.target;
  const named = TARGET_NAMES.map((name) => data.value[name]).find((value) => typeof value === "string");
  if (typeof named === "string") return named;
  const [only, ...others] = namesIn(data.value["target_names"]) ?? [];
  return only !== undefined && others.length === 0 ? only : null;
}

/** A list of names, as a `context` hands it to the model. */
function namesIn(value: JsonValue | undefined): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const names = (value as readonly JsonValue[]).filter((name) => typeof name === "string");
  return names.length > 0 && names.length === value.length ? names : null;
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
