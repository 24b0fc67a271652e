import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import type { RequirementsFile } from "../../model/definition/model-definition.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import { parseName } from "../../model/version/model-reference.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { publishCandidate, type PublicationRequest, type PublishOutcome } from "./publish-candidate.ts";
import { authorEmail } from "./author-email.ts";

/** The scorer that ships for models that were trained elsewhere. */
/** Endings of the files that it opens; a test holds them against its table. */
export const PRETRAINED_ENDINGS = [".pkl", ".pickle", ".joblib", ".json", ".ubj", ".txt"];
const PRETRAINED_FILES = ["model_modules/__init__.py", "model_modules/scoring.py"];

export interface PublishFileRequest extends PublicationRequest {
  /** Absolute path of the trained model. */
  readonly file: string;
  readonly name: string;
  readonly examples: ExampleRows;
  /** Absolute path of a requirements file; null: the packages of the interpreter as they are. */
  readonly requirements: string | null;
  readonly choice: EnvironmentChoice;
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
    return await publishCandidate(
      services,
      {
        ...{ label: request.label, alias: request.alias, choice },
        candidate: {
          loadable: pretrainedLoadable(services, { ...request, name, requirements }),
          definition: null,
          framework: null,
          run: null,
          kept: requirements.map(({ text }) => ({ path: "requirements.txt", text })),
          mainArtifact: basename(request.file),
          evaluation: null,
          labelled: [],
          examples: request.examples,
          modelMetrics: {},
          authorEmail: await authorEmail(services, dirname(request.file), request.authorEmail),
        },
      },
      work,
    );
  } catch (error) {
    throw withHint(error, requirements.length === 0);
  }
}

function pretrainedLoadable(
  services: Services,
  {
    name,
    file,
    examples,
    requirements,
  }: Pick<PublishFileRequest, "name" | "file" | "examples"> & { readonly requirements: readonly RequirementsFile[] },
): Loadable {
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
    signature: null,
    code: { codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot, codeFiles: PRETRAINED_FILES },
    artifacts: [{ source: file, name: basename(file) }],
    requirements,
    lock: null,
    givenDigest: null,
    metrics: {},
    tolerance: null,
    probe: examples,
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
  throw new Failure("FILE_NOT_FOUND", { message: `There is no ${what} ${path}.`, hint: "Check the path." });
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

/** Types of error that say that the model's library is missing or another. */
const PACKAGE_ERRORS: readonly unknown[] = ["ModuleNotFoundError", "ImportError", "AttributeError"];

/** The scorer is the tool's own, so what is at fault is the file, the packages or the rows. */
function withHint(error: unknown, hasNoRequirements: boolean): unknown {
  if (!(error instanceof Failure) || error.code !== "SCORER_FAILED") return error;
  const raised = error.details["error"];
  const isPackage = isJsonObject(raised) && PACKAGE_ERRORS.includes(raised["type"]);
  const hint =
    isPackage && hasNoRequirements
      ? "Name the packages that the model was trained with: --requirements <file> installs them, --python <interpreter> uses an environment that has them."
      : "Check that the file is whole, that the rows of --examples are as the model takes them, and that the packages have the versions that it was trained with.";
  return new Failure(error.code, { message: error.message, hint, details: error.details, cause: error });
}
