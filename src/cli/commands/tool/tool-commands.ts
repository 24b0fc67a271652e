import type { CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS } from "../../options/shared-options.ts";

/** The tool itself, and the machine that it runs on. Code is loaded when a command runs, so that help stays instant. */
export const toolCommands: readonly CommandSpec[] = [
  {
    name: "demo",
    summary: "see it all: make a project, train, publish, prove, serve and ask",
    arguments: [],
    options: [
      { flags: "--dir <folder>", description: "where the project is made (default: ./modelwright-demo)" },
      { flags: "--port <number>", description: "port to serve on (default: a free one)" },
      ...ENVIRONMENT_OPTIONS.slice(0, 1),
    ],
    examples: ["modelwright demo", "modelwright demo --dir /tmp/first-look"],
    load: () => import("./demo.ts"),
  },
  {
    name: "doctor",
    summary: "check this machine and project, with a remedy for every finding",
    arguments: [],
    options: [
      { flags: "--python <interpreter>", description: "interpreter to check" },
      { flags: "--verify", description: "read every file in the model store and check that it is as it was published" },
      {
        flags: "--collect",
        description: "clean up what killed publications and runs left behind, and logs older than 30 days",
      },
    ],
    examples: ["modelwright doctor", "modelwright doctor --verify", "modelwright doctor --collect --json"],
    load: () => import("./doctor.ts"),
  },
  {
    name: "inspect",
    summary: "show what a model or data file is and what opening it would run, without opening it",
    arguments: [
      {
        name: "file",
        description: "pickle, joblib, npy, npz, PyTorch, safetensors, XGBoost, ONNX, …",
        isRequired: true,
      },
    ],
    options: [],
    examples: ["modelwright inspect model.pkl", "modelwright inspect model.pt --json"],
    load: () => import("./inspect.ts"),
  },
  {
    name: "config show",
    summary: "show every setting as it counts here, and where it was said",
    arguments: [],
    options: [],
    examples: ["modelwright config show", "modelwright config show --profile production --json"],
    load: () => import("./config-show.ts"),
  },
  {
    name: "completion",
    summary: "print what makes bash, zsh or fish complete commands, options and models",
    arguments: [
      { name: "shell", description: "bash, zsh or fish", isRequired: true, choices: ["bash", "zsh", "fish"] },
      { name: "words", description: "for the script itself: what was typed", isRequired: false, isVariadic: true },
    ],
    options: [],
    examples: ["modelwright completion bash > ~/.local/share/bash-completion/completions/modelwright"],
    load: () => import("./completion.ts"),
  },
];
