import * as z from "zod";

import type { ErrorKind } from "../../../kernel/error-codes.ts";
import { EXIT_CODES } from "../../exit-codes.ts";

const kinds = Object.keys(EXIT_CODES) as ErrorKind[];

/** What every command prints on standard error with `--json` when it fails. */
export const errorOutput = z.object({
  error: z.object({
    code: z
      .string()
      .regex(/^[A-Z_]+$/)
      .describe("One of docs/errors.md. Codes are never renamed."),
    kind: z.enum(kinds).describe("Coarser than the code; each kind has one exit code."),
    message: z.string().describe("What was wrong, and where."),
    hint: z.string().nullable().describe("What to do about it."),
    details: z
      .record(z.string(), z.unknown())
      .describe("What belongs to the code: paths, rows, the model's traceback."),
  }),
});
