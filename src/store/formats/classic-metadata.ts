import * as z from "zod";

import { check, type SchemaIssue } from "../../kernel/parse.ts";
import type { ClassicMetadata } from "../../model/version/manifest.ts";
import { parseObject } from "./sealed-record.ts";
import { storeCorrupt } from "./store-corrupt.ts";

const fileNames = z.array(z.string());

// In the order in which old tools write them; zod gives the keys back in this order.
const metadataSchema: z.ZodType<ClassicMetadata> = z.object({
  model_name: z.string(),
  model_filename: z.string().nullable(),
  model_class: z.string().nullable(),
  training_set_filenames: fileNames,
  test_set_filenames: fileNames,
  column_transformer_filename: z.string().nullable(),
  author_email: z.string().nullable(),
  version: z.string(),
});

/** The bytes of `metadata.json`: exactly the eight keys, in their order. */
export function printMetadata(metadata: ClassicMetadata): Buffer {
  const inOrder: ClassicMetadata = {
    model_name: metadata.model_name,
    model_filename: metadata.model_filename,
    model_class: metadata.model_class,
    training_set_filenames: metadata.training_set_filenames,
    test_set_filenames: metadata.test_set_filenames,
    column_transformer_filename: metadata.column_transformer_filename,
    author_email: metadata.author_email,
    version: metadata.version,
  };
  return Buffer.from(`${JSON.stringify(inOrder, null, 4)}\n`);
}

/**
 * Reads `metadata.json`, ours or that of an old tool.
 * @throws Failure `STORE_CORRUPT` naming `key`.
 */
export function parseMetadata(bytes: Uint8Array, key: string): ClassicMetadata {
  const checked = check(metadataSchema, parseObject(bytes, key));
  if (checked.issues === null) return checked.value;
  const print = ({ pointer, message }: SchemaIssue) => `${pointer}: ${message}`;
  throw storeCorrupt(key, `it is not the metadata of a model (${checked.issues.map(print).join("; ")})`);
}
