/**
 * A generator of row numbers below `count`, the same for the same seed.
 * Source: sfc32 of PractRand (C. Doty-Humphrey), seeded and warmed up as recommended there.
 */
export function randomRows(seed: number, count: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, Math.floor(seed / 2 ** 32) | 0, 1];
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  // The share of rows that come too often by this is below one in a million for a thousand rows.
  return () => Math.floor((next() / 2 ** 32) * count);
}
