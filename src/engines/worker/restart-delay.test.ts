import { expect, test } from "vitest";

import { restartDelay } from "./restart-delay.ts";

test("delays double up to ten seconds, and begin anew after a worker that lived a while", () => {
  const nextDelayMs = restartDelay();
  const early = Array.from({ length: 9 }, () => nextDelayMs(50));
  expect(early).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  expect([nextDelayMs(60_000), nextDelayMs(0)]).toEqual([100, 200]);
});
