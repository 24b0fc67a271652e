/** Compares the numbers of two versions of Python: negative when `a` is older. What follows the numbers does not matter. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const index = [0, 1, 2].find((at) => left[at] !== right[at]);
  return index === undefined ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return [...(/^\d+(?:\.\d+){0,2}/.exec(version)?.[0] ?? "").split(".").map(Number), 0, 0].slice(0, 3);
}
