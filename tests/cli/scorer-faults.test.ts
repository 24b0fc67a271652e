import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { makeCheckout } from "./support/checkout.ts";
import { faultyProject, projectIn, type DefinitionFiles, type Language } from "./support/faulty-project.ts";

const TRAIN = ["train", "demo"];
const PUBLISH = ["publish", "demo"];
const EVALUATE = ["evaluate", "demo"];
const SAMPLES = { "samples/rows.json": [[1, 2]] };

const SIGNATURE = {
  columns: [
    { name: "a", type: "float" },
    { name: "b", type: "float" },
  ],
  outputs: [{ name: "y", kind: "label", classes: [0, 1] }],
};
const EVALUATED = {
  id: "demo-1",
  name: "demo",
  language: "python",
  evaluation: { data: "data/test.csv", target: "y" },
};

/** A trained project whose scorer has this text; training does not import it. */
async function trainedWithScorer(language: Language, scorer: string, files: DefinitionFiles = {}) {
  const text =
    language === "python"
      ? { "model_modules/scoring.py": scorer }
      : {
          "model_modules/index.ts": `import { existsSync, writeFileSync } from "node:fs";
export function train() { writeFileSync("models/model.txt", "1"); }
const isServing = existsSync("artifacts/input/model.txt");
${scorer}
`,
        };
  const project = await faultyProject(language, { ...SAMPLES, ...text, ...files });
  await project.succeeds(TRAIN);
  return project;
}

function predicting(language: Language, body: string): string {
  return language === "python"
    ? `import os, sys\nclass ModelScorer:\n    def predict(self, data):\n        ${body}\n`
    : `export class ModelScorer { predict(rows) { ${body} } }`;
}

/** Where the scorer finds what is beside its code root, in the checkout. */
const ABOVE = "import os, sys\nabove = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..')\n";
const ANSWERS = "class ModelScorer:\n    def predict(self, data):\n        return [1 for _ in data]\n";

test.each([
  [`${ABOVE}sys.path.append(above)\nfrom shared import names\n${ANSWERS}`, /No module named 'shared'/],
  [`${ABOVE}open(os.path.join(above, 'shared', 'names.py'))\n${ANSWERS}`, /No such file.*\/shared\/names\.py'/],
])(
  "a scorer that needs more of the checkout than a version holds fails before it is published: %j",
  async (text, message) => {
    const project = await trainedWithScorer("python", text, { "../../shared/names.py": "NAMES = []\n" });
    const { message: told, hint } = await project.fails(PUBLISH, {
      ...{ exitCode: 6, code: "SCORER_FAILED", recordsRun: false },
    });
    expect(told).toMatch(message);
    const codeRoot = join(project.folder, "model_definitions", "demo");
    expect(told).toContain(`raised at ${join(codeRoot, "model_modules", "scoring.py")}:`);
    expect(hint).toContain(`A version holds only the files of ${codeRoot}`);
  },
);

test("code that a repository shares by links is trained with, kept with the version, and written beside in a copy only", async () => {
  const beside = "open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'log.txt'), 'w').close()";
  const folder = await makeCheckout({
    "shared/modules/__init__.py": "",
    "shared/modules/training.py": `import os\n${beside}\ndef train(data_conf, model_conf):\n    open('models/m', 'w').close()\n`,
    "shared/modules/scoring.py": ANSWERS,
    "model_definitions/demo/model.json": '{"language": "python"}',
    "model_definitions/demo/samples/rows.json": "[[1, 2]]",
  });
  await symlink("../../shared/modules", join(folder, "model_definitions/demo/model_modules"));
  const project = await projectIn(folder);
  await project.succeeds(TRAIN);
  const record = await project.newestRun();
  expect(record["besideCode"]).toEqual([join(folder, "model_definitions/demo/model_modules/log.txt")]);
  expect(await project.succeeds(PUBLISH)).toMatchObject({ proof: "predictions" });
});

test.each([
  ["python", "import nosuchmodule\n", /No module named 'nosuchmodule'\n {2}raised at .*scoring\.py:1/],
  [
    "python",
    "class ModelScorer:\n    def __init__(self):\n        open('models/other.pkl')\n",
    /No such file or directory: 'models\/other\.pkl'\n {2}raised at .*scoring\.py:3 in __init__/,
  ],
  ["python", "other = 1\n", /no ModelScorer.*model_modules\.scoring\.ModelScorer/],
  ["python", "class ModelScorer:\n    pass\n", /no method predict/],
  ["python", "import sys\nsys.exit(0)\n", /called sys\.exit\(0\)/],
  [
    "python",
    "import os, sys\nprint('last words', flush=True)\nos._exit(3)\n",
    /exited with code 3 before it was ready\.\n {2}last words/,
  ],
  ["python", "import os\nos.kill(os.getpid(), 9)\n", /SIGKILL before it was ready/],
  ["typescript", 'if (isServing) throw new Error("at the top");', /Error: at the top\n {2}raised at .*index\.ts:4/],
  [
    "typescript",
    "export class ModelScorer { constructor() { throw new Error('built'); } }",
    /Error: built\n {2}raised at .*index\.ts:4 in new ModelScorer/,
  ],
  ["typescript", "", /does not export a class ModelScorer/],
  ["typescript", "export class ModelScorer {}", /no method predict/],
  ["typescript", "if (isServing) process.kill(process.pid, 'SIGKILL');", /SIGKILL before it was ready/],
] as const)(
  "a scorer that cannot be imported or constructed is not published: %s, %j",
  async (language, scorer, message) => {
    const project = await trainedWithScorer(language, scorer);
    const error = await project.fails(PUBLISH, { exitCode: 6, code: "SCORER_FAILED", recordsRun: false });
    expect(error.message).toMatch(message);
    const [, log = ""] = /The full log is (.*)\.$/m.exec(error.message) ?? [];
    await expect(readFile(log, "utf8")).resolves.toBeTypeOf("string");
  },
);

test.each([
  ["python", "raise ValueError('no such column')", /ValueError: no such column[\s\S]*raised at .*scoring\.py:4/],
  ["python", "return [object() for _ in data]", /a value of type object has no JSON form/],
  ["python", "data", /predict returned None; is a return missing\?/],
  ["typescript", "throw new RangeError('no such column');", /RangeError: no such column\n {2}raised at .*index\.ts:4/],
  ["typescript", "return [1, 2];", /2 predictions for one row/],
  ["typescript", "rows;", /no list but undefined/],
] as const)("a scorer that fails on the stored example is not published: %s, %j", async (language, body, message) => {
  const project = await trainedWithScorer(language, predicting(language, body));
  const error = await project.fails(PUBLISH, { exitCode: 6, code: "SCORER_FAILED", recordsRun: false });
  expect(error.message).toMatch(message);
});

test.each([
  [
    "raise ValueError('no such column')",
    "MODEL_FAILED",
    /^The model failed: ValueError: no such column \(on the examples\)$/,
  ],
  ["return [1, 2, 3]", "PREDICTION_MISMATCH", /3 predictions.*\(on the examples\)/],
  ["os._exit(4)", "MODEL_FAILED", /^The model's process exited with code 4 while it answered the examples\.$/],
  ["os.kill(os.getpid(), 9)", "MODEL_FAILED", /process was ended by signal SIGKILL while it answered the examples/],
])("a scorer that fails on the recorded rows at publish is not published: %s", async (body, code, message) => {
  // Nothing is tried beforehand where the form is declared.
  const declared = { id: "demo-1", name: "demo", language: "python", predict: "rows", input: "list" };
  const project = await trainedWithScorer("python", predicting("python", body), { "model.json": declared });
  const error = await project.fails(PUBLISH, { exitCode: 6, code, recordsRun: false });
  expect(error.message).toMatch(message);
});

test("that a model does not repeat its answers is told when it is published, not only when its proof fails", async () => {
  const body = "return rows.map(() => ++globalThis.asked);";
  const project = await trainedWithScorer("typescript", `globalThis.asked = 0;\n${predicting("typescript", body)}`);
  const { notes } = (await project.succeeds(PUBLISH)) as { notes: readonly string[] };
  expect(notes).toEqual([expect.stringMatching(/otherwise when asked again \(row 0: \d+, then \d+\).*"tolerance"/)]);
});

test("people see the line that failed, once", async () => {
  const declared = { id: "demo-1", name: "demo", language: "python", predict: "rows", input: "list" };
  const body = predicting("python", "raise ValueError('no such column')");
  const project = await trainedWithScorer("python", body, { "model.json": declared });
  const { stderr, exitCode } = await project.run(PUBLISH);
  expect(exitCode).toBe(6);
  expect(stderr.match(/no such column/g)).toHaveLength(2);
  expect(stderr).toMatch(
    /^error MODEL_FAILED: The model failed: ValueError: no such column \(on the examples\)\n {2}raised at .*scoring\.py:4 in predict\n {6}raise .*\n {2}→ Correct/,
  );
});

test.each([
  [
    "a value of another type",
    [{ a: 1, b: "x" }],
    /Row 0 of the examples does not fit the signature: b must be a number/,
  ],
  ["a missing column", [{ a: 1, b: 2 }, { a: 1 }], /Row 1 of the examples does not fit the signature: b is missing/],
  ["a list for an object", [[1, 2]], /Row 0 of the examples does not fit the signature: the row must be an object/],
] as const)("example rows that do not fit the signature are refused: %s", async (_, rows, message) => {
  const project = await faultyProject("python", { "samples/rows.json": rows, "signature.json": SIGNATURE });
  await project.succeeds(TRAIN);
  const error = await project.fails(PUBLISH, { exitCode: 3, code: "SCHEMA_MISMATCH", recordsRun: false });
  expect(error.message).toMatch(message);
});

test.each([
  ["is missing", null, 4, "FILE_NOT_FOUND", /data\/test\.csv is in none of/],
  ["lacks the target", "a,b,z\n1,2,0\n", 3, "DATA_MALFORMED", /test\.csv has no column "y"/],
  ["has a row too short", "a,b,y\n1,2,0\n1,2\n", 3, "DATA_MALFORMED", /test\.csv:3: the row has 2 cells/],
  ["has no header", "", 3, "DATA_MALFORMED", /test\.csv:1: there is no header/],
  ["has no rows", "a,b,y\n", 3, "DATA_MALFORMED", /test\.csv has no rows/],
] as const)(
  "evaluation data that %s fail the evaluation, which is recorded, and the publication",
  async (_, text, exitCode, code, message) => {
    const project = await faultyProject("python", {
      ...{ "model.json": EVALUATED, "signature.json": SIGNATURE, "data/test.csv": text },
      "samples/rows.json": [{ a: 1, b: 2 }],
    });
    await project.succeeds(TRAIN);
    const evaluated = await project.fails(EVALUATE, { exitCode, code, recordsRun: true });
    expect(evaluated.message).toMatch(message);
    const published = await project.fails(PUBLISH, { exitCode, code, recordsRun: false });
    expect(published.message).toMatch(message);
  },
);

test("labelled rows that nothing can be computed of are no failure, and the reason is told, once", async () => {
  const outputs = [{ name: "y", kind: "value" }];
  const project = await faultyProject("typescript", {
    ...{ "model.json": { ...EVALUATED, language: "typescript" }, "signature.json": { ...SIGNATURE, outputs } },
    "data/test.csv": "a,b,y\n1,2,high\n",
  });
  await project.succeeds(TRAIN);
  const { notes } = (await project.succeeds(EVALUATE)) as { readonly notes: readonly string[] };
  expect(notes.filter((note) => note.startsWith("No "))).toEqual([
    "No MAE and RMSE: the true value of row 0 is not a number.",
  ]);
});

test("evaluation data that do not fit the signature fail the evaluation, which is recorded, and the publication", async () => {
  const project = await faultyProject("python", {
    ...{ "model.json": EVALUATED, "signature.json": SIGNATURE, "data/test.csv": "a,b,y\n1,2,0\n1,much,1\n" },
    "samples/rows.json": [{ a: 1, b: 2 }],
  });
  await project.succeeds(TRAIN);
  const message = /Row 1 of the evaluation data does not fit the signature: b must be a number/;
  const evaluated = await project.fails(EVALUATE, { exitCode: 3, code: "SCHEMA_MISMATCH", recordsRun: true });
  expect(evaluated.message).toMatch(message);
  const published = await project.fails(PUBLISH, { exitCode: 3, code: "SCHEMA_MISMATCH", recordsRun: false });
  expect(published.message).toMatch(message);
});

test.each([
  ["python", "raise RuntimeError('late')", "EVALUATION_FAILED", /RuntimeError: late\n {2}raised at .*evaluation\.py:3/],
  [
    "python",
    "pass\n    open('models/evaluation.json', 'w').write('nope')",
    "METRICS_MALFORMED",
    /work\/models\/evaluation\.json/,
  ],
  ["python", "os.kill(os.getpid(), 9)", "JOB_CRASHED", /before evaluate returned/],
] as const)(
  "an evaluation that fails is recorded and records no metrics: %s, %j",
  async (language, body, code, message) => {
    const project = await faultyProject(language, {
      "model_modules/evaluation.py": `import os\ndef evaluate(data_conf, model_conf, **kwargs):\n    ${body}\n`,
    });
    await project.succeeds(TRAIN);
    const error = await project.fails(EVALUATE, { exitCode: 6, code, recordsRun: true });
    expect(error.message).toMatch(message);
  },
);

test.each(["python", "typescript"] satisfies Language[])(
  "an evaluate that is missing is told (%s)",
  async (language) => {
    const project = await faultyProject(language);
    await project.succeeds(TRAIN);
    const error = await project.fails(EVALUATE, { exitCode: 6, code: "EVALUATION_FAILED", recordsRun: true });
    expect(error.message).toMatch(/no evaluate|does not export a function evaluate/);
  },
);

test("what was never trained, or did not succeed, can be neither evaluated nor published", async () => {
  const project = await faultyProject("python", {
    "model_modules/training.py": "def train(a, b): raise ValueError()\n",
  });
  for (const command of [EVALUATE, PUBLISH, ["serve", "model_definitions/demo", "--port", "0"]]) {
    const error = await project.fails(command, { exitCode: 4, code: "RUN_NOT_FOUND", recordsRun: false });
    expect(error.hint).toContain("modelwright train demo");
  }
  await project.fails(TRAIN, { exitCode: 6, code: "TRAINING_FAILED", recordsRun: true });
  const { id } = (await project.newestRun()) as { id: string };
  const error = await project.fails([...PUBLISH, "--run", id], { exitCode: 5, code: "RUN_UNFIT", recordsRun: false });
  expect(error.message).toBe(`The run ${id} is failed.`);
});

test("a scorer whose process ends is told with its log", async () => {
  const body = "return [1 for row in data if row != [9] or (print('about to end', flush=True), os._exit(3))]";
  const project = await trainedWithScorer("python", predicting("python", body), {});
  const rows = join(await testFolder({ "rows.json": "[[9]]" }), "rows.json");
  const { hint } = await project.fails(["predict", "model_definitions/demo", rows], {
    ...{ exitCode: 9, code: "WORKER_LOST", recordsRun: false },
  });
  const log = /The whole log: (.*)$/m.exec(hint)?.[1] ?? "";
  expect(await readFile(log, "utf8")).toContain("about to end");
});
