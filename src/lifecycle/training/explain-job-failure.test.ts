import { expect, test } from "vitest";

import type { JobOutcome } from "../../model/ports/executor.ts";
import { explainJobFailure } from "./explain-job-failure.ts";

const ENDED: JobOutcome = {
  result: null,
  exitCode: 3,
  exitSignal: null,
  isTimedOut: false,
  isOutOfMemory: false,
  isInterrupted: false,
  durationMs: 1,
  peakMemoryBytes: null,
  stdoutFile: "/runs/1/stdout.log",
  stderrFile: "/runs/1/stderr.log",
};
const CONTEXT = {
  kind: "train",
  modelName: "churn",
  timeoutMs: 2_000,
  memoryLimitBytes: 5e8,
  unset: ["DB_URL"],
  hasNoData: false,
  missingData: [{ pointer: "/train", path: "data/nosuch.csv" }],
  lastLines: ["Fatal Python error: Segmentation fault"],
  isDiskFull: false,
} as const;

function explain(outcome: Partial<JobOutcome>) {
  return explainJobFailure({ ...ENDED, ...outcome }, CONTEXT);
}

test("a job that succeeded needs no explanation", () => {
  const result = { protocol: 1, status: "succeeded", error: null, peakMemoryBytes: null } as const;
  expect(explain({ result, exitCode: 0 })).toBeNull();
});

test.each([
  [{ isTimedOut: true }, "JOB_TIMED_OUT", "longer than its limit of 2 s"],
  [{ isOutOfMemory: true }, "JOB_OUT_OF_MEMORY", "its limit of 500 MB"],
  [{ isInterrupted: true }, "INTERRUPTED", "was stopped"],
  [{}, "JOB_CRASHED", "its process ended with exit code 3 before train returned.\nThe last that it printed:\n  Fatal"],
  [{ exitCode: null, exitSignal: "SIGKILL" }, "JOB_CRASHED", "ended by SIGKILL"],
])("%j reads %s", (outcome, code, words) => {
  const failure = explain(outcome);
  expect(failure?.code).toBe(code);
  expect(failure?.message).toContain(words);
});

test("a job that ends without a result on a full disk is no fault of the model", () => {
  const failure = explainJobFailure({ ...ENDED, exitCode: 120 }, { ...CONTEXT, isDiskFull: true });
  expect(failure).toMatchObject({ code: "STATE_UNWRITABLE", kind: "unavailable" });
  expect(failure?.message).toContain("the disk is full");
});

test("the model's own words come first, with the variables that were missing and the logs", () => {
  const frame = { file: "/repo/training.py", line: 7, function: "train", source: 'x = conf["eta"]', isUser: true };
  const error = { type: "KeyError", message: "'eta'", frames: [frame] };
  const failure = explain({ result: { protocol: 1, status: "failed", error, peakMemoryBytes: null }, exitCode: 1 });
  expect(failure?.code).toBe("TRAINING_FAILED");
  expect(failure?.message).toMatch(/KeyError: 'eta'[\s\S]*training\.py:7 in train[\s\S]*conf\["eta"\]/);
  expect(failure?.hint).toMatch(/DB_URL[\s\S]*stderr\.log$/m);
  expect(failure?.hint).toContain("data_conf/train names data/nosuch.csv, which does not exist.");
});

test("a job that was stopped is told where its logs are, and nothing that it may have lacked", () => {
  expect(explain({ isInterrupted: true })?.hint).toBe(
    "The whole log: /runs/1/stderr.log\nWhat it printed: /runs/1/stdout.log",
  );
});

test("that there was no data is told beside whatever failed", () => {
  expect(explainJobFailure(ENDED, { ...CONTEXT, hasNoData: true })?.hint).toContain("with --data");
  expect(explainJobFailure(ENDED, CONTEXT)?.hint).not.toContain("--data");
});
