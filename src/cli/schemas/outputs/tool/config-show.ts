import * as z from "zod";

/** What `config show --json` prints. */
export const configShowOutput = z.object({
  settings: z.array(
    z.object({
      name: z.string().describe("As in modelwright.json, for example server.port."),
      value: z.unknown().describe("Values that may be secrets read ***."),
      source: z.union([
        z.object({ kind: z.enum(["flag", "variable"]), name: z.string() }),
        z.object({ kind: z.literal("project"), file: z.string(), pointer: z.string(), line: z.number().int() }),
        z.object({ kind: z.literal("default") }),
      ]),
    }),
  ),
  faults: z
    .array(z.object({ name: z.string(), code: z.string(), message: z.string(), hint: z.string().nullable() }))
    .describe("Settings that a command which needs them would refuse: a PORT that is no port."),
});
