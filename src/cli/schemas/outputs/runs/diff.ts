import * as z from "zod";

import { topics } from "./topics.ts";

const side = z.object({ label: z.string().describe("As messages name it."), kind: z.enum(["run", "version"]) });

/** What `diff --json` prints. */
export const diffOutput = z.object({
  equal: z.boolean().describe("True when nothing that both record differs."),
  first: side,
  second: side,
  differences: topics,
});
