import { expect, test } from "vitest";

import { compareLabels, newestFirst, nextVersionLabel } from "./version-label.ts";

const NOW = new Date("2023-01-11T15:24:59.900Z");

test("a label is the time in UTC", () => {
  expect(nextVersionLabel(NOW, () => false)).toBe("20230111-152459UTC");
});

test("a taken label becomes the next second's, over the end of the minute", () => {
  const taken = new Set(["20230111-152459UTC", "20230111-152500UTC"]);
  expect(nextVersionLabel(NOW, (label) => taken.has(label))).toBe("20230111-152501UTC");
});

test("labels are ordered as people count", () => {
  expect(["v10", "v9", "v1"].sort(compareLabels)).toEqual(["v1", "v9", "v10"]);
});

test("versions come newest first, and by label where they are of the same moment", () => {
  const versions = [
    { createdAt: "2023-01-01T00:00:00.000Z", version: "9" },
    { createdAt: "2023-01-02T00:00:00.000Z", version: "1" },
    { createdAt: "2023-01-01T00:00:00.000Z", version: "10" },
  ];
  expect(versions.sort(newestFirst).map(({ version }) => version)).toEqual(["1", "10", "9"]);
});
