import { expect, test } from "vitest";

import { processorTime } from "../../tests/support/processor-time.ts";
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

function read(files: Files, changes: Partial<FolderSnapshot> = {}): Promise<ReadDefinition> {
  return readDefinition(snapshotOf(files, changes), { projectRoot: "/p", displayPath: "models/churn" });
}

async function definitionOf(files: Files): Promise<ModelDefinition> {
  const result = await read({ ...SOUND, ...files });
  if (!result.valid) throw new Error(JSON.stringify(result.faults));
  return result.definition;
}

function without(...paths: readonly string[]): Files {
  return Object.fromEntries(Object.entries(SOUND).filter(([path]) => !paths.includes(path)));
}

function modelOf(fields: Files): Promise<ModelDefinition> {
  return definitionOf({ "model.json": { language: "python", ...fields } });
}

async function faultsOf(files: Files, changes: Partial<FolderSnapshot> = {}): Promise<readonly Fault[]> {
  return (await read({ ...SOUND, ...files }, changes)).faults;
}

async function placesOf(files: Files): Promise<string[]> {
  return (await faultsOf(files)).map((fault) => `${fault.code} ${fault.where}`);
}

async function warningsOf(files: Files): Promise<string[]> {
  const result = await read({ ...SOUND, ...files });
  return result.valid ? result.warnings.map((warning) => `${warning.code} ${warning.where}`) : ["invalid"];
}

test("a sound definition is read whole, unknown fields included", async () => {
  const raw = { ...(SOUND["model.json"] as Files), automation: { trainerId: "t" }, somethingNew: { a: [1] } };
  expect(await definitionOf({ "model.json": raw })).toEqual({
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
    servingMemoryLimitBytes: null,
    raw,
    codeFiles: ["config.json", "model.json", "model_modules/__init__.py"],
  });
});

test("the code root is the trainer framework's folder where there is one", async () => {
  const rest = without("config.json", "model_modules/__init__.py");
  const files = { "DOCKER/config.json": {}, "DOCKER/model_modules/training.py": "", "DOCKER/a/b.txt": "" };
  const result = await read({ ...rest, ...files, "README.md": "" });
  expect(result.valid && result.definition.codeRoot).toBe("/p/models/churn/DOCKER");
  expect(result.valid && result.definition.codeFiles).toEqual(["a/b.txt", "config.json", "model_modules/training.py"]);
});

test("two folders with code are a fault, but hidden ones, tests of the code and caches are no code roots", async () => {
  expect(await placesOf({ "DOCKER/model_modules/__init__.py": "", "AWS/model_modules/__init__.py": "" })).toEqual([
    "CODE_AMBIGUOUS models/churn",
  ]);
  const decoys = [".ipynb_checkpoints", "node_modules", "__pycache__", "model_modules"];
  const files = Object.fromEntries(decoys.map((folder) => [`${folder}/model_modules/__init__.py`, ""]));
  expect((await definitionOf(files)).codeRoot).toBe("/p/models/churn");
});

test("id falls back to the name, and the name to the folder's", async () => {
  expect(await modelOf({ name: "A b" })).toMatchObject({ id: "A b", name: "A b", storeName: "a-b" });
  expect(await modelOf({ id: null })).toMatchObject({ id: "churn", name: "churn" });
  expect(await modelOf({ id: "i" })).toMatchObject({ id: "i", name: "churn" });
});

test.each([
  [{ language: "Python" }, "python"],
  [{ language: "r" }, "R"],
  [{ language: "SQL" }, "sql"],
  [{ language: "PySpark" }, "pyspark"],
  [{ language: "python", launcher: "pyspark" }, "pyspark"],
  [{ language: "TypeScript" }, "typescript"],
])("%j is %s", async (fields, language) => {
  const entries = ["training.R", "training.sql", "index.ts"].map((name) => [`model_modules/${name}`, ""] as const);
  expect((await definitionOf({ "model.json": fields, ...Object.fromEntries(entries) })).language).toBe(language);
});

test("an unknown language is a fault with a suggestion", async () => {
  const [fault] = await faultsOf({ "model.json": { language: "py" } });
  expect(fault).toMatchObject({ code: "LANGUAGE_UNKNOWN", where: "models/churn/model.json#/language" });
  expect(fault?.remedy).toBe('Did you mean "python"?');
  expect((await faultsOf({ "model.json": { language: "cobol" } }))[0]?.remedy).toContain("typescript");
  expect(await placesOf({ "model.json": {} })).toEqual(["SCHEMA_MISMATCH models/churn/model.json#/language"]);
});

test("every known field is checked, all faults at once and each with its place", async () => {
  const wrong = {
    id: 7.5,
    name: "",
    description: [],
    language: "python",
    launcher: 1,
    supportedFrameworks: "DOCKER",
    automation: [],
    resources: { training: { limits: { cpu: {}, memory: "much" }, args: 1 }, serving: { limits: { memory: 5 } } },
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
  const places = (await placesOf({ "model.json": wrong })).map((place) =>
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
      "resources/serving/limits/memory",
      "resources/training/args",
      "resources/training/limits/cpu",
      "resources/training/limits/memory",
      "signature",
      "supportedFrameworks",
      "tolerance/relative",
    ].sort(),
  );
});

test("null in an old file means that the field is left out", async () => {
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
  expect((await modelOf(Object.fromEntries(fields.map((field) => [field, null])))).name).toBe("churn");
});

test("an id that is a whole number is its digits", async () => {
  expect((await modelOf({ id: 7 })).id).toBe("7");
  expect(await placesOf({ "model.json": { language: "python", id: true } })).toEqual([
    "SCHEMA_MISMATCH models/churn/model.json#/id",
  ]);
  expect(await placesOf({ "model.json": { language: "python", id: "" } })).toHaveLength(1);
});

test("our own fields are taken over", async () => {
  expect(
    await modelOf({
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

test("the project's defaults hold where model.json is silent", async () => {
  const tolerance = { relative: 0.1, absolute: 0, labels: 0 };
  const surroundings = { projectRoot: "/p", displayPath: ".", defaults: { owner: "all", tolerance } };
  const silent = await readDefinition(snapshotOf(SOUND), surroundings);
  expect(silent.valid && silent.definition).toMatchObject({ owner: "all", tolerance });
  const model = { language: "python", owner: "one", tolerance: { relative: 0.5, labels: 0.01 } };
  const spoken = await readDefinition(snapshotOf({ ...SOUND, "model.json": model }), surroundings);
  expect(spoken.valid && spoken.definition).toMatchObject({
    owner: "one",
    tolerance: { relative: 0.5, absolute: 0, labels: 0.01 },
  });
});

test("a broken model.json is a fault with line and column, and is listed by what can be saved of it", async () => {
  const text = '{\n  "id": "x1",\n  "name": "Broken" "language": "python"\n}';
  expect(await read({ ...SOUND, "model.json": text, "config.json": "[" })).toEqual({
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
    partial: {
      ...{ id: "x1", name: "Broken", language: "python", isForeign: false },
      ...{ layout: "definitions", folder: "/p/models/churn" },
    },
  });
});

test.each<[string, Files, boolean]>([
  ["a trained XGBoost model", { "model.json": { learner: {}, version: [2, 1, 0] } }, true],
  [
    "one beside definitions",
    { "model.json": { learner: {} }, "a/model.json": {}, "a/model_modules/__init__.py": "" },
    true,
  ],
  ["a file with unknown fields beside code", { ...SOUND, "model.json": { learner: {} } }, false],
  ["a definition without code", { "model.json": { name: "churn" } }, false],
  ["an empty object", { "model.json": {} }, false],
  ["a file that is not JSON", { "model.json": "{" }, false],
])("%s may be something else than a definition", async (_, files, isForeign) => {
  const result = await read(files);
  expect(!result.valid && result.partial.isForeign).toBe(isForeign);
});

test("a folder without model.json is told so, and nothing else", async () => {
  const rest = without("model.json");
  const result = await read(rest);
  expect(result.faults.map((fault) => fault.code)).toEqual(["DEFINITION_NOT_FOUND"]);
  expect(!result.valid && result.partial.name).toBe("churn");
});

test.each(["[]", '"text"', "null", "17"])("%s in place of an object is a fault", async (text) => {
  for (const path of ["model.json", "config.json", "signature.json"])
    expect(await placesOf({ [path]: text })).toEqual([`SCHEMA_MISMATCH models/churn/${path}#`]);
});

test("files whose text is absent from the snapshot are faults that say why", async () => {
  const texts = new Map<string, string>();
  const unreadable = [{ path: "config.json", reason: "permission denied" }];
  const faults = await faultsOf(
    { "signature.json": {}, ".cli/datasets/d.json": {}, "requirements.txt": "" },
    { texts, unreadable },
  );
  expect(faults.map((fault) => fault.where)).toEqual([
    "models/churn/model.json",
    "models/churn/signature.json",
    "models/churn/config.json",
    "models/churn/.cli/datasets/d.json",
  ]);
  expect(faults[2]?.message).toContain("permission denied");
  expect(faults[0]?.message).toContain("it is too large");
});

test("hostile text is a fault, not a crash", async () => {
  for (const text of ["\0", "[".repeat(50_000), `{"a":`.repeat(50_000), "{".repeat(201), "\uFFFF", '{"name":"\u0000"}'])
    expect((await read({ ...SOUND, "model.json": text })).valid).toBe(false);
  const hostile = '{"language": "python", "__proto__": {"id": "evil"}, "constructor": 1, "toString": 2}';
  expect((await definitionOf({ "model.json": hostile })).id).toBe("churn");
});

test("missing code and a missing entry file are faults", async () => {
  const rest = without("model_modules/__init__.py");
  expect((await read(rest)).faults).toMatchObject([{ code: "CODE_MISSING", where: "models/churn/model_modules" }]);
  expect((await read({ ...rest, "model_modules/other.py": "" })).faults).toMatchObject([
    { code: "CODE_MISSING", where: "models/churn/model_modules/__init__.py" },
  ]);
  for (const language of ["R", "sql", "typescript"])
    expect(await faultsOf({ "model.json": { language } })).toMatchObject([{ code: "CODE_MISSING" }]);
});

test("a model without config.json runs with an empty one and a warning", async () => {
  const rest = without("config.json");
  const result = await read(rest);
  expect(result.valid && result.definition.config).toEqual({});
  expect(result.valid && result.warnings).toMatchObject([
    { code: "CONFIG_MISSING", where: "models/churn/config.json" },
  ]);
  expect(await placesOf({ "config.json": { hyperParameters: [1] } })).toEqual([
    "SCHEMA_MISMATCH models/churn/config.json#/hyperParameters",
  ]);
});

test("a field given twice is a warning, and the last one counts", async () => {
  const text = '{"language": "python", "name": "a", "name": "b"}';
  expect((await definitionOf({ "model.json": text })).name).toBe("b");
  expect(await warningsOf({ "model.json": text })).toEqual(["JSON_AMBIGUOUS models/churn/model.json#/name"]);
});

test("data configurations are read by name", async () => {
  const { dataConfigurations } = await definitionOf({
    ".cli/datasets/b.json": '{ /* rows */ "train": "data/b.csv" }',
    ".cli/datasets/a.json": {},
    ".cli/datasets/old/c.json": "[",
    ".cli/other.json": "[",
  });
  expect(dataConfigurations).toEqual([
    { name: "a", path: "/p/models/churn/.cli/datasets/a.json", value: {}, isBroken: false },
    { name: "b", path: "/p/models/churn/.cli/datasets/b.json", value: { train: "data/b.csv" }, isBroken: false },
  ]);
});

test("a broken data configuration is told, and neither makes the definition invalid nor data code", async () => {
  const files = {
    ".cli/datasets/a.json": '{ "train": "customers.csv", "test": ',
    ".cli/datasets/b.json": "[]",
    "customers.csv": "a,b",
    "other.csv": "a,b",
  };
  const { dataConfigurations, codeFiles } = await definitionOf(files);
  expect(dataConfigurations.map(({ name, isBroken }) => [name, isBroken])).toEqual([
    ["a", true],
    ["b", true],
  ]);
  expect(codeFiles).toContain("other.csv");
  expect(codeFiles).not.toContain("customers.csv");
  const warnings = await warningsOf(files);
  expect(warnings).toContainEqual(expect.stringMatching(/^JSON_MALFORMED models\/churn\/\.cli\/datasets\/a\.json:1:/));
  expect(warnings).toContain("SCHEMA_MISMATCH models/churn/.cli/datasets/b.json#");
  // Of a definition that is invalid for another reason, everything is told at once.
  expect(await placesOf({ ...files, "config.json": "[]" })).toContain(
    "SCHEMA_MISMATCH models/churn/.cli/datasets/b.json#",
  );
});

test("a signature stands in signature.json, in another file that model.json names, or in model.json", async () => {
  const signature = { columns: [{ name: "a", type: "float" }], outputs: [] };
  expect((await definitionOf({ "signature.json": { $schema: "x", ...signature } })).signature).toEqual(signature);
  const named = { language: "python", signature: "./docs/my.signature.json" };
  expect((await definitionOf({ "model.json": named, "docs/my.signature.json": signature })).signature).toEqual(
    signature,
  );
  expect((await modelOf({ signature })).signature).toEqual(signature);
});

test("faults of a signature are located in the file that it stands in", async () => {
  const signature = { columns: [{ name: "a", type: "float", min: 2, max: 1 }], outputs: [] };
  expect(await placesOf({ "signature.json": signature })).toEqual([
    "SIGNATURE_INVALID models/churn/signature.json#/columns/0/min",
  ]);
  expect(await placesOf({ "model.json": { language: "python", signature: { columns: [] } } })).toEqual([
    "SIGNATURE_INVALID models/churn/model.json#/signature/columns",
    "SIGNATURE_INVALID models/churn/model.json#/signature/outputs",
  ]);
  for (const name of ["absent.json", "columns.json"])
    expect(
      await placesOf({ "model.json": { language: "python", signature: name }, "columns.json": signature }),
    ).toEqual(["FILE_NOT_FOUND models/churn/model.json#/signature"]);
});

test("sample rows are read in every form in which clients send them; what holds none is left out", async () => {
  const files = {
    "samples/list.json": [{ a: 1 }],
    "samples/inputs.json": { inputs: [[1, 2]] },
    "samples/arrays.json": { data: { names: ["a", "b"], ndarray: [[1, 2]] } },
    "test/test_instances.json": { payload: { instances: [1, 2] } },
    "samples/notes.json": { note: "no rows" },
    "samples/broken.json": "{",
  };
  expect((await definitionOf(files)).samples).toEqual([
    { path: "samples/arrays.json", rows: [[1, 2]], names: ["a", "b"] },
    { path: "samples/inputs.json", rows: [[1, 2]] },
    { path: "samples/list.json", rows: [{ a: 1 }] },
    { path: "test/test_instances.json", rows: [[1, 2]] },
  ]);
  const signature = { columns: [{ name: "a", type: "float" }], outputs: [] };
  expect((await definitionOf({ ...files, "signature.json": signature })).samples[0]?.rows).toEqual([{ a: 1, b: 2 }]);
  expect(await warningsOf(files)).toEqual([
    "DATA_MALFORMED models/churn/samples/broken.json",
    "DATA_MALFORMED models/churn/samples/notes.json",
  ]);
});

test("requirements come from the first place that has any, for training and prediction apart", async () => {
  const requirementsOf = async (files: Files): Promise<unknown[]> => {
    const { train, predict } = (await definitionOf(files)).requirements;
    return [train.map((file) => file.path), predict.map((file) => file.path)];
  };
  const [code, beside] = ["model_modules/requirements.txt", "requirements.txt"];
  expect(await requirementsOf({ [code]: "a", [beside]: "b" })).toEqual([[code], [code]]);
  expect(await requirementsOf({ [beside]: "b" })).toEqual([[beside], [beside]]);
  expect(await requirementsOf({ "requirements_train.txt": "t", "requirements_predict.txt": "p" })).toEqual([
    ["requirements_train.txt"],
    ["requirements_predict.txt"],
  ]);
  expect(await requirementsOf({ "requirements_train.txt": "t", [beside]: "b" })).toEqual([
    ["requirements_train.txt"],
    [beside],
  ]);
  expect(await requirementsOf({ "requirements_train.txt": "t" })).toEqual([
    ["requirements_train.txt"],
    ["requirements_train.txt"],
  ]);
  expect(await requirementsOf({})).toEqual([[], []]);
});

test("requirements that other files hold are included, and paths hold in every folder", async () => {
  const { train } = (
    await definitionOf({
      "model_modules/requirements.txt":
        "\uFEFF-r base-requirements.txt\r\n-r requirements-more.txt\n-c ../../constraints.txt\n./libs/x.whl ; x\n-e ../pkg\n-r https://example.org/r.txt\nnumpy==1.0",
      "model_modules/requirements-more.txt":
        "pandas==2.0 # exact\n-r requirements.txt\n--requirement=./requirements-deep.txt",
      "model_modules/requirements-deep.txt": "scipy",
    })
  ).requirements;
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

test("requirements files win over pyproject.toml, and that over environment.yml, wherever they stand", async () => {
  const conda = { "model_modules/environment.yml": "dependencies: [numpy=1.19, python=3.8]" };
  const pyproject = { "pyproject.toml": "[project]\ndependencies = ['six==1.16.0']\nrequires-python = '>=3.8'" };
  const all = { ...conda, ...pyproject, "requirements.txt": "pandas" };
  expect((await definitionOf(all)).requirements.train).toMatchObject([
    { path: "requirements.txt", text: "pandas" },
    { path: "pyproject.toml", text: "" },
  ]);
  const six = { path: "pyproject.toml", text: "six==1.16.0\n", requiresPython: ">=3.8" };
  expect((await definitionOf({ ...conda, ...pyproject })).requirements).toEqual({ train: [six], predict: [six] });
  const numpy = { path: "model_modules/environment.yml", text: "numpy==1.19.*\n", requiresPython: "==3.8.*" };
  expect((await definitionOf(conda)).requirements).toEqual({ train: [numpy], predict: [numpy] });
});

test("the Pythons of a pyproject.toml count wherever the packages are listed, unless that file says some itself", async () => {
  const project = "[project]\nname = 'm'\nrequires-python = '>=3.9,<3.11'";
  const asked = { path: "pyproject.toml", text: "", requiresPython: ">=3.9,<3.11" };
  const both = async (files: Parameters<typeof definitionOf>[0]) => {
    const { train, predict } = (await definitionOf(files)).requirements;
    expect(predict.at(-1)).toEqual(train.at(-1));
    return train;
  };
  expect(await both({ "pyproject.toml": project })).toEqual([asked]);
  const listed = { path: "model_modules/requirements.txt", text: "six" };
  expect(await both({ "pyproject.toml": project, [listed.path]: "six" })).toEqual([listed, asked]);
  expect(await both({ "pyproject.toml": project, "environment.yml": "dependencies: [python=3.8]" })).toEqual([
    { path: "environment.yml", text: "", requiresPython: "==3.8.*" },
  ]);
  const poetry = { "pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.9'", "requirements.txt": "six" };
  expect((await both(poetry)).at(-1)).toMatchObject({ requiresPython: ">=3.9,<4" });
  for (const text of ["[project]\nrequires-python = 3", "[project", "[tool.poetry.dependencies]\npython = 'new'"])
    expect(await both({ "pyproject.toml": text, "requirements.txt": "six" })).toHaveLength(1);
});

test("a pyproject.toml with settings of tools only is passed over, beside the code and above", async () => {
  const settings = "[tool.black]\nline-length = 120";
  const files = { "model_modules/pyproject.toml": settings, "pyproject.toml": "[project]\ndependencies = ['a']" };
  expect((await definitionOf(files)).requirements.train).toMatchObject([{ path: "pyproject.toml", text: "a\n" }]);
  const conda = { "pyproject.toml": settings, "environment.yaml": "dependencies: [b]" };
  expect((await definitionOf(conda)).requirements.train).toMatchObject([{ path: "environment.yaml", text: "b\n" }]);
  expect((await definitionOf({ "pyproject.toml": settings })).requirements.train).toEqual([]);
});

test("dependencies that are left to a build tool are pointed out", async () => {
  const text = "[project]\nname = 'm'\ndynamic = ['version', 'dependencies']";
  expect(await warningsOf({ "pyproject.toml": text })).toEqual([
    "REQUIREMENTS_IGNORED models/churn/pyproject.toml#/project/dynamic",
  ]);
});

test("a broken file of packages is a fault only where it would be used", async () => {
  const toml = { "pyproject.toml": "[project]\ndependencies = [\n  'a' 'b'\n]" };
  expect(await placesOf(toml)).toEqual(["REQUIREMENTS_MALFORMED models/churn/pyproject.toml:3:7"]);
  const yaml = { "environment.yml": "dependencies:\n\t- a" };
  expect(await placesOf(yaml)).toEqual(["REQUIREMENTS_MALFORMED models/churn/environment.yml:2:1"]);
  expect(await placesOf({ ...toml, ...yaml, "requirements.txt": "" })).toEqual([]);
  const model = { language: "typescript" };
  expect(await placesOf({ ...toml, "model.json": model, "model_modules/index.ts": "" })).toEqual([]);
});

test("caches, environments, hidden things and byte code are no code; .cli is", async () => {
  const { codeFiles } = await definitionOf({
    ".cli/datasets/a.json": {},
    ".env": "SECRET=1",
    ".git/config": "",
    "model_modules/__pycache__/a.pyc": "",
    "model_modules/b.pyc": "",
    "model_modules/env/world.py": "",
    "node_modules/x/index.js": "",
    "my-environment/pyvenv.cfg": "",
    "my-environment/lib/x.py": "",
  });
  expect(codeFiles).toEqual([
    ".cli/datasets/a.json",
    "config.json",
    "model.json",
    "model_modules/__init__.py",
    "model_modules/env/world.py",
  ]);
});

test("data beside the code is no code: what is in data/ and notebooks/, and what a run reads", async () => {
  const { codeFiles } = await definitionOf({
    "model.json": { ...(SOUND["model.json"] as object), evaluation: { data: "test-set.csv", target: "y" } },
    ".cli/datasets/train.json": { tables: [{ file: "../../train-set.csv" }, { file: "names.csv" }, "config.json"] },
    "train-set.csv": "",
    "names.csv": "",
    "test-set.csv": "",
    "other.csv": "",
    "data/a.csv": "",
    "notebooks/tries.ipynb": "",
    "model_modules/data/names.csv": "",
  });
  expect(codeFiles).toEqual([
    ".cli/datasets/train.json",
    "config.json",
    "model.json",
    "model_modules/__init__.py",
    "model_modules/data/names.csv",
    "other.csv",
  ]);
});

test("large data is left out of the code with a warning, but never a file of the code itself", async () => {
  const sizes = { "tables/big.csv": 60_000_000, "model_modules/vectors.bin": 60_000_000 };
  const entries = [...Object.keys(SOUND), ...Object.keys(sizes)].map((path) => ({
    path,
    sizeBytes: (sizes as Record<string, number>)[path] ?? 1,
  }));
  const result = await read(SOUND, { entries });
  expect(result.valid && result.definition.codeFiles).toContain("model_modules/vectors.bin");
  expect(result.valid && result.definition.codeFiles).not.toContain("tables/big.csv");
  expect(result.valid && result.warnings).toMatchObject([
    {
      code: "CODE_FILE_LEFT_OUT",
      where: "models/churn/tables/big.csv",
      message: expect.stringContaining("60 MB") as string,
    },
  ]);
});

test("faults of the folder searched itself have no path before them", async () => {
  const result = await readDefinition(snapshotOf({ ...SOUND, "config.json": "[]" }), {
    projectRoot: "/p",
    displayPath: ".",
  });
  expect(result.faults[0]?.where).toBe("config.json#");
});

test("every fault has a public code and a remedy", async () => {
  const faults = [
    ...(await faultsOf({ "model.json": "{", "signature.json": "[]", "config.json": "" })),
    ...(await faultsOf({ "model.json": { language: "x", id: 1 }, "signature.json": {} })),
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
    "a/b/c/pyproject.toml",
  ])
    expect(wantsText(path), path).toBe(false);
});

test("two hundred definitions are read in a moment", async () => {
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
  const computedMs = processorTime();
  const surroundings = { projectRoot: "/p", displayPath: "x" };
  const reads = await Promise.all(snapshots.map((snapshot) => readDefinition(snapshot, surroundings)));
  expect(reads.filter(({ valid }) => valid)).toHaveLength(200);
  // Some 30 ms on one core; the limit only catches a change of order.
  expect(computedMs()).toBeLessThan(1000);
});
