import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { BaseMLModel, loadModel, ModelConfig, type ExactJson } from "../../src/app/public/index.ts";
import { expectSamePredictions, temporaryModelStore } from "../../src/app/public/testing.ts";
import { sha256 } from "../../src/kernel/digest.ts";
import type { Manifest } from "../../src/model/version/manifest.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { testPython } from "../support/test-python.ts";
import { partsOf, runPython, savedByPython } from "./support/saved-models.ts";

/** What `SAVE` of the saved models gives as examples. */
const EXAMPLES = Array.from({ length: 5 }, (_, i) => ({
  age: 20 + ((i * 7) % 50),
  plan: ["basic", "pro"][i % 2] ?? "",
}));
const ROWS = [
  { age: 65, plan: "pro" },
  { age: 21, plan: "basic" },
];

let parent: string;
let saved: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  saved = await savedByPython(parent);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

/** A copy of what Python saved, without manifest: as an older tool left it. */
async function classicFolder(metadata: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = join(await testFolder(), "old");
  await cp(saved, folder, { recursive: true });
  for (const name of ["manifest.json", "code"]) await rm(join(folder, name), { recursive: true });
  const path = join(folder, "metadata.json");
  const document = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...document, ...metadata }));
  return folder;
}

async function readManifest(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Record<string, unknown>;
}

async function store() {
  const home = await testFolder();
  return { home, store: join(home, "store"), python: testPython() };
}

test("both languages write the same metadata.json, byte for byte, beside the same files", async () => {
  const folder = join(await testFolder(), "new");
  const { modelClass: unsaid, ...parts } = partsOf(saved);
  expect(unsaid).toBe("XGBClassifier");
  const config = new ModelConfig({ ...parts, examples: EXAMPLES });
  expect(await config.save(folder, { home: await testFolder(), python: testPython() })).toBe(folder);
  const read = (root: string, name: string) => readFile(join(root, name));
  const names = [
    "metadata.json",
    "model.json",
    "trainX.npy",
    "trainY.npy",
    "testX.npy",
    "testY.npy",
    "transformer.pkl",
  ];
  expect((await readdir(folder)).sort()).toEqual([...names, "code", "manifest.json"].sort());
  for (const name of names) expect((await read(folder, name)).equals(await read(saved, name)), name).toBe(true);
  const loaded = await runPython(
    "import sys; from modelwright import ModelConfig; print(ModelConfig.load(sys.argv[1], trust=True).proof)",
    folder,
  );
  expect(loaded.stdout, loaded.stderr).toBe("metrics\n");
  // Also what `manifest.json` says, but for the moment.
  const [ours = "", theirs = ""] = await Promise.all(
    [folder, saved].map(async (root) => (await read(root, "manifest.json")).toString()),
  );
  const moment = /"createdAt": "[^"]*"/;
  expect(ours.replace(moment, "")).toBe(theirs.replace(moment, ""));
});

test("a configuration is published after its metric was repeated, and read by both languages", async () => {
  const options = await store();
  const config = new ModelConfig({ ...partsOf(saved), metrics: { accuracy: 1 }, examples: ROWS });
  expect(await config.saveToModelStore(options)).toBe("20230111-152433UTC");
  const version = join(options.store, "models/iv/versions/20230111-152433UTC");
  expect((await readFile(join(version, "metadata.json"))).equals(await readFile(join(saved, "metadata.json")))).toBe(
    true,
  );
  const model = await BaseMLModel.load("iv@20230111-152433UTC", { ...options, install: false });
  try {
    expect(model.info).toMatchObject({ proof: "metrics", metrics: { accuracy: 1 } });
    expectSamePredictions([1, 0], await model.predict(ROWS));
  } finally {
    await model.close();
  }
  const loaded = await runPython(
    "import sys; from modelwright import ModelConfig; print(ModelConfig.load_from_model_store('iv', sys.argv[1], trust=True).proof)",
    options.store,
  );
  expect(loaded.stdout, loaded.stderr).toBe("metrics\n");
  // A label that is taken is left alone.
  const other = new ModelConfig({ ...partsOf(saved), trainingSet: undefined, examples: ROWS });
  await expect(other.saveToModelStore(options)).rejects.toMatchObject({ code: "VERSION_EXISTS" });
  // Names in `trust` restrict what is trusted otherwise.
  await expect(ModelConfig.loadFromModelStore("iv", { ...options, trust: ["numpy"] })).rejects.toMatchObject({
    code: "PICKLE_NOT_TRUSTED",
    message: expect.stringContaining(
      "transformer.pkl imports sklearn.pipeline.Pipeline, which trust does not name",
    ) as string,
  });
  const again = await ModelConfig.loadFromModelStore("iv", {
    ...options,
    trust: ["sklearn", "numpy", "scipy", "builtins.slice"],
  });
  expect(again).toMatchObject({
    ...{
      modelName: "iv",
      version: "20230111-152433UTC",
      modelClass: "XGBClassifier",
      authorEmail: "author@example.com",
    },
    ...{ proof: "metrics", metrics: { accuracy: 1 }, examples: ROWS, model: join(version, "model.json") },
    testSet: [join(version, "testX.npy"), join(version, "testY.npy")],
  });
});

test("a metric that the model does not have is not published", async () => {
  const options = await store();
  const config = new ModelConfig({ ...partsOf(saved), metrics: { accuracy: 0.5 } });
  await expect(config.saveToModelStore(options)).rejects.toMatchObject({
    code: "PROOF_FAILED",
    message: expect.stringContaining("accuracy: 0.5 when stored") as string,
  });
  await expect(loadModel("iv", options)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
});

test("a folder that Python saved is proven by its manifest, and hooks see raw rows and predictions", async () => {
  class Named extends BaseMLModel {
    protected override prepare(rows: readonly ExactJson[]) {
      return rows.map((row) => ({ plan: "basic", ...(row as object) }));
    }

    protected override finish(predictions: readonly ExactJson[]) {
      return predictions.map((label) => (label === 1 ? "yes" : "no"));
    }
  }
  const { home, python } = await store();
  await expect(Named.load(saved, { home, python })).rejects.toMatchObject({
    code: "PICKLE_NOT_TRUSTED",
    message: expect.stringContaining("runs the pickle transformer.pkl") as string,
  });
  const model = await Named.load(saved, { home, python, trust: true });
  try {
    expect(model.info.proof).toBe("metrics");
    expect(await model.predict([{ age: 65 }, { age: 21 }])).toEqual(["yes", "no"]);
  } finally {
    await model.close();
  }
});

test("a folder of an older tool is opened when it is trusted, and refused when its own metric is false", async () => {
  const { home, python } = await store();
  const folder = await classicFolder();
  await expect(loadModel(folder, { home, python })).rejects.toMatchObject({ code: "PICKLE_NOT_TRUSTED" });
  const model = await loadModel(folder, { home, python, trust: true });
  expect(model.info).toMatchObject({ proof: "metrics", metrics: { accuracy: 1 } });
  expect((await model.predict(ROWS)).predictions).toEqual([1, 0]);
  await model.close();
  // XGBoost's own file and plain arrays run nothing. Without a test set nothing is repeated, and loading says so.
  const warnings: string[] = [];
  const listen = ({ message }: Error) => warnings.push(message);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  const bare = await classicFolder({ column_transformer_filename: null, test_set_filenames: [] });
  expect(await ModelConfig.load(bare, { home, python })).toMatchObject({
    proof: "none",
    metrics: {},
    testSet: undefined,
  });
  await expect.poll(() => warnings.join("\n"), { timeout: 20_000 }).toContain("has nothing to check it against");
  const plain = await classicFolder({ column_transformer_filename: null });
  const text = await readFile(join(plain, "model.json"), "utf8");
  await writeFile(join(plain, "model.json"), text.replace('"accuracy":"1.0"', '"accuracy":"0.4"'));
  await expect(loadModel(plain, { home, python })).rejects.toMatchObject({
    code: "PROOF_FAILED",
    message: expect.stringContaining("accuracy: 0.4 when stored, 1.0 now") as string,
  });
});

test("what a manifest that nobody trusts says of variables and packages neither runs nor is installed", async () => {
  const { home, python } = await store();
  const hostile = await testFolder({ "sitecustomize.py": "open(__file__ + '.ran', 'w').close()" });
  const folder = join(await testFolder(), "hostile");
  await cp(saved, folder, { recursive: true });
  const metadata = JSON.parse(await readFile(join(folder, "metadata.json"), "utf8")) as object;
  const plain = JSON.stringify({ ...metadata, column_transformer_filename: null });
  await writeFile(join(folder, "metadata.json"), plain);
  const manifest = await readManifest(folder);
  const { serving, environment, proof, files } = manifest as unknown as Manifest;
  const config = { modelConfig: { ...(serving.config["modelConfig"] as object), columnTransformer: null } };
  const changed = {
    ...manifest,
    serving: { ...serving, config, variables: { pass: [], set: { PYTHONPATH: hostile } } },
    environment: {
      ...environment,
      digest: "0".repeat(64),
      packages: ["hostile @ file:///nonexistent/hostile-1-py3-none-any.whl"],
    },
    proof: { ...proof, recorded: null },
    files: files.map((file) => (file.role === "metadata" ? { ...file, sha256: sha256(plain) } : file)),
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(changed));
  expect(await ModelConfig.load(folder, { home, python, install: true })).toMatchObject({ metrics: { accuracy: 1 } });
  expect(await readdir(hostile)).toEqual(["sitecustomize.py"]);
});

test("one changed byte of a saved folder is found before anything is opened", async () => {
  const folder = join(await testFolder(), "copy");
  await cp(saved, folder, { recursive: true });
  await writeFile(join(folder, "transformer.pkl"), "cos\nsystem\n(S'touch trace'\ntR.");
  await expect(loadModel(folder)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  await expect(ModelConfig.load(folder)).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test.each(["../secret", "/etc/passwd", "a//b", "", "."])("metadata may not name %j", async (name) => {
  const folder = await classicFolder({ column_transformer_filename: name });
  await expect(ModelConfig.load(folder)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
});

test("a link that leads out of the folder, a missing file and a folder without metadata are told", async () => {
  const linked = await classicFolder();
  await rm(join(linked, "testX.npy"));
  await symlink("/etc/hosts", join(linked, "testX.npy"));
  await expect(ModelConfig.load(linked)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
  const lacking = await classicFolder();
  for (const name of ["testX.npy", "model.json"]) await rm(join(lacking, name));
  await expect(ModelConfig.load(lacking)).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    details: { missing: ["model.json", "testX.npy"] },
  });
  await expect(ModelConfig.load(await testFolder())).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

test.each(["", "a/b", "..", "-iv", "iv."])("%j can name neither a model nor a version", (name) => {
  expect(() => new ModelConfig({ ...partsOf(saved), modelName: name })).toThrow("cannot be the name");
  expect(() => new ModelConfig({ ...partsOf(saved), version: name })).toThrow("cannot be the name");
});

test("a project decides which addresses authors may have", async () => {
  const project = await testFolder({ "modelwright.json": '{"allowedEmailDomains": ["example.org"]}' });
  const config = new ModelConfig({ ...partsOf(saved), authorEmail: "author@evil-example.org" });
  const saving = config.save(join(await testFolder(), "v"), { project });
  await expect(saving).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(() => new ModelConfig({ ...partsOf(saved), authorEmail: "nobody" })).toThrow("is no e-mail address");
});

test("sets that do not fit, and files that are not there, are refused with their shapes and paths", async () => {
  const save = async (parts: object) =>
    new ModelConfig({ ...partsOf(saved), ...parts }).save(join(await testFolder(), "v"));
  const { trainingSet, testSet } = partsOf(saved);
  await expect(save({ testSet: [testSet[0], trainingSet[1]] })).rejects.toThrow("20 rows of features and 40 labels");
  await expect(save({ testSet: [testSet[1], testSet[1]] })).rejects.toThrow("features of testSet have the shape (20)");
  await expect(save({ testSet: ["/nonexistent.npy", testSet[1]] })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  const csv = { name: "x.csv", bytes: Buffer.from("1,2") };
  await expect(save({ testSet: [csv, csv] })).rejects.toMatchObject({ code: "DATA_MALFORMED" });
  // As numpy.save leaves a sparse matrix: one object.
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".padEnd(117) + "\n";
  const magic = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]);
  const pickled = { name: "x.npy", bytes: Buffer.concat([magic, Buffer.from(`${header}.`)]) };
  await expect(save({ trainingSet: [pickled, trainingSet[1]] })).rejects.toMatchObject({
    code: "DATA_MALFORMED",
    hint: expect.stringContaining("ModelConfig of the Python package") as string,
  });
});

test("a folder with something in it is left alone", async () => {
  const folder = await testFolder({ "notes.txt": "mine" });
  await expect(new ModelConfig(partsOf(saved)).save(folder)).rejects.toMatchObject({ code: "TARGET_EXISTS" });
  expect(await readdir(folder)).toEqual(["notes.txt"]);
});

test("bytes are taken as well as files, and a temporary store is gone when it is removed", async () => {
  const temporary = await temporaryModelStore();
  const { model, ...parts } = partsOf(saved);
  const bytes = { name: "anything.json", bytes: await readFile(model) };
  const config = new ModelConfig({ ...parts, model: bytes, examples: ROWS });
  // The project keeps no rows of test sets, so nothing can be repeated on them.
  const settings = { storeTestSet: "digest", allowedEmailDomains: ["EXAMPLE.com"] };
  const project = await testFolder({ "modelwright.json": JSON.stringify(settings) });
  await config.saveToModelStore({ ...temporary.options, project, python: testPython() });
  const version = join(temporary.options.store, "models/iv/versions/20230111-152433UTC");
  expect(JSON.parse(await readFile(join(version, "metadata.json"), "utf8"))).toMatchObject({ test_set_filenames: [] });
  expect(await readManifest(version)).toMatchObject({ proof: { level: "predictions", metrics: [] } });
  await temporary.remove();
  await mkdir(temporary.options.home, { recursive: false });
  await rm(temporary.options.home, { recursive: true });
});

test("predictions that differ are told with row and both values", () => {
  expectSamePredictions([0.5, "a"], [0.5 + 1e-9, "a"]);
  expect(() => expectSamePredictions([1, "a"], [1.1, "b"])).toThrow('row 1: expected "a", got "b"');
});
