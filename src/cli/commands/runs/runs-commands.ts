import type { ArgumentSpec, CommandSpec } from "../../command.ts";

const RUN_ARGUMENT: ArgumentSpec = {
  name: "run",
  description: "id of a run, a beginning that only one has, or latest",
  isRequired: true,
};

/** Runs, after they have been made. Code is loaded when a command runs, so that help stays instant. */
export const runsCommands: readonly CommandSpec[] = [
  {
    name: "runs list",
    summary: "show the runs with their metrics, newest first",
    arguments: [{ name: "model", description: "runs of this model only: its name or id", isRequired: false }],
    options: [
      {
        flags: "--status <status>",
        description: "runs that ended this way only",
        choices: ["running", "succeeded", "failed", "interrupted", "lost"],
      },
      { flags: "--kind <kind>", description: "trainings or evaluations only", choices: ["train", "evaluate"] },
      { flags: "--limit <number>", description: "how many runs to show; 0 shows all (default: 50)" },
    ],
    examples: ["modelwright runs list", "modelwright runs list churn --status failed --limit 0"],
    load: () => import("./runs-list.ts"),
  },
  {
    name: "runs show",
    summary: "show everything that is recorded about a run",
    arguments: [RUN_ARGUMENT],
    options: [],
    examples: ["modelwright runs show latest", "modelwright runs show 20261121-101500 --json"],
    load: () => import("./runs-show.ts"),
  },
  {
    name: "runs log",
    summary: "show what a model printed during a run",
    arguments: [RUN_ARGUMENT],
    options: [
      { flags: "--follow", description: "go on while the run goes on" },
      {
        flags: "--stream <stream>",
        description: "only what it wrote to this stream (default: both)",
        choices: ["stdout", "stderr"],
      },
    ],
    examples: ["modelwright runs log latest --follow"],
    load: () => import("./runs-log.ts"),
  },
  {
    name: "runs compare",
    summary: "show what differs between runs: parameters, metrics, data, packages, git",
    arguments: [{ ...RUN_ARGUMENT, isVariadic: true, description: "two or more runs" }],
    options: [{ flags: "--all", description: "show what is equal too" }],
    examples: ["modelwright runs compare 20261121-101500 latest"],
    load: () => import("./runs-compare.ts"),
  },
  {
    name: "runs report",
    summary: "write a page about a run: metrics, figures, columns, reproducibility record",
    arguments: [RUN_ARGUMENT],
    options: [{ flags: "--out <file>", description: "file to write (default: report.html beside the run's record)" }],
    examples: ["modelwright runs report latest", "modelwright runs report latest --out report.html"],
    load: () => import("./runs-report.ts"),
  },
];
