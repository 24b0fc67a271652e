import { expect, test } from "vitest";

import { configurationCollector } from "./collect-configurations.ts";

const READ = { source: "local", name: "limits", digest: "a".repeat(64) };

test("each configuration is kept once, and other events are left to others", () => {
  const collector = configurationCollector();
  const event = { type: "configuration", at: "2026-01-01T00:00:00.000Z", ...READ };
  expect(collector.take(event)).toBe(true);
  expect(collector.take(event)).toBe(true);
  expect(collector.take({ ...event, digest: "b".repeat(64) })).toBe(true);
  expect(collector.take({ type: "progress", fields: {} })).toBe(false);
  expect(collector.list).toEqual([READ, { ...READ, digest: "b".repeat(64) }]);
});

test("an event that is not well-formed, or one too many, is dropped", () => {
  const collector = configurationCollector();
  expect(collector.take({ type: "configuration", source: "local", name: 5 })).toBe(true);
  for (let index = 0; index < 1_005; index++)
    collector.take({ type: "configuration", ...READ, name: `limits-${index}` });
  expect(collector.list).toHaveLength(1_000);
});
