import * as z from "zod";

import { PROOF_LEVELS } from "../../../model/version/manifest.ts";

// Fields that several commands print. Objects stay open: a later version may add fields, and programs must let them pass.

export const modelName = z.string().describe("Name of the model in the store and in URLs.");
export const versionLabel = z.string().describe("Label of the version, for example 20261120-101500UTC.");
export const runId = z.string().describe("Id of the run; ids sort by time.");
export const notes = z.array(z.string()).describe("Sentences for people: what was odd, what is to be reviewed.");
export const url = z.string().describe("Address of the server, without a path.");
export const createdAt = z.iso.datetime().describe("When it was made, in UTC.");

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("sha256 in lower-case hexadecimal.");

export const manifestDigest = sha256.describe("sha256 of the version's manifest.json: its identity.");
export const contentDigest = sha256.describe("sha256 over what makes two publications the same thing, times left out.");

export const proofLevel = z
  .enum(PROOF_LEVELS)
  .describe("What the version repeats when it is loaded, from weak to strong: digests, predictions, metrics.");

export const metrics = z
  .record(z.string(), z.union([z.number(), z.string()]))
  .describe("Name → value: a number, or numeric text where a model gave that.");

export const sizeBytes = z.number().int().nonnegative().describe("Size in bytes.");
