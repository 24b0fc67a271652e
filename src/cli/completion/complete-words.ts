import type { ArgumentSpec, CommandSpec, OptionSpec } from "../command.ts";

/** What may be typed next; null where only the shell knows: a path, or text of the user's own. */
export type Candidates = readonly Candidate[] | null;

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What is not known from the table of commands. */
export interface Surroundings {
  readonly commands: readonly CommandSpec[];
  readonly globalOptions: readonly OptionSpec[];
  /** Names of model definitions, published models, versions and aliases. */
  readonly models: () => Promise<readonly Candidate[]>;
  /** Aliases of the model that a reference names. */
  readonly aliasesOf: (reference: string) => Promise<readonly Candidate[]>;
}

const MODEL_ARGUMENTS = ["model", "models", "reference", "references", "from", "to", "first", "second"];
/** It follows the argument that names the model. */
const ALIAS_ARGUMENT = "alias";

/**
 * What may follow the words of a command line.
 * @param before - whole words after the program's name.
 * @param current - the beginning of the word that is being typed, perhaps empty.
 */
export async function completeWords(
  before: readonly string[],
  current: string,
  surroundings: Surroundings,
): Promise<Candidates> {
  const command = findCommand(before, surroundings.commands);
  const candidates =
    command === null
      ? commandWords(before, surroundings.commands)
      : await forCommand(command, { before, current }, surroundings);
  return candidates?.filter(({ word }) => word.startsWith(current)) ?? null;
}

function findCommand(before: readonly string[], commands: readonly CommandSpec[]): CommandSpec | null {
  const [first = "", second = ""] = before;
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first) ?? null
  );
}

/** First words, or the second ones of a group. */
function commandWords(before: readonly string[], commands: readonly CommandSpec[]): Candidates {
  if (before.length > 1) return [];
  const words = new Map<string, string>();
  for (const { name, summary } of commands) {
    const [first = "", second] = name.split(" ");
    if (before.length === 0 && !words.has(first))
      words.set(first, second === undefined ? summary : `${first} commands`);
    if (before.length === 1 && before[0] === first && second !== undefined) words.set(second, summary);
  }
  return [...words].map(([word, description]) => ({ word, description }));
}

interface Typed {
  readonly before: readonly string[];
  readonly current: string;
}

async function forCommand(
  command: CommandSpec,
  { before, current }: Typed,
  surroundings: Surroundings,
): Promise<Candidates> {
  const options = [...command.options, ...surroundings.globalOptions];
  const rest = before.slice(command.name.split(" ").length);
  const last = options.find((option) => takesValue(option) && namesOf(option).includes(rest.at(-1) ?? ""));
  if (last !== undefined) return last.choices?.map((word) => ({ word, description: "" })) ?? null;
  if (current.startsWith("-"))
    return options.flatMap((option) => namesOf(option).map((word) => ({ word, description: option.description })));
  const typed = positionals(rest, options);
  const argument = argumentAt(command.arguments, typed.length);
  if (argument?.choices !== undefined) return argument.choices.map((word) => ({ word, description: "" }));
  if (argument?.name === ALIAS_ARGUMENT) return surroundings.aliasesOf(typed.at(-1) ?? "");
  return argument !== null && MODEL_ARGUMENTS.includes(argument.name) ? surroundings.models() : null;
}

/** The words that are neither options nor their values. */
function positionals(words: readonly string[], options: readonly OptionSpec[]): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) found.push(word);
    else if (options.some((option) => takesValue(option) && namesOf(option).includes(word))) index++;
  }
  return found;
}

function argumentAt(specs: readonly ArgumentSpec[], index: number): ArgumentSpec | null {
  const last = specs.at(-1);
  return specs[index] ?? (last?.isVariadic === true ? last : null);
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes("<");
}

/** `-f, --force` → both. */
function namesOf({ flags }: OptionSpec): readonly string[] {
  return flags.split(/[\s,]+/).filter((word) => word.startsWith("-"));
}
