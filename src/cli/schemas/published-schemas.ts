import * as z from "zod";
import type { ZodType } from "zod";

import { PROJECT_FILE, projectFileSchema } from "../../app/project-file.ts";
import { modelJsonSchema } from "../../model/definition/model-json-schema.ts";
import { signatureSchema } from "../../model/definition/signature-schema.ts";
import { addOutput } from "./outputs/models/add.ts";
import { compareOutput } from "./outputs/runs/compare.ts";
import {
  aliasHistoryOutput,
  aliasListOutput,
  aliasRemoveOutput,
  aliasRollbackOutput,
  aliasSetOutput,
} from "./outputs/store/alias.ts";
import { diffOutput } from "./outputs/runs/diff.ts";
import { reproduceOutput } from "./outputs/runs/reproduce.ts";
import { demoOutput } from "./outputs/tool/demo.ts";
import { doctorOutput } from "./outputs/tool/doctor.ts";
import { envCreateOutput, envListOutput, envPruneOutput, envShowOutput } from "./outputs/environments/environment.ts";
import { completionOutput } from "./outputs/tool/completion.ts";
import { configShowOutput } from "./outputs/tool/config-show.ts";
import { showOutput } from "./outputs/store/show.ts";
import { inspectOutput } from "./outputs/tool/inspect.ts";
import { errorOutput } from "./outputs/error.ts";
import { explainOutput } from "./outputs/models/explain.ts";
import { listOutput } from "./outputs/models/list.ts";
import { predictOutput } from "./outputs/serving/predict.ts";
import { publishOutput } from "./outputs/store/publish.ts";
import { evaluateOutput, trainOutput } from "./outputs/models/run.ts";
import { runsCompareOutput } from "./outputs/runs/runs-compare.ts";
import { runsListOutput } from "./outputs/runs/runs-list.ts";
import { runsLogOutput } from "./outputs/runs/runs-log.ts";
import { runsReportOutput, versionReportOutput } from "./outputs/runs/runs-report.ts";
import { runsShowOutput } from "./outputs/runs/runs-show.ts";
import { serveOutput } from "./outputs/serving/serve.ts";
import { testEndpointOutput } from "./outputs/serving/test-endpoint.ts";
import { versionsOutput } from "./outputs/store/versions.ts";

/** Command name (as in the command table) → what it prints with `--json`. */
const COMMAND_OUTPUTS: Readonly<Record<string, ZodType>> = {
  demo: demoOutput,
  list: listOutput,
  add: addOutput,
  explain: explainOutput,
  train: trainOutput,
  evaluate: evaluateOutput,
  "runs list": runsListOutput,
  "runs show": runsShowOutput,
  "runs log": runsLogOutput,
  "runs compare": runsCompareOutput,
  "runs report": runsReportOutput,
  report: versionReportOutput,
  "env create": envCreateOutput,
  "env list": envListOutput,
  "env show": envShowOutput,
  "env prune": envPruneOutput,
  publish: publishOutput,
  versions: versionsOutput,
  "alias set": aliasSetOutput,
  "alias list": aliasListOutput,
  "alias history": aliasHistoryOutput,
  "alias rollback": aliasRollbackOutput,
  "alias remove": aliasRemoveOutput,
  serve: serveOutput,
  predict: predictOutput,
  "test-endpoint": testEndpointOutput,
  compare: compareOutput,
  reproduce: reproduceOutput,
  diff: diffOutput,
  doctor: doctorOutput,
  inspect: inspectOutput,
  "config show": configShowOutput,
  completion: completionOutput,
  show: showOutput,
};

/**
 * Every schema that ships with the package: path below `schemas/` without its ending → maker of a JSON Schema
 * (draft 2020-12). Those of files are for editors, those of outputs for programs.
 */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, () => object>> = {
  model: () =>
    jsonSchema("model", modelJsonSchema, {
      title: "model.json",
      description: "A model definition. Fields that are not listed are kept for other tools.",
    }),
  signature: () =>
    jsonSchema("signature", signatureSchema, {
      title: "signature.json",
      description: "The columns that a model takes, and what its answers consist of.",
    }),
  modelwright: () =>
    jsonSchema("modelwright", projectFileSchema, {
      title: PROJECT_FILE,
      description: "What a project says once for all of its models. Paths are relative to the file.",
    }),
  ...Object.fromEntries(
    Object.entries(COMMAND_OUTPUTS).map(([command, schema]) => {
      const name = outputSchemaName(command);
      const title = `modelwright ${command} --json`;
      const description = `What \`${title}\` prints on standard output. Later versions may add fields.`;
      return [name, () => jsonSchema(name, schema, { title, description })];
    }),
  ),
  "output/error": () =>
    jsonSchema("output/error", errorOutput, {
      title: "Error",
      description: "What every command prints on standard error when it fails and --json was given.",
    }),
};

/** Where the schema of a command's output is: `alias set` → `output/alias-set`. */
export function outputSchemaName(command: string): string {
  return `output/${command.replaceAll(" ", "-")}`;
}

/** `io: "input"`: a field with a default may be left out, and objects stay open unless the schema closes them. */
function jsonSchema(
  name: string,
  schema: ZodType,
  about: { readonly title: string; readonly description: string },
): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { $schema, $id: `urn:modelwright:schema:${name}`, ...about, ...rest };
}
