import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { parseSignature } from "../../layouts/parse-signature.ts";
import type { RequirementsFile } from "../../model/definition/model-definition.ts";
import type { Signature } from "../../model/definition/signature.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { parseName } from "../../model/version/model-reference.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { publishCandidate, type PublicationRequest, type PublishOutcome } from "./publish-candidate.ts";
import { authorEmail } from "./author-email.ts";
import { explainPretrainedFailure } from "./explain-pretrained-failure.ts";

/** Endings of the files that the scorer opens which ships for such models; a test holds them against its table. */
export const PRETRAINED_ENDINGS = [".pkl", ".pickle", ".joblib", ".json", ".ubj", ".txt"];
const PRETRAINED_FILES = ["model_modules/__init__.py", "model_modules/scoring.py"];

const UNCHECKED =
  "Without a signature rows go to the model unchecked, and a bad one fails its whole request: --signature <file> has them checked one by one.";

export interface PublishFileRequest extends PublicationRequest {
  /** Absolute path of the trained model. */
  readonly file: string;
  readonly name: string;
  readonly examples: ExampleRows;
  /** Absolute path of a requirements file; null: the packages of the interpreter as they are. */
  readonly requirements: string | null;
  /** Null: rows go to the model unchecked. */
  readonly signature: SignatureFile | null;
  readonly choice: EnvironmentChoice;
}

/** A signature that was given for a model that has no definition. */
export interface SignatureFile {
  readonly signature: Signature;
  /** As it was written. */
  readonly text: string;
}

/** @throws Failure `FILE_NOT_FOUND`, `JSON_MALFORMED`, `SIGNATURE_INVALID`. */
export async function readSignatureFile(path: string): Promise<SignatureFile> {
  await requireFile(path, "signature file");
  const text = await readFile(path, "utf8");
  return { signature: parseSignature(text, path), text };
}

/**
 * Publishes a model that was trained elsewhere. It is opened in a worker only, never by the tool itself.
 * @throws Failure `FILE_NOT_FOUND`, `NAME_INVALID`, those of environment, model, and store.
 */
export async function publishFile(
  services: Services,
  request: PublishFileRequest,
  work: Work,
): Promise<PublishOutcome> {
  const name = parseName(request.name, "model");
  await requireFile(request.file, "model file");
  requireKnownEnding(request.file);
  const requirements = await readRequirementsFile(request.requirements);
  const choice = requirements.length === 0 ? { ...request.choice, asIs: true } : request.choice;
  try {
    const outcome = await publishCandidate(
      services,
      {
        ...{ label: request.label, alias: request.alias, choice },
        candidate: {
          loadable: pretrainedLoadable(services, { ...request, name, requirements }),
          definition: null,
          framework: null,
          run: null,
          kept: keptFiles(requirements, request.signature),
          mainArtifact: basename(request.file),
          evaluation: null,
          labelled: [],
          examples: examplesOf(request),
          modelMetrics: {},
          authorEmail: await authorEmail(services, dirname(request.file), request.authorEmail),
        },
      },
      work,
    );
    return request.signature === null && outcome.published.created
      ? { ...outcome, notes: [...outcome.notes, UNCHECKED] }
      : outcome;
  } catch (error) {
    throw explainPretrainedFailure(error, requirements.length === 0);
  }
}

function keptFiles(
  requirements: readonly RequirementsFile[],
  signature: SignatureFile | null,
): readonly { readonly path: string; readonly text: string }[] {
  return [
    ...requirements.map(({ text }) => ({ path: "requirements.txt", text })),
    ...(signature === null ? [] : [{ path: "signature.json", text: signature.text }]),
  ];
}

/** Those that are given, else those of the signature. */
function examplesOf({ examples, signature }: Pick<PublishFileRequest, "examples" | "signature">): ExampleRows {
  return examples.rows.length > 0 ? examples : { rows: signature?.signature.examples ?? [] };
}

interface Pretrained extends Pick<PublishFileRequest, "name" | "file" | "examples" | "signature"> {
  readonly requirements: readonly RequirementsFile[];
}

function pretrainedLoadable(services: Services, pretrained: Pretrained): Loadable {
  const { name, file, requirements, signature } = pretrained;
  const codeRoot = join(services.folders.runtimes, "python", "pretrained");
  return {
    name,
    reference: name,
    version: "unpublished",
    digest: null,
    serving: {
      language: "python",
      layout: "definitions",
      predictForm: "rows",
      inputForm: null,
      batchable: true,
      config: {},
      variables: { pass: [], set: {} },
      identifiers: { modelId: name, modelVersion: "pretrained", modelTable: name.replace(/[^A-Za-z0-9_]/g, "_") },
    },
    signature: signature?.signature ?? null,
    code: { codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot, codeFiles: PRETRAINED_FILES },
    artifacts: [{ source: file, name: basename(file) }],
    requirements,
    lock: null,
    givenDigest: null,
    metrics: {},
    tolerance: null,
    probe: examplesOf(pretrained),
    datasetInfo: {},
    memoryLimitBytes: null,
  };
}

async function readRequirementsFile(path: string | null): Promise<readonly RequirementsFile[]> {
  if (path === null) return [];
  await requireFile(path, "requirements file");
  return [{ path: basename(path), text: await readFile(path, "utf8") }];
}

async function requireFile(path: string, what: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return;
  throw new Failure(
    "FILE_NOT_FOUND",
    found?.isDirectory() === true
      ? { message: `${path} is a folder, and no ${what}.`, hint: "Name the file in it, for example model.pkl." }
      : { message: `There is no ${what} ${path}.`, hint: "Check the path." },
  );
}

/** @throws Failure `USAGE`. */
function requireKnownEnding(file: string): void {
  const ending = extname(file).toLowerCase();
  if (PRETRAINED_ENDINGS.includes(ending)) return;
  throw new Failure("USAGE", {
    message: `The name of ${file} does not tell how the model was saved.`,
    hint: `Names end in ${PRETRAINED_ENDINGS.join(", ")}. For other models write a ModelScorer: modelwright add <name>.`,
  });
}
