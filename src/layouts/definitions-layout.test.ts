import { expect, test } from "vitest";

import { ERROR_CODES } from "../kernel/error-codes.ts";
import type { Fault, ModelDefinition, ReadDefinition } from "../model/definition/model-definition.ts";
import type { FolderSnapshot } from "../model/ports/folder-snapshot.ts";
import { readDefinition, wantsText } from "./definitions-layout.ts";

type Files = Readonly<Record<string, unknown>>;

const SOUND: Files = {
  "model.json": { id: "03c9a01f-bd46-4e7c-9a60-4282039094e6", name: "Churn (XGBoost)", language: "python" },
  "config.json": { hyperParameters: { eta: 0.2 } },
  "model_modules/__init__.py": "",
};

function snapshotOf(files: Files, changes: Partial<FolderSnapshot> = {}): FolderSnapshot {
  const texts = Object.entries(files)
    .filter(([path]) => wantsText(path))
    .map(([path, value]) => [path, typeof value === "string" ? value : JSON.stringify(value)] as const);
  const entries = Object.keys(files).map((path) => ({ path, sizeBytes: 100 }));
  return { root: "/p/models/churn", entries, texts: new Map(texts), unreadable: [], ...changes };
}

function read(files: Files, changes: Partial<FolderSnapshot> = {}): ReadDefinition {
  return readDefinition(snapshotOf(files, changes), { projectRoot: "/p", displayPath: "models/churn" });
}

function definitionOf(files: Files): ModelDefinition {
  const result = read({ ...SOUND, ...files });
  if (!result.valid) throw new Error(JSON.stringify(result.faults));
  return result.definition;
}

function without(...paths: readonly string[]): Files {
  return Object.fromEntries(Object.entries(SOUND).filter(([path]) => !paths.includes(path)));
}

function modelOf(fields: Files): ModelDefinition {
  return definitionOf({ "model.json": { language: "python", ...fields } });
}

function faultsOf(files: Files, changes: Partial<FolderSnapshot> = {}): readonly Fault[] {
  return read({ ...SOUND, ...files }, changes).faults;
}

function placesOf(files: Files): string[] {
  return faultsOf(files).map((fault) => `${fault.code} ${fault.where}`);
}

function warningsOf(files: Files): string[] {
  const result = read({ ...SOUND, ...files });
  return result.valid ? result.warnings.map((warning) => `${warning.code} ${warning.where}`) : ["invalid"];
}

test("a sound definition is read whole, unknown fields included", () => {
  const raw = { ...(SOUND["model.json"] as Files), automation: { trainerId: "t" }, somethingNew: { a: [1] } };
  expect(definitionOf({ "model.json": raw })).toEqual({
    id: "03c9a01f-bd46-4e7c-9a60-4282039094e6",
    name: "Churn (XGBoost)",
    storeName: "churn-xgboost",
    description: null,
    owner: null,
    framework: null,
    language: "python",
    layout: "definitions",
    folder: "/p/models/churn",
    codeRoot: "/p/models/churn",
    projectRoot: "/p",
    config: { hyperParameters: { eta: 0.2 } },
    requirements: { train: [], predict: [] },
    dataConfigurations: [],
    samples: [],
    signature: null,
    evaluation: null,
    tolerance: null,
    variables: { pass: [], set: {} },
    predictForm: null,
    inputForm: null,
    mainArtifact: null,
    memoryLimitBytes: null,
    raw,
    codeFiles: ["config.json", "model.json", "model_modules/__init__.py"],
  });
});

test("the code root is the trainer framework's folder where there is one", () => {
  const rest = without("config.json", "model_modules/__init__.py");
  const files = { "DOCKER/config.json": {}, "DOCKER/model_modules/training.py": "", "DOCKER/a/b.txt": "" };
  const result = read({ ...rest, ...files, "README.md": "" });
  expect(result.valid && result.definition.codeRoot).toBe("/p/models/churn/DOCKER");
  expect(result.valid && result.definition.codeFiles).toEqual(["a/b.txt", "config.json", "model_modules/training.py"]);
});

test("two folders with code are a fault, but hidden ones, tests of the code and caches are no code roots", () => {
  expect(placesOf({ "DOCKER/model_modules/__init__.py": "", "AWS/model_modules/__init__.py": "" })).toEqual([
    "CODE_AMBIGUOUS models/churn",
  ]);
  const decoys = [".ipynb_checkpoints", "node_modules", "__pycache__", "model_modules"];
  const files = Object.fromEntries(decoys.map((folder) => [`${folder}/model_modules/__init__.py`, ""]));
  expect(definitionOf(files).codeRoot).toBe("/p/models/churn");
});

test("id falls back to the name, and the name to the folder's", () => {
  expect(modelOf({ name: "A b" })).toMatchObject({ id: "A b", name: "A b", storeName: "a-b" });
  expect(modelOf({ id: null })).toMatchObject({ id: "churn", name: "churn" });
  expect(modelOf({ id: "i" })).toMatchObject({ id: "i", name: "churn" });
});

test.each([
  [{ language: "Python" }, "python"],
  [{ language: "r" }, "R"],
  [{ language: "SQL" }, "sql"],
  [{ language: "PySpark" }, "pyspark"],
  [{ language: "python", launcher: "pyspark" }, "pyspark"],
  [{ language: "TypeScript" }, "typescript"],
])("%j is %s", (fields, language) => {
  const entries = ["training.R", "training.sql", "index.ts"].map((name) => [`model_modules/${name}`, ""] as const);
  expect(definitionOf({ "model.json": fields, ...Object.fromEntries(entries) }).language).toBe(language);
});

test("an unknown language is a fault with a suggestion", () => {
  const [fault] = faultsOf({ "model.json": { language: "py" } });
  expect(fault).toMatchObject({ code: "LANGUAGE_UNKNOWN", where: "models/churn/model.json#/language" });
  expect(fault?.remedy).toBe('Did you mean "python"?');
  expect(faultsOf({ "model.json": { language: "cobol" } })[0]?.remedy).toContain("typescript");
  expect(placesOf({ "model.json": {} })).toEqual(["SCHEMA_MISMATCH models/churn/model.json#/language"]);
});

test("every known field is checked, all faults at once and each with its place", () => {
  const wrong = {
    id: 7,
    name: "",
    description: [],
    language: "python",
    launcher: 1,
    supportedFrameworks: "DOCKER",
    automation: [],
    resources: { training: { limits: { cpu: {}, memory: "much" }, args: 1 } },
    docker: "image",
    framework: {},
    owner: 1,
    model: "../model.pkl",
    entry: 1,
    env: { pass: ["A-B"], set: { A: null, B: "\0" } },
    evaluation: { data: "" },
    tolerance: { relative: -1 },
    predict: "columns",
    input: "tensor",
    signature: 5,
  };
  const places = placesOf({ "model.json": wrong }).map((place) =>
    place.replace("SCHEMA_MISMATCH models/churn/model.json#/", ""),
  );
  expect(places.sort()).toEqual(
    [
      "automation",
      "description",
      "docker",
      "entry",
      "env/pass/0",
      "env/set/A",
      "env/set/B",
      "evaluation/data",
      "evaluation/target",
      "framework",
      "id",
      "input",
      "launcher",
      "model",
      "name",
      "owner",
      "predict",
      "resources/training/args",
      "resources/training/limits/cpu",
      "resources/training/limits/memory",
      "signature",
      "supportedFrameworks",
      "tolerance/relative",
    ].sort(),
  );
});

test("null in an old file means that the field is left out", () => {
  const fields = [
    "id",
    "name",
    "description",
    "launcher",
    "resources",
    "docker",
    "automation",
    "env",
    "predict",
    "signature",
  ];
  expect(modelOf(Object.fromEntries(fields.map((field) => [field, null]))).name).toBe("churn");
});

test("our own fields are taken over", () => {
  expect(
    modelOf({
      owner: "team",
      framework: "xgboost",
      model: "model.bin",
      env: { pass: ["TOKEN"], set: { N: 1, ON: true } },
      evaluation: { data: "data/test.csv", target: "y", positive: 1 },
      tolerance: 0.001,
      predict: "row",
      input: "frame",
      resources: { training: { limits: { memory: "100Mi" } } },
    }),
  ).toMatchObject({
    owner: "team",
    framework: "xgboost",
    mainArtifact: "model.bin",
    variables: { pass: ["TOKEN"], set: { N: "1", ON: "true" } },
    evaluation: { data: "data/test.csv", target: "y", positive: 1 },
    tolerance: { relative: 0.001, absolute: 0, labels: 0 },
    predictForm: "row",
    inputForm: "frame",
    memoryLimitBytes: 104_857_600,
  });
});

test("the project's defaults hold where model.json is silent", () => {
  const tolerance = { relative: 0.1, absolute: 0, labels: 0 };
  const surroundings = { projectRoot: "/p", displayPath: ".", defaults: { owner: "all", tolerance } };
  const silent = readDefinition(snapshotOf(SOUND), surroundings);
  expect(silent.valid && silent.definition).toMatchObject({ owner: "all", tolerance });
  const model = { language: "python", owner: "one", tolerance: { relative: 0.5, labels: 0.01 } };
  const spoken = readDefinition(snapshotOf({ ...SOUND, "model.json": model }), surroundings);
  expect(spoken.valid && spoken.definition).toMatchObject({
    owner: "one",
    tolerance: { relative: 0.5, absolute: 0, labels: 0.01 },
  });
});

test("a broken model.json is a fault with line and column, and is listed by what can be saved of it", () => {
  const text = '{\n  "id": "x1",\n  "name": "Broken" "language": "python"\n}';
  expect(read({ ...SOUND, "model.json": text, "config.json": "[" })).toEqual({
    valid: false,
    faults: [
      {
        code: "JSON_MALFORMED",
        message: "model.json is not JSON: a comma is missing here.",
        where: "models/churn/model.json:3:20",
        remedy: expect.stringContaining("Mend the file") as string,
      },
      expect.objectContaining({ where: "models/churn/config.json:1:2" }),
    ],
    partial: { id: "x1", name: "Broken", language: "python", layout: "definitions", folder: "/p/models/churn" },
  });
});

test("a folder without model.json is told so, and nothing else", () => {
  const rest = without("model.json");
  const result = read(rest);
  expect(result.faults.map((fault) => fault.code)).toEqual(["DEFINITION_NOT_FOUND"]);
  expect(!result.valid && result.partial.name).toBe("churn");
});

test.each(["[]", '"text"', "null", "17"])("%s in place of an object is a fault", (text) => {
  for (const path of ["model.json", "config.json", ".cli/datasets/a.json", "signature.json"])
    expect(placesOf({ [path]: text })).toEqual([`SCHEMA_MISMATCH models/churn/${path}#`]);
});

test("files whose text is absent from the snapshot are faults that say why", () => {
  const texts = new Map<string, string>();
  const unreadable = [{ path: "config.json", reason: "permission denied" }];
  const faults = faultsOf(
    { "signature.json": {}, ".cli/datasets/d.json": {}, "requirements.txt": "" },
    { texts, unreadable },
  );
  expect(faults.map((fault) => fault.where)).toEqual([
    "models/churn/model.json",
    "models/churn/signature.json",
    "models/churn/.cli/datasets/d.json",
    "models/churn/config.json",
  ]);
  expect(faults.at(-1)?.message).toContain("permission denied");
  expect(faults[0]?.message).toContain("not UTF-8 text or is too large");
});

test("hostile text is a fault, not a crash", () => {
  for (const text of ["\0", "[".repeat(50_000), `{"a":`.repeat(50_000), "{".repeat(201), "\uFFFF", '{"name":"\u0000"}'])
    expect(read({ ...SOUND, "model.json": text }).valid).toBe(false);
  const hostile = '{"language": "python", "__proto__": {"id": "evil"}, "constructor": 1, "toString": 2}';
  expect(definitionOf({ "model.json": hostile }).id).toBe("churn");
});

test("missing code and a missing entry file are faults", () => {
  const rest = without("model_modules/__init__.py");
  expect(read(rest).faults).toMatchObject([{ code: "CODE_MISSING", where: "models/churn/model_modules" }]);
  expect(read({ ...rest, "model_modules/other.py": "" }).faults).toMatchObject([
    { code: "CODE_MISSING", where: "models/churn/model_modules/__init__.py" },
  ]);
  for (const language of ["R", "sql", "typescript"])
    expect(faultsOf({ "model.json": { language } })).toMatchObject([{ code: "CODE_MISSING" }]);
});

test("a model without config.json runs with an empty one and a warning", () => {
  const rest = without("config.json");
  const result = read(rest);
  expect(result.valid && result.definition.config).toEqual({});
  expect(result.valid && result.warnings).toMatchObject([
    { code: "CONFIG_MISSING", where: "models/churn/config.json" },
  ]);
  expect(placesOf({ "config.json": { hyperParameters: [1] } })).toEqual([
    "SCHEMA_MISMATCH models/churn/config.json#/hyperParameters",
  ]);
});

test("a field given twice is a warning, and the last one counts", () => {
  const text = '{"language": "python", "name": "a", "name": "b"}';
  expect(definitionOf({ "model.json": text }).name).toBe("b");
  expect(warningsOf({ "model.json": text })).toEqual(["JSON_AMBIGUOUS models/churn/model.json#/name"]);
});

test("data configurations are read by name", () => {
  const { dataConfigurations } = definitionOf({
    ".cli/datasets/b.json": '{ /* rows */ "train": "data/b.csv" }',
    ".cli/datasets/a.json": {},
    ".cli/datasets/old/c.json": "[",
    ".cli/other.json": "[",
  });
  expect(dataConfigurations).toEqual([
    { name: "a", path: "/p/models/churn/.cli/datasets/a.json", value: {} },
    { name: "b", path: "/p/models/churn/.cli/datasets/b.json", value: { train: "data/b.csv" } },
  ]);
});

test("a signature stands in signature.json, in another file that model.json names, or in model.json", () => {
  const signature = { columns: [{ name: "a", type: "float" }], outputs: [] };
  expect(definitionOf({ "signature.json": { $schema: "x", ...signature } }).signature).toEqual(signature);
  const named = { language: "python", signature: "./docs/my.signature.json" };
  expect(definitionOf({ "model.json": named, "docs/my.signature.json": signature }).signature).toEqual(signature);
  expect(modelOf({ signature }).signature).toEqual(signature);
});

test("faults of a signature are located in the file that it stands in", () => {
  const signature = { columns: [{ name: "a", type: "float", min: 2, max: 1 }], outputs: [] };
  expect(placesOf({ "signature.json": signature })).toEqual([
    "SIGNATURE_INVALID models/churn/signature.json#/columns/0/min",
  ]);
  expect(placesOf({ "model.json": { language: "python", signature: { columns: [] } } })).toEqual([
    "SIGNATURE_INVALID models/churn/model.json#/signature/columns",
    "SIGNATURE_INVALID models/churn/model.json#/signature/outputs",
  ]);
  for (const name of ["absent.json", "columns.json"])
    expect(placesOf({ "model.json": { language: "python", signature: name }, "columns.json": signature })).toEqual([
      "FILE_NOT_FOUND models/churn/model.json#/signature",
    ]);
});

test("sample rows are read in every form in which clients send them; what holds none is left out", () => {
  const files = {
    "samples/list.json": [{ a: 1 }],
    "samples/inputs.json": { inputs: [[1, 2]] },
    "samples/arrays.json": { data: { names: ["a", "b"], ndarray: [[1, 2]] } },
    "test/test_instances.json": { payload: { instances: [1, 2] } },
    "samples/notes.json": { note: "no rows" },
    "samples/broken.json": "{",
  };
  expect(definitionOf(files).samples).toEqual([
    { path: "samples/arrays.json", rows: [[1, 2]] },
    { path: "samples/inputs.json", rows: [[1, 2]] },
    { path: "samples/list.json", rows: [{ a: 1 }] },
    { path: "test/test_instances.json", rows: [[1, 2]] },
  ]);
  const signature = { columns: [{ name: "a", type: "float" }], outputs: [] };
  expect(definitionOf({ ...files, "signature.json": signature }).samples[0]?.rows).toEqual([{ a: 1, b: 2 }]);
  expect(warningsOf(files)).toEqual([
    "DATA_MALFORMED models/churn/samples/broken.json",
    "DATA_MALFORMED models/churn/samples/notes.json",
  ]);
});

test("requirements come from the first place that has any, for training and prediction apart", () => {
  const requirementsOf = (files: Files): unknown[] => {
    const { train, predict } = definitionOf(files).requirements;
    return [train.map((file) => file.path), predict.map((file) => file.path)];
  };
  const [code, beside] = ["model_modules/requirements.txt", "requirements.txt"];
  expect(requirementsOf({ [code]: "a", [beside]: "b" })).toEqual([[code], [code]]);
  expect(requirementsOf({ [beside]: "b" })).toEqual([[beside], [beside]]);
  expect(requirementsOf({ "requirements_train.txt": "t", "requirements_predict.txt": "p" })).toEqual([
    ["requirements_train.txt"],
    ["requirements_predict.txt"],
  ]);
  expect(requirementsOf({ "requirements_train.txt": "t", [beside]: "b" })).toEqual([
    ["requirements_train.txt"],
    [beside],
  ]);
  expect(requirementsOf({ "requirements_train.txt": "t" })).toEqual([
    ["requirements_train.txt"],
    ["requirements_train.txt"],
  ]);
  expect(requirementsOf({})).toEqual([[], []]);
});

test("requirements that other files hold are included, and paths hold in every folder", () => {
  const { train } = definitionOf({
    "model_modules/requirements.txt":
      "\uFEFF-r base-requirements.txt\r\n-r requirements-more.txt\n-c ../../constraints.txt\n./libs/x.whl ; x\n-e ../pkg\n-r https://example.org/r.txt\nnumpy==1.0",
    "model_modules/requirements-more.txt":
      "pandas==2.0 # exact\n-r requirements.txt\n--requirement=./requirements-deep.txt",
    "model_modules/requirements-deep.txt": "scipy",
  }).requirements;
  expect(train[0]?.text.split("\n")).toEqual([
    "-r /p/models/churn/model_modules/base-requirements.txt",
    "pandas==2.0 # exact",
    "",
    "scipy",
    "-c /p/models/constraints.txt",
    "/p/models/churn/model_modules/libs/x.whl ; x",
    "-e /p/models/churn/pkg",
    "-r https://example.org/r.txt",
    "numpy==1.0",
  ]);
});

test("packages in a file that is not read are pointed out", () => {
  expect(warningsOf({ "pyproject.toml": "" })).toEqual(["REQUIREMENTS_IGNORED models/churn/pyproject.toml"]);
  expect(warningsOf({ "environment.yml": "", "requirements.txt": "" })).toEqual([]);
});

test("caches, environments, hidden things and byte code are no code; .cli is", () => {
  const { codeFiles } = definitionOf({
    ".cli/datasets/a.json": {},
    ".env": "SECRET=1",
    ".git/config": "",
    "model_modules/__pycache__/a.pyc": "",
    "model_modules/b.pyc": "",
    "model_modules/env/world.py": "",
    "node_modules/x/index.js": "",
    "my-environment/pyvenv.cfg": "",
    "my-environment/lib/x.py": "",
    "data/a.csv": "",
  });
  expect(codeFiles).toEqual([
    ".cli/datasets/a.json",
    "config.json",
    "data/a.csv",
    "model.json",
    "model_modules/__init__.py",
    "model_modules/env/world.py",
  ]);
});

test("large data is left out of the code with a warning, but never a file of the code itself", () => {
  const sizes = { "data/big.csv": 60_000_000, "model_modules/vectors.bin": 60_000_000 };
  const entries = [...Object.keys(SOUND), ...Object.keys(sizes)].map((path) => ({
    path,
    sizeBytes: (sizes as Record<string, number>)[path] ?? 1,
  }));
  const result = read(SOUND, { entries });
  expect(result.valid && result.definition.codeFiles).toContain("model_modules/vectors.bin");
  expect(result.valid && result.definition.codeFiles).not.toContain("data/big.csv");
  expect(result.valid && result.warnings).toMatchObject([
    {
      code: "CODE_FILE_LEFT_OUT",
      where: "models/churn/data/big.csv",
      message: expect.stringContaining("60 MB") as string,
    },
  ]);
});

test("faults of the folder searched itself have no path before them", () => {
  const result = readDefinition(snapshotOf({ ...SOUND, "config.json": "[]" }), { projectRoot: "/p", displayPath: "." });
  expect(result.faults[0]?.where).toBe("config.json#");
});

test("every fault has a public code and a remedy", () => {
  const faults = [
    ...faultsOf({ "model.json": "{", "signature.json": "[]", "config.json": "" }),
    ...faultsOf({ "model.json": { language: "x", id: 1 }, "signature.json": {} }),
  ];
  expect(faults.length).toBeGreaterThan(5);
  for (const fault of faults) {
    expect(ERROR_CODES).toHaveProperty(fault.code);
    expect(fault.remedy).not.toBe("");
  }
});

test("the text of big files that nothing needs is not asked for", () => {
  for (const path of [
    "data/train.csv",
    "README.md",
    "model_modules/training.py",
    "models/model.json",
    "a/b/config.json",
  ])
    expect(wantsText(path), path).toBe(false);
});

test("two hundred definitions are read in a moment", () => {
  const snapshots = Array.from({ length: 200 }, () =>
    snapshotOf({
      ...SOUND,
      "signature.json": {
        columns: Array.from({ length: 14 }, (_, i) => ({ name: `c${i}`, type: "float" })),
        outputs: [],
      },
      ".cli/datasets/a.json": { a: 1 },
      "samples/rows.json": [{ c1: 1 }],
    }),
  );
  const start = performance.now();
  const valid = snapshots.filter((snapshot) => readDefinition(snapshot, { projectRoot: "/p", displayPath: "x" }).valid);
  expect(valid).toHaveLength(200);
  // Some 30 ms on one core; the limit only catches a change of order.
  expect(performance.now() - start).toBeLessThan(1000);
});
