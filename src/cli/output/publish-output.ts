import type { PublishOutcome } from "../../lifecycle/publishing/publish-candidate.ts";
import { metric, shortDigest } from "./text.ts";

/** A publication as programs read it. */
export function publishJson({ published, proof, metrics, recordedRows, batchable, notes, warnings }: PublishOutcome) {
  return {
    model: published.model,
    version: published.version,
    digest: published.manifestDigest,
    contentDigest: published.contentDigest,
    created: published.created,
    proof,
    metrics,
    recordedRows,
    batchable,
    notes,
    warnings,
  };
}

/** A publication as people read it. @param alias - what was set to it. */
export function publishLines(outcome: PublishOutcome, alias: string | null): readonly string[] {
  const { published, proof, metrics, recordedRows, notes } = outcome;
  const { model, version, manifestDigest, created } = published;
  const what = created
    ? `Published ${model}@${version}`
    : `${model}@${version} holds exactly this already; nothing was written`;
  const measured = Object.entries(metrics).map(([name, value]) => `${name} ${metric(value)}`);
  return [
    `${what} (${shortDigest(manifestDigest)}).`,
    `  proof: ${proof}, ${recordedRows} recorded ${recordedRows === 1 ? "row" : "rows"}${measured.length === 0 ? "" : `, ${measured.join(", ")}`}`,
    ...notes.map((note) => `  ${note}`),
    ...(alias === null
      ? [`Next: modelwright alias set ${model}@${version} champion, modelwright serve ${model}@${version}`]
      : [`${model}@${alias} is now ${version}.`, `Next: modelwright serve ${model}@${alias}`]),
  ];
}
