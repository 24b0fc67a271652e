import {
  DIFFERENCE_TOPICS,
  type DifferenceTopic,
  type ExplainedDifferences,
} from "../../model/run/comparing/explain-differences.ts";

const SHOWN_SENTENCES = 20;

/** What differs, topic by topic, then what is the same or not known in a line each. */
export function topicLines(
  differences: ExplainedDifferences,
  topics: readonly DifferenceTopic[] = DIFFERENCE_TOPICS,
): readonly string[] {
  const different = topics.filter((topic) => differences[topic].state === "different");
  const same = topics.filter((topic) => differences[topic].state === "same");
  const unknown = topics.filter((topic) => differences[topic].state === "unknown");
  return [
    ...different.flatMap((topic) => sentenceLines(topic, differences[topic].sentences)),
    ...(same.length === 0 ? [] : [`  the same: ${same.join(", ")}`]),
    ...unknown.map((topic) => `  not known: ${topic} (${differences[topic].sentences.join("; ")})`),
  ];
}

function sentenceLines(topic: string, sentences: readonly string[]): readonly string[] {
  const [only, ...others] = sentences;
  if (only !== undefined && others.length === 0) return [`  ${topic}: ${only}`];
  const more = sentences.length - SHOWN_SENTENCES;
  return [
    `  ${topic}:`,
    ...sentences.slice(0, SHOWN_SENTENCES).map((sentence) => `    ${sentence}`),
    ...(more > 0 ? [`    … and ${more} more`] : []),
  ];
}

/** Topics as programs read them. */
export function topicsJson(differences: ExplainedDifferences) {
  return Object.fromEntries(
    DIFFERENCE_TOPICS.map((topic) => [
      topic,
      { state: differences[topic].state, sentences: [...differences[topic].sentences] },
    ]),
  );
}
