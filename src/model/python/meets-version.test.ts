import { expect, test } from "vitest";

import { meetsVersion } from "./meets-version.ts";

test.each([
  [">=3.8", "3.8.0", true],
  [">=3.8", "3.10.1", true],
  [">=3.10", "3.9.18", false],
  [">= 3.8 , < 3.12", "3.12.0rc1", false],
  [">=3.8,<4", "3.13.0", true],
  ["==3.8.*", "3.8.18", true],
  ["==3.8.*", "3.80.1", false],
  ["==3.8", "3.8.1", false],
  ["==3.8", "3.8.0", true],
  ["===3.8.1", "3.8.1", true],
  ["!=3.9.*", "3.9.2", false],
  ["!=3.9.1", "3.9.2", true],
  ["~=3.8", "3.11.7", true],
  ["~=3.8", "4.0.0", false],
  ["~=3.8.2", "3.8.1", false],
  ["~=3.8.2", "3.9.0", false],
  [">3.8", "3.8.1", true],
  ["<=3.8", "3.8.1", false],
  [">=2.7,<2.8 || >=3.8", "3.9.1", true],
  ["==3.8.* || ==3.10.*", "3.9.1", false],
])("%s is met by Python %s: %s", (requirement, version, isMet) => {
  expect(meetsVersion(requirement, version)).toBe(isMet);
});

test.each(["", "3.8", "^3.8", ">=3.*", "~=3", ">=3.8 ||", ">=3.8,", ">=new"])("%j cannot be read", (requirement) => {
  expect(meetsVersion(requirement, "3.11.7")).toBeNull();
});
