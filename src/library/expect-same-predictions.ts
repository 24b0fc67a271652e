import type { ExactJson } from "../model/ports/predictor.ts";
import { comparePredictions } from "../model/prediction/tolerance.ts";

const SHOWN = 5;

/**
 * Throws an error that names rows and both values when predictions differ: floats by more than `relative`, everything
 * else at all. Works in every test framework.
 */
export function expectSamePredictions(
  expected: readonly ExactJson[],
  actual: readonly ExactJson[],
  { relative = 1e-6 }: { readonly relative?: number } = {},
): void {
  const { differences } = comparePredictions(expected, actual, { relative, absolute: 1e-12, labels: 0 });
  if (differences.length === 0) return;
  const lines = differences
    .slice(0, SHOWN)
    .map(
      ({ row, expected: one, actual: other }) =>
        `  row ${row}: expected ${JSON.stringify(one)}, got ${JSON.stringify(other)}`,
    );
  const more = differences.length > SHOWN ? `\n  … and ${differences.length - SHOWN} more rows` : "";
  throw new Error(`${differences.length} predictions differ:\n${lines.join("\n")}${more}`);
}
