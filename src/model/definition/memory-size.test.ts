import { expect, test } from "vitest";

import { parseMemorySize } from "./memory-size.ts";

test.each([
  ["100Mi", 104_857_600],
  ["1Gi", 1_073_741_824],
  ["1.5Gi", 1_610_612_736],
  ["500M", 500_000_000],
  ["500m", 500_000_000],
  ["512 MB", 512_000_000],
  ["1e6", 1_000_000],
  ["128974848", 128_974_848],
  [2048, 2048],
] as const)("%s is %d bytes", (quantity, sizeBytes) => {
  expect(parseMemorySize(quantity)).toBe(sizeBytes);
});

test.each(["", "0", "-1Gi", "1 Gigabyte", "Mi", "1e99", "NaN", "0x10"])("%j is no memory size", (quantity) => {
  expect(parseMemorySize(quantity)).toBeNull();
});
