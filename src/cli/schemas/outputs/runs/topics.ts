import * as z from "zod";

import { DIFFERENCE_TOPICS, type DifferenceTopic } from "../../../../model/run/comparing/explain-differences.ts";

const topic = z.object({
  state: z.enum(["same", "different", "unknown"]).describe("unknown: one of the two does not record it."),
  sentences: z.array(z.string()).describe("What differs; of an unknown topic why it is not known."),
});

/** What differs between two models, topic by topic. */
export const topics = z.object(
  Object.fromEntries(DIFFERENCE_TOPICS.map((name) => [name, topic])) as Record<DifferenceTopic, typeof topic>,
);
