import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { photograph } from "./support/checkout.ts";
import { faultyProject } from "./support/faulty-project.ts";

const PYTHON = `import os
HERE = os.path.dirname(os.path.abspath(__file__))

def write(name):
    with open(os.path.join(HERE, name), "a") as file:
        file.write("written")
`;
const TYPESCRIPT = `import { appendFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
const write = (name: string) => appendFileSync(fileURLToPath(new URL(name, import.meta.url)), "written");
`;

const rowsFile = async () => join(await testFolder({ "rows.json": "[[1]]" }), "rows.json");
const runFolder = (home: string, record: Readonly<Record<string, unknown>>) => join(home, "runs", String(record["id"]));

const python = (ending: string) => ({
  "notes.txt": "as it was",
  "model_modules/__init__.py": `${PYTHON}
def train(data_conf, model_conf, **kwargs):
    for name in ["model.pkl", "__init__.py", "../notes.txt", "../new.txt", "../../other.txt"]:
        write(name)
    ${ending}

class ModelScorer:
    def predict(self, data):
        write("asked.log")
        return [1 for _ in data]
`,
});

test("what a Python model writes beside its code stays out of the checkout, is told, recorded and kept", async () => {
  const project = await faultyProject("python", python('open("models/model.txt", "w").write("1")'));
  const before = await photograph(project.folder);
  const { stdout, exitCode } = await project.run(["train", "demo"]);
  expect(exitCode).toBe(0);
  expect(await photograph(project.folder)).toEqual(before);
  const folder = join(project.folder, "model_definitions", "demo");
  const written = ["../other.txt", "model_modules/__init__.py", "model_modules/model.pkl", "new.txt", "notes.txt"];
  expect(stdout).toContain("It wrote beside its code: ");
  const record = await project.newestRun();
  expect(record["besideCode"]).toEqual(written.map((path) => join(folder, path)).sort());
  const kept = join(runFolder(project.home, record), "beside-code/model_definitions/demo");
  expect(stdout).toContain(kept.replace(/\/model_definitions.*/, "."));
  expect(await readFile(join(kept, "notes.txt"), "utf8")).toBe("as it waswritten");
  expect(await readFile(join(kept, "model_modules/model.pkl"), "utf8")).toBe("written");
  // Nor does a scorer that is asked where it lies.
  await project.succeeds(["predict", "model_definitions/demo", await rowsFile()]);
});

test("a Python model finds all files beside its code and above, also when it walks through folders", async () => {
  const images = Array.from({ length: 120 }, (_, index) => [`images/${index % 7}/${index}.txt`, "1"] as const);
  const project = await faultyProject("python", {
    ...Object.fromEntries(images),
    "model_modules/__init__.py": `import os
def train(data_conf, model_conf, **kwargs):
    folder = os.path.join(os.path.dirname(__file__), "..", "images")
    print("found", sum(len(names) for _, _, names in os.walk(folder)))
    open("models/model.txt", "w").write("1")
`,
  });
  await project.succeeds(["train", "demo"]);
  const run = runFolder(project.home, await project.newestRun());
  expect(await readFile(join(run, "job", "stdout.log"), "utf8")).toBe("found 120\n");
});

test("a Python model that writes only there is told so, and its errors name the files of the checkout", async () => {
  const project = await faultyProject("python", python("pass"));
  const told = await project.fails(["train", "demo"], { exitCode: 6, code: "NO_ARTIFACTS", recordsRun: true });
  expect(told.message).toContain("model_modules/model.pkl, ");
  const failing = await faultyProject("python", python('open(os.path.join(HERE, "absent.txt"))'));
  const expected = { exitCode: 6, code: "TRAINING_FAILED", recordsRun: true };
  const { message, hint } = await failing.fails(["train", "demo"], expected);
  const code = join(failing.folder, "model_definitions/demo/model_modules");
  expect(message).toContain(`'${code}/absent.txt'`);
  expect(message).toContain(`raised at ${code}/__init__.py:11 in train`);
  const log = /The whole log: (.*)/.exec(hint)?.[1] ?? "";
  expect(await readFile(log, "utf8")).toContain(`File "${code}/__init__.py", line 11, in train`);
});

test("what a TypeScript model writes beside its code stays out of the checkout", async () => {
  const project = await faultyProject("typescript", {
    "model_modules/index.ts": `${TYPESCRIPT}
export function train() { write("./model.bin"); write("../new.txt"); writeFileSync("models/model.txt", "1"); }
export class ModelScorer { predict(rows) { write("./asked.log"); return rows.map(() => 1); } }
`,
  });
  await project.succeeds(["train", "demo"]);
  await project.succeeds(["predict", "model_definitions/demo", await rowsFile()]);
});

test("a model that writes into the checkout by an absolute path is told of it", async () => {
  const project = await faultyProject("typescript", {
    "notes.txt": "as it was",
    "config.json": {},
    "model_modules/index.ts": `import { appendFileSync, writeFileSync } from "node:fs";
export function train(dataConf, modelConf, context) {
  appendFileSync(\`\${context.projectId}/model_definitions/demo/notes.txt\`, "written");
  writeFileSync("models/model.txt", "1");
}
`,
  });
  const before = await photograph(project.folder);
  const { stdout, exitCode } = await project.run(["train", "demo"]);
  expect(exitCode).toBe(0);
  const changed = join(project.folder, "model_definitions/demo/notes.txt");
  expect(stdout).toContain(
    `While it ran, these files of the project changed, by the model's doing or another's: ${changed}.`,
  );
  expect((await project.newestRun())["changedInProject"]).toEqual([changed]);
  const after = await photograph(project.folder);
  expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([
    "model_definitions/demo/notes.txt",
  ]);
  expect(existsSync(join(runFolder(project.home, await project.newestRun()), "beside-code"))).toBe(false);
});
