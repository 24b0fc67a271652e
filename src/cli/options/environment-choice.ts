import { resolve } from "node:path";

import type { ProcessFacts } from "../../app/read-process.ts";
import { activeInterpreter } from "../../environments/given/active-environment.ts";
import { Failure } from "../../kernel/failure.ts";
import type { EnvironmentChoice } from "../../lifecycle/services.ts";
import { flagName, isGiven, listOption, textOption, type CommandInput } from "../command.ts";

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the options that choose a model's environment.
 * @throws Failure `USAGE`, `INTERPRETER_NOT_FOUND` for `--use-active` where no environment is active.
 */
export function environmentChoice(input: CommandInput, facts: ProcessFacts): EnvironmentChoice {
  refuseContradictions(input);
  const passVariables = listOption(input, "passEnv");
  const wrong = passVariables.find((name) => !VARIABLE_NAME.test(name));
  if (wrong !== undefined) {
    throw new Failure("USAGE", {
      message: `"${wrong}" is not the name of an environment variable.`,
      hint: "Give the name alone, for example --pass-env DATABASE_URL; the value is taken from the environment.",
    });
  }
  const isActiveUsed = isGiven(input, "useActive");
  const wheels = textOption(input, "wheels");
  return {
    python: isActiveUsed ? activeInterpreter(facts.variables) : textOption(input, "python"),
    asIs: isActiveUsed || isNotInstalled(input),
    strict: isGiven(input, "strict"),
    upgrade: isGiven(input, "upgrade"),
    wheels: wheels === null ? null : resolve(facts.cwd, wheels),
    passVariables,
  };
}

/** Commander turns --no-install into install: false. */
function isNotInstalled(input: CommandInput): boolean {
  return input.options["install"] === false;
}

function refuseContradictions(input: CommandInput): void {
  const isActiveUsed = isGiven(input, "useActive");
  const contradictions: readonly (readonly [isThere: boolean, message: string])[] = [
    [isActiveUsed && textOption(input, "python") !== null, "--use-active and --python name two interpreters."],
    [
      textOption(input, "wheels") !== null && (isActiveUsed || isNotInstalled(input)),
      `--wheels has packages installed, ${isActiveUsed ? "--use-active" : "--no-install"} takes those that are there.`,
    ],
  ];
  const message = contradictions.find(([isThere]) => isThere)?.[1];
  if (message !== undefined) throw new Failure("USAGE", { message, hint: "Leave one of them out." });
}

/**
 * Reads a number from an option.
 * @throws Failure `USAGE` naming the option.
 */
export function numberOption(
  input: CommandInput,
  name: string,
  range: { readonly min: number; readonly max: number; readonly whole: boolean },
): number | null {
  const text = textOption(input, name);
  if (text === null) return null;
  const value = Number(text);
  const isRight =
    text.trim() !== "" && value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value));
  if (isRight) return value;
  throw new Failure("USAGE", {
    message: `--${flagName(name)} takes a ${range.whole ? "whole " : ""}number from ${range.min} to ${range.max}, not "${text}".`,
    hint: "The command's --help shows what its options take.",
  });
}

const LARGEST_PORT = 65_535;

/**
 * Reads `--port`; 0 takes a free one.
 * @throws Failure `USAGE`.
 */
export function portOption(input: CommandInput): number | null {
  return numberOption(input, "port", { min: 0, max: LARGEST_PORT, whole: true });
}
