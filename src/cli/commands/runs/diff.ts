import { diffModels } from "../../../lifecycle/comparing/diff-models.ts";
import { DIFFERENCE_TOPICS } from "../../../model/run/comparing/explain-differences.ts";
import type { RunCommand } from "../../command.ts";
import { topicLines, topicsJson } from "../../output/topic-output.ts";

/** `diff`: two runs or versions side by side in words. A difference is no error. */
export const run: RunCommand = async (context, input) => {
  const [one = "", other = ""] = input.arguments;
  const { first, second, differences } = await diffModels(await context.services(), [one, other], context);
  const equal = DIFFERENCE_TOPICS.every((topic) => differences[topic].state !== "different");
  return {
    json: { equal, first, second, differences: topicsJson(differences) },
    text: [
      `${first.label} → ${second.label}${equal ? ": nothing that is known differs" : ""}`,
      ...topicLines(differences),
    ].join("\n"),
  };
};
