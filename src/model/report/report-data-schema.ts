import * as z from "zod";

import { METRIC_NAMES } from "../metrics/evaluate-predictions.ts";
import type { ReportData } from "./report-data.ts";

const number = z.number();
const text = z.string();
const point = z.tuple([number, number]);
const histogram = z.object({ low: number, high: number, counts: z.array(number) });

const metric = z.object({
  name: z.enum(METRIC_NAMES),
  value: number,
  direction: z.enum(["higher", "lower"]),
  about: text.optional(),
  interval: z.object({ low: number, high: number }).nullable(),
});

const classFigures = z.object({
  label: text,
  share: number,
  rocAuc: number,
  roc: z.array(point),
  averagePrecision: number,
  precisionRecall: z.array(point),
  calibration: z.array(z.object({ rowCount: number, meanPredicted: number, observedShare: number })),
});

const column = z.object({
  name: text,
  types: z.array(text),
  rowCount: number,
  missingCount: number,
  distinctCount: number.nullable(),
  range: z.object({ min: number, max: number, mean: number }).nullable(),
  histogram: histogram.nullable(),
  categories: z.array(z.object({ value: text, count: number })),
});

/** `report-data.json`, format 1. */
export const reportDataSchema = z.object({
  schemaVersion: z.literal(1),
  rowCount: number,
  metrics: z.array(metric),
  bootstrap: z.object({ method: z.literal("percentile"), level: number, resamples: number, seed: number }).nullable(),
  notes: z.array(text),
  confusion: z.object({ labels: z.array(text), counts: z.array(z.array(number)) }).nullable(),
  classes: z.array(classFigures),
  residuals: z.object({ histogram: histogram.nullable(), points: z.array(point) }).nullable(),
  columns: z.array(column),
}) as z.ZodType<ReportData>;
