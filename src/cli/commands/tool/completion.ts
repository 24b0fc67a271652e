import { listDefinitions } from "../../../lifecycle/definitions/list-definitions.ts";
import type { Services } from "../../../lifecycle/services.ts";
import { Failure } from "../../../kernel/failure.ts";
import { parseModelReference } from "../../../model/version/model-reference.ts";
import { COMMANDS } from "../../command-table.ts";
import type { CommandContext, CommandOutput, RunCommand } from "../../command.ts";
import { completeWords, type Candidate } from "../../completion/complete-words.ts";
import { COMPLETION_SCRIPTS, SHELLS } from "../../completion/completion-scripts.ts";
import { GLOBAL_OPTIONS } from "../../options/shared-options.ts";

/** What the scripts ask for; nobody types it. */
const WORDS = "words";

/** `completion`: the script for a shell, and for that script what may be typed next. */
export const run: RunCommand = async (context, input) => {
  const [shell = "", ...words] = input.arguments;
  if (shell === WORDS) return nextWords(context, words);
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined || words.length > 0)
    throw new Failure("USAGE", {
      message: known === undefined ? `"${shell}" is no shell that is known.` : "Give one shell.",
      hint: `modelwright completion ${SHELLS.join(" | ")}`,
    });
  const script = COMPLETION_SCRIPTS[known];
  return { json: { shell: known, script, words: null }, text: script };
};

async function nextWords(context: CommandContext, typed: readonly string[]): Promise<CommandOutput> {
  const before = typed.slice(0, -1);
  const current = (typed.at(-1) ?? "=").replace(/^=/, "");
  const candidates = await completeWords(before, current, {
    commands: COMMANDS,
    globalOptions: GLOBAL_OPTIONS,
    models: () => orNothing(context, (services) => modelNames(services, current)),
    aliasesOf: (reference) => orNothing(context, (services) => aliasNames(services, reference)),
  });
  const words = candidates ?? [];
  return {
    json: { shell: null, script: null, words: words.map(({ word, description }) => ({ word, description })) },
    text: words.map(({ word, description }) => `${word}\t${description}`).join("\n"),
  };
}

/** Whatever is wrong with the project or store is no business of a Tab key. */
async function orNothing(
  context: CommandContext,
  find: (services: Services) => Promise<readonly Candidate[]>,
): Promise<readonly Candidate[]> {
  try {
    return await find(await context.services());
  } catch {
    return [];
  }
}

async function modelNames(services: Services, current: string): Promise<readonly Candidate[]> {
  const at = current.indexOf("@");
  if (at > 0) return selectorsOf(services, current.slice(0, at));
  const [{ definitions }, published] = await Promise.all([listDefinitions(services, null), services.store.models()]);
  const names = new Map<string, string>();
  for (const { read } of definitions)
    names.set(read.valid ? read.definition.storeName : read.partial.name, "definition");
  for (const name of published) names.set(name, names.has(name) ? "definition, published" : "published");
  return [...names].map(([word, description]) => ({ word, description }));
}

async function selectorsOf({ store }: Services, model: string): Promise<readonly Candidate[]> {
  const [{ aliases }, versions] = await Promise.all([store.aliases(model), store.versions(model)]);
  return [
    ...aliases.map(({ alias, version }) => ({ word: `${model}@${alias}`, description: version ?? "" })),
    ...versions.map(({ version, createdAt }) => ({ word: `${model}@${version}`, description: createdAt ?? "" })),
  ];
}

/** Damaged ones, too: it is their history that tells what is wrong. */
async function aliasNames({ store }: Services, reference: string): Promise<readonly Candidate[]> {
  const { aliases, damaged } = await store.aliases(parseModelReference(reference).name);
  return [
    ...aliases.map(({ alias, version }) => ({ word: alias, description: version ?? "" })),
    ...damaged.map(({ alias }) => ({ word: alias, description: "damaged" })),
  ];
}
