import type { ProcessFacts } from "../app/read-process.ts";
import type { OnProgress } from "../model/ports/progress.ts";
import type { Services } from "../lifecycle/services.ts";

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isVariadic?: boolean;
  /** What is usually given; others are not refused. */
  readonly choices?: readonly string[];
}

export interface OptionSpec {
  /** As commander reads it: `--port <number>`, `-f, --force`, `--no-install`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given more than once. */
  readonly isRepeatable?: boolean;
}

/** Values of a command line after parsing: what was typed, nothing defaulted. */
export interface CommandInput {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** What a command gives back: the same result for people and for programs. */
export interface CommandOutput {
  /** Null prints nothing: the command has printed what there was to print. */
  readonly json: object | null;
  /** Without a final newline; the empty text prints nothing. */
  readonly text: string;
  /** An exit code other than 0 for a result that is no error: an invalid definition in a list, a failed check. */
  readonly exitCode?: number;
}

/** What a command works with. */
export interface CommandContext {
  readonly facts: ProcessFacts;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly isJson: boolean;
  /** Prints a line to standard output before the command ends (the demo's steps, the server's address). */
  readonly print: (line: string) => void;
  /** Takes the line of progress away, for what is written to standard error by others: a server's log. */
  readonly clearProgress: () => void;
  /** Settings and services for work in `folder` (default: the working directory). */
  readonly services: (folder?: string) => Promise<Services>;
}

export type RunCommand = (context: CommandContext, input: CommandInput) => Promise<CommandOutput>;

/** One command as `--help` shows it. Its code is loaded when it runs. */
export interface CommandSpec {
  /** `train`, or two words for a command in a group: `alias set`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

/** The text of an option, or null when it was not given. */
export function textOption(input: CommandInput, name: string): string | null {
  const value = input.options[name];
  return typeof value === "string" ? value : null;
}

/** True when the flag was given. */
export function isGiven(input: CommandInput, name: string): boolean {
  return input.options[name] === true;
}

/** All values of a repeatable option. */
export function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** The name of an option as it is typed: `logPredictions` → `log-predictions`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
