import { resolve } from "node:path";

import { Failure } from "../../../kernel/failure.ts";
import type { JsonValue } from "../../../kernel/json.ts";
import type { ExampleRows } from "../../../model/version/manifest.ts";
import { EMAIL } from "../../../model/version/email.ts";
import { parseName } from "../../../model/version/model-reference.ts";
import { pickDefinition } from "../../../lifecycle/definitions/pick-definition.ts";
import type { PublishOutcome } from "../../../lifecycle/publishing/publish-candidate.ts";
import { publishFile, readSignatureFile } from "../../../lifecycle/publishing/publish-file.ts";
import { publishRun } from "../../../lifecycle/publishing/publish-run.ts";
import { requireTrainingRun } from "../../../lifecycle/serving/load-definition.ts";
import type { Services } from "../../../lifecycle/services.ts";
import { pickleOpener } from "../../../lifecycle/data/pickle-opener.ts";
import { needsSignature, readRowFile } from "../../../lifecycle/data/row-files.ts";
import type { Column } from "../../../model/definition/signature.ts";
import { textOption, type CommandContext, type CommandInput, type RunCommand } from "../../command.ts";
import { environmentChoice } from "../../options/environment-choice.ts";
import { publishJson, publishLines } from "../../output/publish-output.ts";
import { searchFolder } from "../../search-folder.ts";

/** `publish`: a run of a definition, or with `--from` a model that was trained elsewhere. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services(await searchFolder(context.facts.cwd, input.arguments[0] ?? null));
  const alias = textOption(input, "alias");
  if (alias !== null) parseName(alias, "alias");
  const label = textOption(input, "versionLabel");
  if (label !== null) parseName(label, "version");
  if (alias !== null && alias === label) {
    throw new Failure("USAGE", {
      message: `"${alias}" cannot be the label of the version and an alias at once.`,
      hint: "Leave --version-label out to label the version with the time.",
    });
  }
  const from = textOption(input, "from");
  const authorEmail = emailOption(input);
  const request = { label, alias, authorEmail, choice: environmentChoice(input, context.facts) };
  const outcome =
    from === null
      ? await publishDefinition(services, { ...request, input }, context)
      : await publishTrained(services, { ...request, input, from }, context);
  const { model, version } = outcome.published;
  if (alias !== null) await services.store.setAlias(model, alias, version);
  return { json: { ...publishJson(outcome), alias }, text: publishLines(outcome, alias).join("\n") };
};

function emailOption(input: CommandInput): string | null {
  const email = textOption(input, "authorEmail");
  if (email === null || EMAIL.test(email)) return email;
  throw new Failure("USAGE", {
    message: `--author-email takes an e-mail address, not "${email}".`,
    hint: "Write it as name@example.com.",
  });
}

interface Requested {
  readonly input: CommandInput;
  readonly label: string | null;
  readonly alias: string | null;
  readonly authorEmail: string | null;
  readonly choice: ReturnType<typeof environmentChoice>;
}

async function publishDefinition(
  services: Services,
  { input, ...requested }: Requested,
  context: CommandContext,
): Promise<PublishOutcome> {
  requireFrom(input);
  const definition = await pickDefinition(services, input.arguments[0] ?? null, context.facts.cwd);
  const trained = await requireTrainingRun(services, definition, textOption(input, "run"));
  const examples = await examplesOf(services, { context, input }, definition.signature?.columns);
  const name = textOption(input, "name");
  return publishRun(services, { ...requested, definition, run: trained, name, examples }, context);
}

/** A definition says these things itself. */
function requireFrom(input: CommandInput): void {
  const given = [
    ["requirements", "requirements.txt"],
    ["signature", "signature.json"],
  ].find(([option = ""]) => textOption(input, option) !== null);
  if (given === undefined) return;
  const [option, file] = given;
  throw new Failure("USAGE", {
    message: `--${option} is for models that are published with --from; a definition has its own ${file}.`,
    hint: `Leave --${option} out, or name the trained file with --from.`,
  });
}

async function publishTrained(
  services: Services,
  { from, input, ...requested }: Requested & { readonly from: string },
  context: CommandContext,
): Promise<PublishOutcome> {
  const name = textOption(input, "name");
  if (name === null || input.arguments.length > 0) {
    throw new Failure("USAGE", {
      message:
        name === null
          ? "--from needs --name: a file has no name of its own."
          : "Give either a model definition or --from, not both.",
      hint: "modelwright publish --from model.pkl --examples rows.json --name churn",
    });
  }
  const requirements = textOption(input, "requirements");
  const { cwd } = context.facts;
  const signaturePath = textOption(input, "signature");
  const signature = signaturePath === null ? null : await readSignatureFile(resolve(cwd, signaturePath));
  const examples = await examplesOf(services, { context, input }, signature?.signature.columns);
  return publishFile(
    services,
    {
      ...requested,
      ...{ name, signature },
      file: resolve(cwd, from),
      examples: examples ?? { rows: [] },
      requirements: requirements === null ? null : resolve(cwd, requirements),
    },
    context,
  );
}

async function examplesOf(
  services: Services,
  { context, input }: { readonly context: CommandContext; readonly input: CommandInput },
  columns: readonly Column[] | undefined,
): Promise<ExampleRows | null> {
  const file = textOption(input, "examples");
  if (file === null) return null;
  const path = resolve(context.facts.cwd, file);
  // Tables are kept as they are; arrays have no names but those of the signature.
  const { rows, names } = await readRowFile(path, {
    columns: needsSignature(path) ? columns : undefined,
    openPickled: pickleOpener(services, textOption(input, "python"), context),
  });
  if (rows.length === 0) {
    throw new Failure("DATA_MALFORMED", {
      message: `${path} has no rows to prove the version with.`,
      hint: "Put rows into it as a client sends them, or leave --examples out.",
    });
  }
  // Recorded rows are plain JSON: an integer beyond 2^53 is recorded as the nearest double.
  const plain = rows.map(
    (row) =>
      JSON.parse(
        JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value)),
      ) as JsonValue,
  );
  return names === undefined ? { rows: plain } : { rows: plain, names };
}
