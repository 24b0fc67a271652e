import { expect, test } from "vitest";

import { makeCheckout } from "./support/checkout.ts";
import { faultyProject, projectIn, type DefinitionFiles, type Language } from "./support/faulty-project.ts";

interface Listed {
  readonly name: string;
  readonly path: string;
  readonly valid: boolean;
  readonly faults: readonly {
    readonly code: string;
    readonly message: string;
    readonly where: string;
    readonly remedy: string;
  }[];
}

/** A repository with sound definitions and one of each fault. */
const REPOSITORY: Readonly<Record<string, string>> = {
  ...definition("sound", { id: "sound", name: "sound", language: "python" }),
  ...definition("commented", '// a note\n{ "id": "commented", "name": "commented", "language": "python", }\n'),
  ...definition("broken", '{\n  "id": "broken",\n  "name": "broken",\n  "language" "python"\n}\n'),
  ...definition("empty", ""),
  ...definition("list", "[]"),
  ...definition("tongue", { id: "tongue", name: "tongue", language: "cobol" }),
  ...definition("mute", { id: "mute", name: "mute" }),
  ...definition("twin-1", { id: "twin", name: "castor", language: "python" }),
  ...definition("twin-2", { id: "twin", name: "pollux", language: "python" }),
  ...definition("namesake-1", { id: "n1", name: "namesake", language: "python" }),
  ...definition("namesake-2", { id: "n2", name: "namesake", language: "python" }),
  ...definition("wrong", { id: [5], name: "wrong", language: "python", predict: "matrix" }),
  "model_definitions/bare/model.json": JSON.stringify({ id: "bare", name: "bare", language: "python" }),
};

function definition(folder: string, modelJson: object | string): Record<string, string> {
  const root = `model_definitions/${folder}`;
  return {
    [`${root}/model.json`]: typeof modelJson === "string" ? modelJson : JSON.stringify(modelJson),
    [`${root}/config.json`]: "{}",
    [`${root}/model_modules/__init__.py`]: "",
    [`${root}/model_modules/training.py`]:
      "def train(data_conf, model_conf, **kwargs):\n    open('models/m', 'w').close()\n",
  };
}

test("one definition of each fault is listed with code, place and remedy, and hurts no other", async () => {
  const project = await projectIn(await makeCheckout(REPOSITORY));
  const { models } = (await project.succeeds(["list"])) as { models: readonly Listed[] };
  const seen = Object.fromEntries(
    models.map(({ path, valid, faults }) => [
      path.replace("model_definitions/", ""),
      valid ? "valid" : faults.map(({ code, where }) => `${code} ${where.replace("model_definitions/", "")}`),
    ]),
  );
  expect(seen).toEqual({
    bare: ["CODE_MISSING bare/model_modules"],
    broken: ["JSON_MALFORMED broken/model.json:4:14"],
    commented: "valid",
    empty: ["JSON_MALFORMED empty/model.json:1:1"],
    list: ["SCHEMA_MISMATCH list/model.json#"],
    mute: ["SCHEMA_MISMATCH mute/model.json#/language"],
    "namesake-1": "valid",
    "namesake-2": "valid",
    sound: "valid",
    tongue: ["LANGUAGE_UNKNOWN tongue/model.json#/language"],
    "twin-1": ["DEFINITION_DUPLICATE twin-1/model.json#/id"],
    "twin-2": ["DEFINITION_DUPLICATE twin-2/model.json#/id"],
    wrong: ["SCHEMA_MISMATCH wrong/model.json#/id", "SCHEMA_MISMATCH wrong/model.json#/predict"],
  });
  for (const fault of models.flatMap(({ faults }) => faults)) expect(fault.remedy).toMatch(/\S/);
  expect(await project.succeeds(["train", "sound"])).toMatchObject({ run: { status: "succeeded" } });
});

test("people see the place of a fault and what to do", async () => {
  const project = await projectIn(await makeCheckout(REPOSITORY));
  const { exitCode, stdout } = await project.run(["list"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^broken +\? +1 fault +model_definitions\/broken +broken$/m);
  expect(stdout).toMatch(
    /model_definitions\/broken\/model\.json:4:14: .* a colon is missing here\. .* → Mend the file/,
  );
});

test.each([
  ["broken", 3, "DEFINITION_INVALID", /broken\/model\.json:4:14/, /modelwright list/],
  ["model_definitions/broken", 3, "DEFINITION_INVALID", /broken\/model\.json:4:14/, /modelwright list/],
  ["empty", 3, "DEFINITION_INVALID", /empty\/model\.json:1:1/, /modelwright list/],
  ["tongue", 3, "DEFINITION_INVALID", /"cobol" is not known.*python, R, sql, pyspark, typescript/, /modelwright list/],
  ["castor", 3, "DEFINITION_INVALID", /also belongs to model_definitions\/twin-2/, /modelwright list/],
  ["bare", 3, "DEFINITION_INVALID", /no model_modules folder/, /modelwright list/],
  ["namesake", 5, "DEFINITION_AMBIGUOUS", /2 model definitions/, /model_definitions\/namesake-1[\s\S]*namesake-2/],
  ["twin", 5, "DEFINITION_AMBIGUOUS", /2 model definitions/, /model_definitions\/twin-1[\s\S]*twin-2/],
  ["nobody", 4, "DEFINITION_NOT_FOUND", /"nobody"/, /modelwright list/],
  ["./nowhere", 4, "DEFINITION_NOT_FOUND", /"\.\/nowhere"/, /modelwright list/],
])("%s cannot be trained, and it says why", async (name, exitCode, code, message, hint) => {
  const project = await projectIn(await makeCheckout(REPOSITORY));
  const error = await project.fails(["train", name], { exitCode, code, recordsRun: false });
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test("one of several must be named; its folder's name will do", async () => {
  const project = await projectIn(await makeCheckout(REPOSITORY));
  const error = await project.fails(["train"], { exitCode: 2, code: "USAGE", recordsRun: false });
  expect(error.hint).toContain("model_definitions/sound");
  expect(await project.succeeds(["train", "namesake-1"])).toMatchObject({ run: { status: "succeeded" } });
});

test("doctor makes an invalid definition an error", async () => {
  const project = await projectIn(await makeCheckout(REPOSITORY));
  const { exitCode, stdout } = await project.run(["doctor", "--python", "python3"]);
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/FAIL +definitions: 13 model definitions in .*, 9 invalid: .*model_definitions\/broken/);
});

test("a folder without definitions says what one is", async () => {
  const project = await projectIn(await makeCheckout({ "README.md": "nothing here" }));
  expect((await project.run(["list"])).stdout).toMatch(/No model definitions under .*\n.*modelwright add/);
  const error = await project.fails(["train"], { exitCode: 4, code: "DEFINITION_NOT_FOUND", recordsRun: false });
  expect(error.hint).toContain("modelwright add");
});

test.each([
  ["a broken config.json", { "config.json": '{\n "a": \n}' }, "JSON_MALFORMED"],
  ["a broken signature", { "signature.json": '{"columns": [' }, "JSON_MALFORMED"],
  [
    "a signature that contradicts itself",
    { "signature.json": { columns: [{ name: "a", type: "floaty" }], outputs: [] } },
    "SIGNATURE_INVALID",
  ],
] satisfies [string, DefinitionFiles, string][])("%s is a fault with its place", async (_, files, code) => {
  const project = await faultyProject("python", files);
  const error = await project.fails(["train", "demo"], { exitCode: 3, code: "DEFINITION_INVALID", recordsRun: false });
  expect(error.details["faults"]).toContainEqual(expect.objectContaining({ code }));
});

test("what is odd but does no harm is told, and does not make the definition invalid", async () => {
  const project = await faultyProject("python", { "samples/rows.json": "{]", "config.json": null });
  const { stdout } = await project.run(["list"]);
  expect(stdout).toMatch(/demo +python +ok/);
  expect(stdout).toMatch(/note: model_definitions\/demo\/samples\/rows\.json: .* holds no rows/);
  expect(stdout).toMatch(/note: model_definitions\/demo\/config\.json: There is no config\.json/);
});

test("a language that this version cannot run is told as such", async () => {
  const project = await faultyProject("python", {
    "model.json": { id: "demo-1", name: "demo", language: "R" },
    "model_modules/training.R": "train <- function(data_conf, model_conf, ...) NULL\n",
  });
  const error = await project.fails(["train", "demo"], { exitCode: 3, code: "LANGUAGE_UNSUPPORTED", recordsRun: true });
  expect(error.hint).toContain("python, typescript");
});

test.each(["python", "typescript"] satisfies Language[])(
  "data configurations are chosen or refused (%s)",
  async (language) => {
    const datasets = { ".cli/datasets/march.json": {}, ".cli/datasets/april.json": {}, ".cli/datasets/torn.json": "{" };
    const project = await faultyProject(language, datasets);
    const unclear = await project.fails(["train", "demo"], {
      exitCode: 2,
      code: "DATASET_AMBIGUOUS",
      recordsRun: false,
    });
    expect(unclear.message).toContain("april, march");
    const unknown = await project.fails(["train", "demo", "--data", "may"], {
      ...{ exitCode: 4, code: "DATASET_NOT_FOUND", recordsRun: false },
    });
    expect(unknown.hint).toContain("april, march");
    expect(await project.succeeds(["train", "demo", "--data", "march"])).toMatchObject({
      run: { status: "succeeded" },
    });
    const broken = await project.fails(["train", "demo", "--data", "torn"], {
      ...{ exitCode: 3, code: "JSON_MALFORMED", recordsRun: false },
    });
    expect(broken.message).toMatch(/\.cli\/datasets\/torn\.json:1:\d+ is not JSON/);
  },
);

test.each([
  ["a,b\n1,2\n", "JSON_MALFORMED", /rows\.json:1:1 is not JSON/],
  ['["data/train.csv"]', "SCHEMA_MISMATCH", /rows\.json must hold a JSON object/],
])("a data file in place of a data configuration is told apart: %j", async (text, code, message) => {
  const project = await faultyProject("typescript", { "data/rows.json": text });
  const error = await project.fails(["train", "demo", "--data", "model_definitions/demo/data/rows.json"], {
    ...{ exitCode: 3, code, recordsRun: false },
  });
  expect(error.message).toMatch(message);
  expect(error.hint).toContain('{"train": "data/train.csv"}');
});
