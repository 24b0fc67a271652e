/** A repeatable source of randomness: the same seed gives the same numbers from 0 up to, not including, 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SCALARS = [
  ...["null", "true", "false", "0", "-0", "1", "-12", "3.25", "1e3", "1E-7", "123456789012345.5", "1e400"],
  ...['""', '"a"', '"\\"]}"', '"\\\\"', '"\\u00e9"', '"ü,["', '"1234567890123456789"', '"__proto__"'],
];
const KEYS = [
  '"a"',
  '"b"',
  '"inputs"',
  '"data"',
  '"ndarray"',
  '"__proto__"',
  '"constructor"',
  '"1st"',
  '"\\"{"',
  '"toJSON"',
];
const SPACES = ["", "", "", " ", "\n", "\t "];

/** JSON text with odd spacing, escapes, repeated keys and keys that every object inherits. */
export function randomJson(random: () => number, depth = 4): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const space = (): string => pick(SPACES);
  const kind = depth === 0 ? 0 : random();
  if (kind < 0.35) return space() + pick(SCALARS) + space();
  const items = Array.from({ length: Math.floor(random() * 5) }, () => randomJson(random, depth - 1));
  if (kind < 0.7) return `${space()}[${items.join(",")}${space()}]${space()}`;
  return `${space()}{${items.map((item) => `${space()}${pick(KEYS)}${space()}:${item}`).join(",")}}${space()}`;
}

/** The text with one character taken out, doubled, or replaced. Often no JSON any more. */
export function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const kind = random();
  if (kind < 0.3) return text.slice(0, at) + text.slice(at + 1);
  if (kind < 0.5) return text.slice(0, at + 1) + text.slice(at);
  const other = '[]{},:"\\0-.e n'[Math.floor(random() * 14)] ?? "";
  return text.slice(0, at) + other + text.slice(at + 1);
}
