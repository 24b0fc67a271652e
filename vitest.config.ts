import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Made by scripts/setup-tests.mjs.
const interpreterIn = (folder: string): string => fileURLToPath(new URL(`build/${folder}/bin/python`, import.meta.url));

const withPrograms = {
  env: {
    MODELWRIGHT_TEST_PYTHON: interpreterIn("test-python"),
    MODELWRIGHT_TEST_PANDAS_3_PYTHON: interpreterIn("test-pandas-3"),
  },
  testTimeout: 120_000,
  hookTimeout: 240_000,
};

/**
 * Tests that one version of Node is enough for: they are about what is written in Python (the worker, the builder of environments,
 * the author package) or in documentation and pages, or are long journeys that mostly wait for models and disks.
 */
const RUN_ONCE = [
  "tests/runtimes/python-*.test.ts",
  "tests/environments/**/*.test.ts",
  "tests/author/**/*.test.ts",
  "tests/repositories/**/*.test.ts",
  "tests/{git,layouts}/**/*.test.ts",
  "tests/docs/{command-output,pages}.test.ts",
  "tests/reports/report-in-browser.test.ts",
  "tests/store/{concurrent,killed}-publishers.test.ts",
  // Of commands, what is about processes and connections is tried on both.
  "tests/cli/!(follow-alias|interrupts|killed-tool|rolling-restart|serving|serving-under-load|silent-end|workers).test.ts",
  "tests/library/model-config.test.ts",
];

export default defineConfig({
  test: {
    // Most tests wait for programs that they started, so two at once take little more than half of the time.
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "whole", include: ["tests/**/*.test.ts"], exclude: RUN_ONCE, ...withPrograms } },
      { test: { name: "once", include: RUN_ONCE, ...withPrograms } },
    ],
  },
});
