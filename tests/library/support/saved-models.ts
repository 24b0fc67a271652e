import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";

import { runCommand, type CommandResult } from "../../../src/process/run-command.ts";
import { testPython } from "../../support/test-python.ts";

const SOURCE = resolve(import.meta.dirname, "../../../python/src");

/** Runs a program with the Python package of authors. */
export async function runPython(program: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommand([testPython(), "-B", "-c", program, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", PYTHONPATH: SOURCE },
    timeoutMs: 100_000,
    signal: new AbortController().signal,
  });
}

const SAVE = `
import sys, numpy, pandas
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier
from modelwright import ModelConfig

rows = pandas.DataFrame({"age": [20 + (i * 7) % 50 for i in range(60)], "plan": [["basic", "pro"][i % 2] for i in range(60)]})
labels = numpy.array([int(age > 40) for age in rows["age"]])
columns = ColumnTransformer([("n", StandardScaler(), ["age"]), ("w", OneHotEncoder(), ["plan"])])
transformer = Pipeline([("columns", columns)]).fit(rows)
X = transformer.transform(rows)
model = XGBClassifier(n_estimators=4, max_depth=2, n_jobs=1).fit(X[:40], labels[:40])
config = ModelConfig("iv", model, (X[:40], labels[:40]), (X[40:], labels[40:]), transformer, "author@example.com",
                     "20230111-152433UTC", examples=rows[:5])
config.save(sys.argv[1])
`;

/** A version folder as the Python package writes it: XGBoost behind a scikit-learn transformer, accuracy 1. */
export async function savedByPython(parent: string): Promise<string> {
  const folder = join(parent, "iv");
  const { exitCode, stderr } = await runPython(SAVE, folder);
  expect(exitCode, stderr).toBe(0);
  return folder;
}

/** The parts of such a folder, as `ModelConfig` takes them. */
export function partsOf(folder: string) {
  const inFolder = (name: string) => join(folder, name);
  return {
    modelName: "iv",
    model: inFolder("model.json"),
    modelClass: "XGBClassifier",
    trainingSet: [inFolder("trainX.npy"), inFolder("trainY.npy")],
    testSet: [inFolder("testX.npy"), inFolder("testY.npy")],
    columnTransformer: inFolder("transformer.pkl"),
    authorEmail: "author@example.com",
    version: "20230111-152433UTC",
  } as const;
}
