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

/** A publication as people read it. */
export function publishLines({ published, proof, metrics, recordedRows, notes }: PublishOutcome): readonly string[] {
  const { model, version, manifestDigest, created } = published;
  const what = created
    ? `Published ${model}@${version}`
    : `${model}@${version} holds exactly this already; nothing was written`;
  const measured = Object.entries(metrics).map(([name, value]) => `${name} ${metric(value)}`);
  return [
    `${what} (${shortDigest(manifestDigest)}).`,
    `  proof: ${proof}, ${recordedRows} recorded ${recordedRows === 1 ? "row" : "rows"}${measured.length === 0 ? "" : `, ${measured.join(", ")}`}`,
    ...notes.map((note) => `  ${note}`),
    `Next: modelwright alias set ${model}@${version} champion, modelwright serve ${model}@${version}`,
  ];
}
