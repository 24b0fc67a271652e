/** The value where it is text, else null. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The value where it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
