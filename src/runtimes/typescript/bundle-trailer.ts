/**
 * What the tool notes at the end of a bundle: enough to see later, without bundling again, whether the bundle still
 * belongs to the sources beside it.
 */
export interface BundleTrailer {
  readonly format: 1;
  /** Path of the entry file below the code root. */
  readonly entry: string;
  /** Path below the code root → sha256 of the sources of the model's own code. */
  readonly inputs: Readonly<Record<string, string>>;
}

const MARK = "\n//# modelwrightBundle=";

/** One comment line, to be appended to a bundle. */
export function formatBundleTrailer(trailer: BundleTrailer): string {
  // JavaScript ends a comment at these two characters; in JSON they may stand for themselves.
  const json = JSON.stringify(trailer).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return `${MARK}${json}\n`;
}

/** The trailer of a bundle, or null when the text is no bundle of ours. */
export function readBundleTrailer(bundle: string): BundleTrailer | null {
  const start = bundle.lastIndexOf(MARK);
  if (start === -1) return null;
  const end = bundle.indexOf("\n", start + 1);
  try {
    const trailer = JSON.parse(
      bundle.slice(start + MARK.length, end === -1 ? undefined : end),
    ) as Partial<BundleTrailer>;
    return trailer.format === 1 && trailer.inputs !== undefined && trailer.entry !== undefined
      ? { format: 1, entry: trailer.entry, inputs: trailer.inputs }
      : null;
  } catch {
    return null;
  }
}
