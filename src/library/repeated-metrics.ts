import type { JsonObject } from "../kernel/json.ts";
import type { Manifest } from "../model/version/manifest.ts";

/**
 * The metrics that loading a version repeated. Its manifest also names those that the model wrote, for example a loss, which
 * nothing can repeat.
 * @param manifest - null for a version of an older tool.
 * @param metrics - all that the loaded model tells of itself.
 */
export function repeatedMetrics(
  manifest: { readonly proof: Pick<Manifest["proof"], "metrics"> } | null,
  metrics: JsonObject,
): Readonly<Record<string, number>> {
  if (manifest !== null) return Object.fromEntries(manifest.proof.metrics.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
  );
}
