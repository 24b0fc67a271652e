import { createInterface, type Interface } from "node:readline/promises";

import { Failure } from "../../../kernel/failure.ts";
import type { Template } from "../../../lifecycle/project/templates.ts";
import type { CommandContext } from "../../command.ts";
import { table } from "../../output/text.ts";

/** What a person is asked for; null where a flag has answered already. */
export interface AddAnswers {
  readonly name: string;
  readonly description: string | null;
  readonly template: string | null;
}

export interface AddQuestions {
  readonly isDescriptionAsked: boolean;
  /** Why a name cannot be given, as a request for another one; null: it can. */
  readonly objectionTo: (name: string) => Promise<string | null>;
  /** Empty: not asked. */
  readonly templates: readonly Template[];
}

/**
 * Asks on the terminal for what a new definition needs. Questions go to standard error.
 * @throws Failure `INTERRUPTED` at Ctrl-C and at the end of the input.
 */
export async function askForDefinition(context: CommandContext, questions: AddQuestions): Promise<AddAnswers> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  // A terminal in raw mode sends no signal at Ctrl-C.
  terminal.once("SIGINT", () => ended.abort());
  terminal.once("close", () => ended.abort());
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    return await ask((question) => answerTo(terminal, question, signal), questions);
  } finally {
    terminal.close();
  }
}

type Ask = (question: string) => Promise<string>;

async function answerTo(terminal: Interface, question: string, signal: AbortSignal): Promise<string> {
  try {
    return (await terminal.question(question, { signal })).trim();
  } catch (cause) {
    throw new Failure("INTERRUPTED", { message: "Stopped before anything was made.", cause });
  }
}

async function ask(question: Ask, { isDescriptionAsked, objectionTo, templates }: AddQuestions): Promise<AddAnswers> {
  let name = await question("Name of the model: ");
  for (let objection = await objectionTo(name); objection !== null; objection = await objectionTo(name))
    name = await question(`${objection}: `);
  const description = isDescriptionAsked ? await question("What it predicts, in one sentence (may be left out): ") : "";
  const template = templates.length === 0 ? null : await askForTemplate(question, templates);
  return { name, description: description === "" ? null : description, template };
}

async function askForTemplate(question: Ask, templates: readonly Template[]): Promise<string | null> {
  const rows = templates.map((one, index) => [String(index + 1), one.name, describe(one)]);
  let answer = await question(`${table(["", "TEMPLATE", ""], rows)}\nNumber or name (1): `);
  for (;;) {
    const chosen = templates[Number(answer === "" ? "1" : answer) - 1] ?? templates.find(({ name }) => name === answer);
    if (chosen !== undefined) return chosen.name;
    answer = await question(`A number from 1 to ${templates.length}, or a name: `);
  }
}

/** `python, scikit-learn`; of a repository's own also where it is from. */
export function describe({ language, framework, origin }: Template): string {
  const parts = [language, framework, origin === "repository" ? "of this project" : null];
  return parts.filter((part) => part !== null).join(", ");
}
