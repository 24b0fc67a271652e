import { statSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import type { RunRecord } from "../../model/run/run-record.ts";
import { explainDifferences, type ExplainedDifferences } from "../../model/run/comparing/explain-differences.ts";
import { factsOfRun } from "../../model/run/comparing/model-facts.ts";
import { decided } from "../../model/run/comparing/topic.ts";
import { resolveDataPath } from "../../model/definition/resolve-data-paths.ts";
import { OTHER_ENVIRONMENT, type Tolerance } from "../../model/prediction/tolerance.ts";
import { toPlainJson } from "../../model/prediction/exact-json.ts";
import { askSide, type NamedRows, type Side, type SideAnswers } from "../comparing/ask-side.ts";
import { compareAnswers, type AnswersComparison } from "../comparing/compare-answers.ts";
import { requireSucceeded, sideOfRun } from "../comparing/find-side.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import type { OpenPickledRows } from "../data/row-files.ts";
import { readLabelledRows } from "../evaluation/labelled-rows.ts";
import { runtimeOf } from "../running/prepare-environment.ts";
import type { Services, Work } from "../services.ts";
import { exampleRows } from "../serving/load-definition.ts";
import { toleranceInOneEnvironment } from "../serving/record-answers.ts";
import { withCodeOfRun, type LaidOutCode } from "./lay-out-code.ts";
import { repeatTraining, type RepeatChoices } from "./repeat-training.ts";
import { requireArtifacts } from "./require-artifacts.ts";

/** More rows of a test set would only take longer. */
const MAX_TEST_ROWS = 10_000;

/** Whether a run could be repeated, and what is not as it was. */
export interface Reproduction {
  /** By the predictions; without rows to predict, by the artifacts' bytes. */
  readonly reproduced: boolean;
  readonly original: RunRecord;
  readonly repeated: RunRecord;
  readonly answers: AnswersComparison | null;
  readonly tolerance: Tolerance | null;
  readonly differences: ExplainedDifferences;
  readonly notes: readonly string[];
}

/**
 * Trains again with what a run recorded, asks both models the same rows, and compares their answers.
 * @throws Failure `RUN_NOT_FOUND`, `RUN_UNFIT`, `RUN_CODE_MISSING`, `FILE_NOT_FOUND`, `FILE_CHANGED`, `LANGUAGE_UNSUPPORTED`
 * and those of training and predicting.
 */
export async function reproduceRun(
  services: Services,
  request: RepeatChoices & { readonly run: RunRecord },
  work: Work,
): Promise<Reproduction> {
  const { run, ...choices } = request;
  requireSucceeded(run);
  // A run that came from another machine may need what this one does not have.
  runtimeOf(services, run.definition.language);
  await requireArtifacts(services, run, work.signal);
  const use = async (code: LaidOutCode): Promise<Reproduction> => {
    const { run: repeated, notes } = await repeatTraining(services, { run, code, choices }, work);
    const differences = explainRepetition(run, repeated);
    const sets = await rowsOf(code, pickleOpener(services, choices.choice.python, work));
    const common = { original: run, repeated, differences };
    const leftOut = leftOutNotes(run);
    if (sets.length === 0) {
      const note = "There are no rows to ask, so the artifacts' bytes decide. Put rows into samples/rows.json.";
      const reproduced = differences.artifacts.state === "same";
      return { ...common, reproduced, answers: null, tolerance: null, notes: [...notes, ...leftOut, note] };
    }
    const { answers, tolerance } = await compareRuns(services, { run, repeated, code, sets, choices }, work);
    return { ...common, reproduced: answers.equal, answers, tolerance, notes: [...notes, ...leftOut] };
  };
  return withCodeOfRun(services, { run, use }, work);
}

interface Comparing {
  readonly run: RunRecord;
  readonly repeated: RunRecord;
  readonly code: LaidOutCode;
  readonly sets: readonly NamedRows[];
  readonly choices: RepeatChoices;
}

async function compareRuns(services: Services, { run, repeated, code, sets, choices }: Comparing, work: Work) {
  const ask = (one: RunRecord): Promise<SideAnswers> =>
    askSide(
      services,
      { side: inEnvironmentOf(run, sideOfRun(services, one, code), code), sets, choice: choices.choice },
      work,
    );
  const [first, second] = [await ask(run), await ask(repeated)];
  const predictions = first.replies.flatMap((reply) => reply.predictions.map(toPlainJson));
  const isSamePlace =
    run.environment?.digest === repeated.environment?.digest &&
    run.machine["architecture"] === repeated.machine["architecture"];
  const tolerance =
    code.definition.tolerance ?? (isSamePlace ? toleranceInOneEnvironment(predictions) : OTHER_ENVIRONMENT);
  const outputs = code.definition.signature?.outputs;
  const replies = { expected: first.replies, actual: second.replies };
  return { answers: compareAnswers(sets, replies, { tolerance, outputs }), tolerance };
}

/** Both models are asked in the environment that the run had, where prediction needs no other packages than training. */
function inEnvironmentOf({ environment }: RunRecord, side: Side, { definition }: LaidOutCode): Side {
  if (environment === null || definition.language === "typescript") return side;
  const { train, predict } = definition.requirements;
  const isSame = isDeepStrictEqual(
    train.map(({ text }) => text),
    predict.map(({ text }) => text),
  );
  const { lock, digest } = environment;
  if (lock === null) return { ...side, loadable: { ...side.loadable, givenDigest: digest } };
  return isSame ? { ...side, loadable: { ...side.loadable, lock } } : side;
}

/** The code is the same by construction, and only what was not kept can differ. */
function explainRepetition(run: RunRecord, repeated: RunRecord): ExplainedDifferences {
  const nothing = { codeFiles: null, notKept: [], signature: null };
  const explained = explainDifferences(factsOfRun(run, nothing), factsOfRun(repeated, nothing));
  const isSame = run.definition.digest === repeated.definition.digest;
  const code = decided(isSame ? [] : ["what was kept of the code is not all that the run had"]);
  return { ...explained, code };
}

/** Examples beside the definition as it was, and the rows that its `evaluation` names, where they are still there. */
async function rowsOf(
  { definition, dataFolders }: LaidOutCode,
  openPickled: OpenPickledRows,
): Promise<readonly NamedRows[]> {
  const examples = exampleRows(definition);
  const { evaluation, signature } = definition;
  const sets: NamedRows[] = examples.rows.length === 0 ? [] : [{ name: "the examples", rows: examples }];
  const isThere = (path: string) => (statSync(path, { throwIfNoEntry: false })?.isFile() === true ? "file" : null);
  if (evaluation === null) return sets;
  const found = evaluation.data.startsWith("/")
    ? evaluation.data
    : resolveDataPath(evaluation.data, dataFolders, isThere);
  if (found === null || isThere(found) === null) return sets;
  const labelled = await readLabelledRows({ evaluation, signature, folders: dataFolders }, openPickled);
  return [...sets, { name: "the test set", rows: { rows: labelled.slice(0, MAX_TEST_ROWS).map(({ row }) => row) } }];
}

function leftOutNotes({ code, definition }: RunRecord): readonly string[] {
  if (code === undefined || code === null) return [];
  const prefix = code.definition === "" ? "" : `${code.definition}/`;
  const own = code.leftOut
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, reason }) => `${path} (${reason})`);
  return own.length === 0 ? [] : [`Files of ${definition.name} that were not kept with the code: ${own.join(", ")}.`];
}
