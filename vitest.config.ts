import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Made by scripts/setup-tests.mjs.
const testPython = fileURLToPath(new URL("build/test-python/bin/python", import.meta.url));

export default defineConfig({
  test: {
    // Most tests wait for programs that they started, so two at once take little more than half of the time.
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          env: { MODELWRIGHT_TEST_PYTHON: testPython },
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
