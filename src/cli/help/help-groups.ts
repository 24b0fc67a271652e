/** What is used every day, in the order of a model's life: shown first. */
const EVERYDAY: readonly string[] = ["list", "train", "evaluate", "publish", "serve", "predict", "doctor"];

/** Heading of the help → first words of the commands under it; what is in none is under the last. */
const OTHERS: readonly (readonly [heading: string, words: readonly string[]])[] = [
  ["Models and runs:", ["add", "runs", "compare", "reproduce", "diff", "explain"]],
  ["Model store:", ["versions", "alias", "show", "report"]],
  ["Environments:", ["env"]],
];
const EVERYDAY_HEADING = "Every day:";
const LAST_HEADING = "The tool and files:";

/** The heading under which the help lists a command or group of commands. */
export function helpGroupOf(word: string): string {
  if (EVERYDAY.includes(word)) return EVERYDAY_HEADING;
  return OTHERS.find(([, words]) => words.includes(word))?.[0] ?? LAST_HEADING;
}

/** Orders by heading; everyday commands as they are listed above, all others as they came. */
export function inHelpOrder<T extends { readonly name: string }>(commands: readonly T[]): readonly T[] {
  const headings = [EVERYDAY_HEADING, ...OTHERS.map(([heading]) => heading), LAST_HEADING];
  const rank = ({ name }: T): number => {
    const [word = ""] = name.split(" ");
    return headings.indexOf(helpGroupOf(word)) * EVERYDAY.length + Math.max(0, EVERYDAY.indexOf(word));
  };
  return commands.toSorted((one, other) => rank(one) - rank(other));
}
