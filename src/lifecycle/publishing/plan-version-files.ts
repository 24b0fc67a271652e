import { REPORT_DATA_FILE } from "../../model/report/report-data.ts";
import type { StagedCode } from "../../model/ports/runtime.ts";
import type { PublishFile } from "../../store/publishing/publish-request.ts";
import type { PlacedArtifact } from "../serving/loadable.ts";
import { mediaTypeOf } from "./media-type.ts";

/** The stored test set of a version. */
export const TEST_SET_PATH = "test-set.jsonl";

/** Top-level names that an artifact must not take in a version folder. */
const RESERVED = new Set([
  "metadata.json",
  "manifest.json",
  "code",
  "definition",
  "artifacts",
  TEST_SET_PATH,
  REPORT_DATA_FILE,
]);

/** A file or text that belongs to a version's definition: kept, not run. */
export interface KeptFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Decides which files make up a version and where they stand; pure.
 * Artifacts stand at the top, as old readers of `metadata.json` expect.
 */
export function planVersionFiles(content: {
  readonly artifacts: readonly PlacedArtifact[];
  readonly code: StagedCode["files"];
  readonly definition: readonly KeptFile[];
  readonly testSet: string | null;
  /** What reports are drawn from. */
  readonly reportData: string | null;
}): readonly PublishFile[] {
  return [
    ...content.artifacts.map(planArtifact),
    ...content.code.map(({ source, path }) => ({
      path: `code/${path}`,
      role: "code" as const,
      target: path,
      mediaType: mediaTypeOf(path),
      body: { file: source },
    })),
    ...content.definition.map(({ path, text }) => ({
      path: `definition/${path}`,
      role: "definition" as const,
      target: null,
      mediaType: mediaTypeOf(path),
      body: Buffer.from(text),
    })),
    ...keptText(content.testSet, { path: TEST_SET_PATH, role: "testSet", mediaType: "application/jsonl" }),
    ...keptText(content.reportData, { path: REPORT_DATA_FILE, role: "other", mediaType: "application/json" }),
  ];
}

function keptText(
  text: string | null,
  { path, role, mediaType }: Pick<PublishFile, "path" | "role" | "mediaType">,
): readonly PublishFile[] {
  return text === null ? [] : [{ path, role, target: null, mediaType, body: Buffer.from(text) }];
}

function planArtifact({ source, name, only, sha256, role = "artifact" }: PlacedArtifact): PublishFile {
  const [top = ""] = name.split("/");
  // Of two that share a name, one keeps the place that old readers look at.
  const folder = only === "artifacts/input" ? "artifacts/input/" : RESERVED.has(top) ? "artifacts/" : "";
  return {
    path: `${folder}${name}`,
    role,
    target: name,
    only,
    mediaType: mediaTypeOf(name),
    body: { file: source, sha256 },
  };
}

/** The file that `metadata.json` calls the model: the one the definition names, else the only or largest artifact. */
export function mainArtifactPath(
  files: readonly {
    readonly path: string;
    readonly role: string;
    readonly target: string | null;
    readonly sizeBytes: number;
  }[],
  named: string | null,
): string | null {
  const artifacts = files.filter((file) => file.role === "artifact");
  const chosen = artifacts.find((file) => file.target === named);
  const largest = artifacts.reduce<(typeof artifacts)[number] | null>(
    (best, file) => (best === null || file.sizeBytes > best.sizeBytes ? file : best),
    null,
  );
  return (chosen ?? largest)?.path ?? null;
}
