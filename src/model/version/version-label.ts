/**
 * The default version label: a UTC timestamp such as `20230111-152433UTC`.
 * @param taken - true for labels that are in use; a taken label becomes the next second's.
 */
export function nextVersionLabel(now: Date, taken: (label: string) => boolean): string {
  for (let ms = now.getTime(); ; ms += 1000) {
    const label = timestampLabel(new Date(ms));
    if (!taken(label)) return label;
  }
}

function timestampLabel(date: Date): string {
  const iso = date.toISOString();
  return `${iso.slice(0, 10).replaceAll("-", "")}-${iso.slice(11, 19).replaceAll(":", "")}UTC`;
}

/** Compares labels as people count: `2` before `10`, `v9` before `v10`. */
export function compareLabels(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true }) || (a < b ? -1 : a > b ? 1 : 0);
}

/** What versions are ordered by. */
export interface DatedVersion {
  /** ISO time. */
  readonly createdAt: string;
  readonly version: string;
}

/** Newest first: by time of creation, then by natural order of the label. */
export function newestFirst(a: DatedVersion, b: DatedVersion): number {
  return b.createdAt.localeCompare(a.createdAt) || compareLabels(b.version, a.version);
}
