import * as z from "zod";

import type { ProgressEvent } from "../../model/ports/progress.ts";

const progressSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("waiting") }),
  z.object({ event: z.literal("preparing-pip") }),
  z.object({ event: z.literal("resolving"), package: z.string() }),
  z.object({ event: z.literal("downloading"), package: z.string(), count: z.number(), total: z.number() }),
  z.object({ event: z.literal("installing"), total: z.number() }),
  z.object({ event: z.literal("spared"), folder: z.string(), reason: z.string() }),
]);

const endSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("done") }),
  z.object({
    event: z.literal("failed"),
    reason: z.enum(["pip", "uv", "no-pip", "unlockable", "system"]),
    message: z.string(),
    /** Of a system error, for example `ENOSPC`. */
    code: z.string().optional(),
  }),
]);

/** What `build_environment.py` prints, one a line. */
export const builderEventSchema = z.union([progressSchema, endSchema]);

export type BuilderProgress = z.infer<typeof progressSchema>;
export type BuilderEnd = z.infer<typeof endSchema>;

/** The builder's event as people are told it. */
export function describeProgress(event: BuilderProgress): ProgressEvent {
  const { event: name, ...fields } = event;
  return { step: `environment.${name}`, message: messageOf(event), fields };
}

function messageOf(event: BuilderProgress): string {
  switch (event.event) {
    case "waiting":
      return "Waiting: another process is preparing the same environment";
    case "preparing-pip":
      return "Preparing pip (once for each interpreter)";
    case "resolving":
      return `Resolving requirements: ${event.package}`;
    case "downloading":
      return `Downloading ${event.count} of ${event.total}: ${event.package}`;
    case "installing":
      return `Installing ${event.total} ${event.total === 1 ? "package" : "packages"}`;
    case "spared":
      return `Not removed, since it is in use: ${event.folder}`;
    default:
      return event satisfies never;
  }
}
