import { expect, test } from "vitest";

import { canHoldProcess, formatMemorySize, parseMemorySize } from "./memory-size.ts";

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

test.each([
  [2 * 1024 ** 3, "2 GiB"],
  [200 * 1024 ** 2, "200 MiB"],
  [500_000_000, "500 MB"],
  [128_974_848, "123 MiB"],
  [1_234_567, "1.23 MB"],
  [5_000, "5 kB"],
  [5, "5 bytes"],
])("%d bytes read %s", (sizeBytes, text) => {
  expect(formatMemorySize(sizeBytes)).toBe(text);
});

test.each([
  ["16Mi", true],
  ["16M", false],
  ["5", false],
  ["lots", false],
])("whether a process can run within %s: %s", (quantity, isEnough) => {
  expect(canHoldProcess(parseMemorySize(quantity))).toBe(isEnough);
});
