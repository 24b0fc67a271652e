import type { CommandSpec } from "../../command.ts";
import { ENVIRONMENT_OPTIONS, SERVER_OPTIONS } from "../../options/shared-options.ts";

/** Predictions. Code is loaded when a command runs, so that help stays instant. */
export const servingCommands: readonly CommandSpec[] = [
  {
    name: "serve",
    summary: "serve published versions, or a definition folder, over HTTP",
    arguments: [
      {
        name: "models",
        description: "references (name, name@version, name@alias) or definition folders",
        isRequired: true,
        isVariadic: true,
      },
    ],
    options: [...SERVER_OPTIONS, ...ENVIRONMENT_OPTIONS],
    examples: [
      "modelwright serve churn@champion fraud",
      "modelwright serve ./model_definitions/churn --port 9000",
      "modelwright serve churn@champion --profile production --workers 4",
    ],
    load: () => import("./serve.ts"),
  },
  {
    name: "predict",
    summary: "predict rows from a file: JSON, JSON Lines, CSV, NumPy arrays or pickles",
    arguments: [
      { name: "model", description: "reference or definition folder; with --url: the model's name", isRequired: true },
      { name: "rows", description: "file of rows; - reads JSON from standard input", isRequired: true },
    ],
    options: [
      { flags: "--url <address>", description: "ask a running server instead of loading the model" },
      ...ENVIRONMENT_OPTIONS,
    ],
    examples: [
      "modelwright predict churn@champion rows.csv",
      "modelwright predict churn@champion rows.npy",
      "modelwright predict churn rows.json --url http://127.0.0.1:8080",
    ],
    load: () => import("./predict.ts"),
  },
  {
    name: "test-endpoint",
    summary: "ask a running server stored rows and compare its answers",
    arguments: [
      {
        name: "model",
        description:
          "address of a server or of a model that it serves; or a model's name, reference or definition folder",
        isRequired: true,
      },
    ],
    options: [
      { flags: "--url <address>", description: "address of the server (default: this machine, the usual port)" },
      { flags: "--rows <file>", description: "ask these rows instead; any answer will do" },
    ],
    examples: [
      "modelwright test-endpoint churn",
      "modelwright test-endpoint https://models.example.org/v1/churn",
      "modelwright test-endpoint churn@champion --url https://models.example.org",
    ],
    load: () => import("./test-endpoint.ts"),
  },
];
