import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { errorOf, faultyProject } from "./support/faulty-project.ts";

const SAMPLES = { "samples/rows.json": [[1, 2]] };
const LABELLED = ["publish", "demo", "--version-label", "v1"];

async function publishedProject() {
  const project = await faultyProject("python", SAMPLES);
  await project.succeeds(["train", "demo"]);
  const version = (await project.succeeds(LABELLED)) as { digest: string; created: boolean };
  return { project, version };
}

test("publishing the same thing twice is a success and no second version", async () => {
  const { project, version } = await publishedProject();
  expect(version.created).toBe(true);
  for (const command of [LABELLED, ["publish", "demo"]]) {
    expect(await project.succeeds(command)).toEqual({ ...version, created: false });
  }
  expect(await project.succeeds(["versions", "demo"])).toMatchObject({ versions: [{ version: "v1" }] });
});

test("the author is the one that is named, which must be an address", async () => {
  const project = await faultyProject("typescript");
  await project.succeeds(["train", "demo"]);
  const nobody = [...LABELLED, "--author-email", "ada"];
  await project.fails(nobody, { exitCode: 2, code: "USAGE", recordsRun: false });
  await project.succeeds([...LABELLED, "--author-email", "ada@example.org"]);
  const metadata = await readFile(join(project.home, "store/models/demo/versions/v1/metadata.json"), "utf8");
  expect(JSON.parse(metadata)).toMatchObject({ author_email: "ada@example.org" });
});

test("rows make a stronger version of the same thing, and a publication without them does not claim to be one", async () => {
  const project = await faultyProject("typescript");
  const rows = join(await testFolder({ "rows.json": "[[1, 2]]" }), "rows.json");
  await project.succeeds(["train", "demo"]);
  const weak = await project.succeeds(["publish", "demo"]);
  expect(weak).toMatchObject({ created: true, proof: "digests", recordedRows: 0 });
  const strong = (await project.succeeds(["publish", "demo", "--examples", rows])) as { readonly version: string };
  expect(strong).toMatchObject({ created: true, proof: "predictions", recordedRows: 1 });
  // The weaker proof is no news: what is stored is named, with the proof that it really has.
  expect(await project.succeeds(["publish", "demo"])).toEqual({ ...strong, created: false });
  expect(await project.succeeds(["versions", "demo"])).toMatchObject({
    versions: [{ version: strong.version, proof: "predictions" }, { proof: "digests" }],
  });
});

test("an artifact that is not as its run recorded it is neither evaluated, served nor published", async () => {
  const project = await faultyProject("typescript", SAMPLES);
  await project.succeeds(["train", "demo"]);
  const { id } = (await project.newestRun()) as { readonly id: string };
  await writeFile(join(project.home, "runs", id, "work", "models", "model.txt"), "3");
  const serving = ["serve", "model_definitions/demo", "--port", "0"];
  for (const command of [["evaluate", "demo"], ["publish", "demo"], serving]) {
    const error = await project.fails(command, {
      ...{ exitCode: 8, code: "STORE_CORRUPT", recordsRun: command[0] === "evaluate" },
    });
    expect(error.message).toContain(join(id, "work", "models", "model.txt"));
  }
});

test("names that are taken or missing are refused, and nothing is published", async () => {
  const { project } = await publishedProject();
  await project.succeeds(["alias", "set", "demo", "champion"]);
  const cases = [
    [["publish", "demo", "--version-label", "champion"], 5, "ALIAS_EXISTS", /champion is an alias/],
    [["publish", "demo", "--alias", "v1"], 5, "VERSION_EXISTS", /a version labelled v1/],
    [["publish", "demo", "--version-label", "v2", "--alias", "v2"], 2, "USAGE", /at once/],
    [["publish", "demo", "--version-label", "../v2"], 3, "NAME_INVALID", /"\.\.\/v2"/],
    [["publish", "demo", "--alias", "my champion"], 3, "NAME_INVALID", /"my champion"/],
    [["publish", "demo", "--run", "20200101"], 4, "RUN_NOT_FOUND", /no run "20200101"/],
    [["alias", "set", "demo@v9", "champion"], 4, "VERSION_NOT_FOUND", /no version or alias "v9"/],
    [["alias", "set", "nobody", "champion"], 4, "MODEL_NOT_FOUND", /no model "nobody"/],
    [["alias", "set", "demo@champion", "v1"], 5, "VERSION_EXISTS", /a version labelled v1/],
    [["alias", "list", "nobody"], 4, "MODEL_NOT_FOUND", /no model "nobody"/],
    [["alias", "history", "nobody", "champion"], 4, "MODEL_NOT_FOUND", /no model "nobody"/],
    [["alias", "history", "demo", "best"], 4, "VERSION_NOT_FOUND", /never had an alias best/],
    [["versions", "nobody"], 4, "MODEL_NOT_FOUND", /no model "nobody"/],
    [["serve", "demo@v9"], 4, "VERSION_NOT_FOUND", /"v9"/],
    [["predict", "demo@v9", "model_definitions/demo/samples/rows.json"], 4, "VERSION_NOT_FOUND", /"v9"/],
    [["evaluate", "demo@v9"], 4, "VERSION_NOT_FOUND", /"v9"/],
  ] as const;
  for (const [command, exitCode, code, message] of cases) {
    const error = await project.fails(command, { exitCode, code, recordsRun: false });
    expect(error.message).toMatch(message);
  }
});

test("a label that holds something else is never given again", async () => {
  const { project } = await publishedProject();
  const other = await faultyProject("python", { ...SAMPLES, "config.json": { hyperParameters: { depth: 9 } } });
  const shared = ["--store", join(project.home, "store")];
  await other.succeeds(["train", "demo"]);
  const error = await other.fails([...LABELLED, ...shared], { exitCode: 5, code: "VERSION_EXISTS", recordsRun: false });
  expect(error.message).toBe("demo@v1 exists already, with other content.");
});

test("a name that another definition has published under is refused", async () => {
  const { project } = await publishedProject();
  const other = await faultyProject("python", {
    ...SAMPLES,
    "model.json": { id: "demo-2", name: "demo", language: "python" },
  });
  const shared = ["--store", join(project.home, "store")];
  await other.succeeds(["train", "demo"]);
  const error = await other.fails(["publish", "demo", ...shared], {
    ...{ exitCode: 5, code: "MODEL_NAME_TAKEN", recordsRun: false },
  });
  expect(error.message).toContain("belongs to the definition demo-1");
  await other.succeeds(["publish", "demo", "--name", "other", ...shared]);
});

/** A folder with models that were trained elsewhere. */
const TRAIN = `import pickle, sys
from sklearn.linear_model import LinearRegression
sys.stdout.buffer.write(pickle.dumps(LinearRegression().fit([[1, 2], [2, 3], [5, 1]], [1, 2, 3])))
`;
let trained: Promise<Buffer> | undefined;

/** The same file for every test: importing scikit-learn takes its time. */
async function train(): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(testPython(), ["-c", TRAIN], { encoding: "buffer" });
  return stdout;
}

async function pretrained() {
  const folder = await testFolder({
    ...{ "model.weird": "x", "broken.pkl": "not a pickle", "rows.json": "[[1, 2]]", "empty.json": "[]" },
    ...{ "half.json": "[[1, 2], [3", "wide.json": "[[1, 2, 3]]", "named.json": '[{"a": 1, "b": 2}]' },
    "twice.json": '{"columns": [{"name": "a", "type": "float"}, {"name": "a", "type": "float"}], "outputs": []}',
    "signature.json": JSON.stringify({
      columns: ["a", "b"].map((name) => ({ name, type: "float" })),
      outputs: [{ name: "y", kind: "value" }],
    }),
    "pins.txt": "scikit-learn==0.1\n",
  });
  await writeFile(join(folder, "model.pkl"), await (trained ??= train()));
  return folder;
}

test("--from tells a missing file, an ending, a package or rows that are missing from one another", async () => {
  const folder = await pretrained();
  const home = await testFolder();
  const sound = ["--from", "model.pkl", "--name", "demo", "--examples", "rows.json"];
  // A bare interpreter has no scikit-learn; isolated from whatever its machine has installed.
  const bare = ["--python", "python3"];
  const full = ["--python", testPython()];
  const cases = [
    [["--from", "nosuch.pkl", "--name", "demo", ...full], 4, "FILE_NOT_FOUND", /no model file .*nosuch\.pkl/],
    [["--from", ".", "--name", "demo", ...full], 4, "FILE_NOT_FOUND", /is a folder, and no model file/],
    [[...sound, "--signature", "nosuch.json", ...full], 4, "FILE_NOT_FOUND", /no signature file .*nosuch\.json/],
    [[...sound, "--signature", "half.json", ...full], 3, "JSON_MALFORMED", /half\.json:1:/],
    [[...sound, "--signature", "rows.json", ...full], 3, "SIGNATURE_INVALID", /must hold a JSON object, not a list/],
    [[...sound, "--signature", "twice.json", ...full], 3, "SIGNATURE_INVALID", /\/columns\/1\/name: "a" is the name/],
    [["--signature", "signature.json", ...full], 2, "USAGE", /--signature is for models .* --from/],
    [["--requirements", "r.txt", ...full], 2, "USAGE", /--requirements is for models .* --from/],
    [["--from", "model.weird", "--name", "demo", ...full], 2, "USAGE", /model\.weird does not tell how/],
    [["--from", "model.pkl", ...full], 2, "USAGE", /--from needs --name/],
    [["demo", "--from", "model.pkl", "--name", "demo", ...full], 2, "USAGE", /not both/],
    [["--from", "model.pkl", "--name", "a b", ...full], 3, "NAME_INVALID", /"a b"/],
    [["--from", "broken.pkl", "--name", "demo", ...full], 6, "SCORER_FAILED", /(?:Unpickling|Key|Value|EOF)Error/],
    [[...sound, "--requirements", "nosuch.txt", ...full], 4, "FILE_NOT_FOUND", /no requirements file .*nosuch\.txt/],
    [[...sound.slice(0, 4), "--examples", "nosuch.json", ...full], 4, "FILE_NOT_FOUND", /nosuch\.json/],
    [[...sound.slice(0, 4), "--examples", "empty.json", ...full], 3, "DATA_MALFORMED", /empty\.json has no rows/],
    [[...sound.slice(0, 4), "--examples", "half.json", ...full], 3, "DATA_MALFORMED", /half\.json is not JSON/],
    [[...sound.slice(0, 4), "--examples", "wide.json", ...full], 6, "SCORER_FAILED", /3 features/],
    [[...sound, ...bare], 6, "SCORER_FAILED", /No module named 'sklearn'/],
  ] as const;
  for (const [more, exitCode, code, message] of cases) {
    const result = await runCli(["publish", ...more, "--no-install", "--json"], { cwd: folder, home });
    const error = errorOf(result);
    expect({ exitCode: result.exitCode, code: error.code, stdout: result.stdout }).toEqual({
      exitCode,
      code,
      stdout: "",
    });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/\S/);
  }
  const nothing = await runCli(["versions", "--json"], { cwd: folder, home });
  expect(nothing.json).toEqual({ models: [] });
});

test("without examples a trained model is published with a weaker proof, and it says so", async () => {
  const folder = await pretrained();
  const options = ["--name", "demo", "--python", testPython(), "--no-install", "--json"];
  const home = await testFolder();
  const { json, exitCode } = await runCli(["publish", "--from", "model.pkl", ...options], { cwd: folder, home });
  expect(exitCode).toBe(0);
  const notes = ["--examples", "--signature"].map((option) => expect.stringContaining(option) as string);
  expect(json).toMatchObject({ proof: "digests", notes });
  // It has no definition to evaluate, and a version.
  const evaluated = await runCli(["evaluate", "demo", "--json"], { cwd: folder, home });
  const { version } = json as { readonly version: string };
  expect(errorOf(evaluated).hint).toBe(`The store has versions of it: modelwright evaluate demo@${version}.`);
});

test("a trained model with a signature names the bad rows, and what a given environment lacks is told", async () => {
  const [folder, home] = [await pretrained(), await testFolder()];
  const given = ["--python", testPython(), "--no-install", "--json"];
  const options = ["--examples", "named.json", "--signature", "signature.json", "--requirements", "pins.txt", ...given];
  const published = await runCli(["publish", "--from", "model.pkl", "--name", "demo", ...options], {
    cwd: folder,
    home,
  });
  expect(published.exitCode).toBe(0);
  expect(published.json).toMatchObject({
    proof: "predictions",
    notes: [expect.stringMatching(/^unmet requirements: needs scikit-learn==0\.1, found /) as string],
  });
  await writeFile(join(folder, "rows.json"), '[{"a": 1, "b": "x"}, {"b": 2, "a": 1}]');
  const asked = await runCli(["predict", "demo", "rows.json", ...given], { cwd: folder, home });
  expect(asked.json).toMatchObject({ rows: [1], errors: { "0": { b: ["must be a number"] } } });
});
