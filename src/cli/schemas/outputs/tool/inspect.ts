import * as z from "zod";

const count = z.number().int().nonnegative();
const verdict = z
  .enum(["allowed", "unknown", "dangerous"])
  .describe("allowed: on the list; unknown: neither on it nor known to be dangerous.");

const pickle = z.object({
  member: z.string().nullable().describe("Where it stands in the file; null: it is the file."),
  protocol: count,
  count: count.describe("Pickles that stand one after the other."),
  object: z.string().nullable().describe("What opening it gives, in a few words."),
  imports: z.array(z.object({ module: z.string(), name: z.string(), count, verdict })),
  calls: z.array(
    z.object({
      callee: z.string(),
      form: z.enum(["REDUCE", "NEWOBJ", "BUILD"]).describe("The instruction; BUILD sets the state of an object."),
      arguments: z.string().describe("Of the first call, in a few words."),
      count,
      verdict,
    }),
  ),
  suspicions: z.array(z.string()).describe("What only running it would tell, or what changes imported things."),
  persistentIds: count.describe("Objects that come from outside of the pickle."),
  trailingBytes: count.describe("Bytes after the last pickle that are none."),
  problem: z.string().nullable().describe("Why it could not be followed to its end."),
  verdict,
});

/** What `inspect --json` prints. */
export const inspectOutput = z.object({
  path: z.string(),
  format: z.string().describe("pickle, joblib, npy, npz, PyTorch, safetensors, XGBoost (JSON), ONNX, …, or unknown."),
  compression: z.string().nullable(),
  sizeBytes: count,
  about: z.record(z.string(), z.unknown()).describe("What the format tells about itself."),
  arrays: z.array(z.object({ name: z.string(), dtype: z.string(), shape: z.array(count) })),
  pickles: z.array(pickle),
  verdict: verdict.nullable().describe("The worst of the pickles; null for a file without any."),
  policy: z.enum(["default", "project"]).describe("What imports were held against."),
});
