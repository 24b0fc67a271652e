import { mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { CLI, runCli } from "../support/cli.ts";
import { errorOf } from "./support/faulty-project.ts";
import { startInTerminal, type Terminal } from "./support/terminal.ts";

/** A repository with templates of its own, one of them in a language that this tool does not run. */
const OWN = {
  "modelwright.json": "{}",
  "model_templates/python/empty/model.json":
    '{\n    // from the platform team\n    "id": "template",\n    "name": "empty",\n    "description": "",\n    "language": "python",\n    "automation": {"trainerId": 7}\n}\n',
  "model_templates/python/empty/DOCKER/config.json": "{{name}}",
  "model_templates/python/empty/DOCKER/model_modules/__init__.py": "# {{name}}\n",
  "model_templates/python/empty/logo.bin": new Uint8Array([0xff, 0x00, 0xfe]),
  "model_templates/R/xgboost/model.json": '{ "id": "r", "language": "R" }',
  "model_templates/broken/model.json": '{ "id": ',
};

test("a repository's own templates are listed beside those of the tool, and copied as they are", async () => {
  const cwd = await testFolder(OWN);
  const { json } = await runCli(["add", "--list-templates", "--json"], { cwd });
  expect(json).toMatchObject({
    templates: [
      ...["scikit-learn", "xgboost", "pytorch", "typescript"].map((name) => ({ name, origin: "shipped" })),
      { name: "R/xgboost", origin: "repository", language: "R", framework: null },
      { name: "broken", origin: "repository", language: null },
      { name: "python/empty", origin: "repository", language: "python" },
    ],
  });
  await runCli(["add", 'The "first"', "--template", "empty", "--description", "Says no."], { cwd });
  const folder = join(cwd, "model_definitions/the-first");
  const id = /"id": "([0-9a-f-]{36})"/.exec(await readFile(join(folder, "model.json"), "utf8"))?.[1] ?? "";
  expect(await readFile(join(folder, "model.json"), "utf8")).toBe(
    `{\n    // from the platform team\n    "id": "${id}",\n    "name": "The \\"first\\"",\n    "description": "Says no.",\n` +
      `    "language": "python",\n    "automation": {"trainerId": 7}\n}\n`,
  );
  expect(await readFile(join(folder, "DOCKER/config.json"), "utf8")).toBe("{{name}}");
  expect([...(await readFile(join(folder, "logo.bin")))]).toEqual([0xff, 0x00, 0xfe]);
  // The tool has a template of this name, too.
  const own = await runCli(["add", "r", "--template", "R/xgboost", "--json"], { cwd });
  expect(own.json).toMatchObject({ files: ["model.json"] });
  // Others of the project read it as well.
  expect((await stat(folder)).mode).toBe((await stat(join(cwd, "model_definitions"))).mode);
  // Where `list` does not look, the name is not enough.
  const elsewhere = await runCli(["add", "far", "--template", "empty", "--dir", "drafts"], { cwd });
  expect(elsewhere.stdout).toMatch(/Next: edit it, then modelwright train drafts\/far\n$/);
});

test("a name that another model of the project has in the store is refused, whatever the folder, and nothing is made", async () => {
  const cwd = await testFolder({
    "modelwright.json": "{}",
    "model_definitions/old/model.json": '{ "id": "1", "name": "Churn Risk", "language": "python" }',
    "model_definitions/old/model_modules/__init__.py": "",
  });
  const refused = await runCli(["add", "churn-risk", "--json"], { cwd });
  expect(refused.exitCode).toBe(5);
  expect(errorOf(refused)).toMatchObject({
    code: "MODEL_NAME_TAKEN",
    message: 'The model in model_definitions/old is called "churn-risk" in the store already.',
  });
  expect(await readdir(join(cwd, "model_definitions"))).toEqual(["old"]);
});

test("--scaffold adds folders for notebooks, data and queries", async () => {
  const cwd = await testFolder({ "modelwright.json": "{}" });
  const { exitCode } = await runCli(["add", "churn", "--scaffold"], { cwd });
  expect(exitCode).toBe(0);
  const folder = join(cwd, "model_definitions/churn");
  for (const name of ["notebooks", "data", "queries"])
    expect((await stat(join(folder, name, "README.md"))).size).toBeGreaterThan(20);
  expect(await readdir(join(folder, "data"))).toContain("train.csv");
});

test("a template that is not there, a broken one, or one with a link that leads out of it makes nothing", async () => {
  const cwd = await testFolder({ ...OWN, "model_templates/linked/model.json": "{}" });
  await symlink("../../modelwright.json", join(cwd, "model_templates/linked/config.json"));
  await mkdir(join(cwd, "model_templates/hollow"));
  await symlink("nowhere", join(cwd, "model_templates/hollow/model.json"));
  for (const [template, exitCode, code] of [
    ["nope", 4, "TEMPLATE_NOT_FOUND"],
    ["../model_templates/broken", 4, "TEMPLATE_NOT_FOUND"],
    ["broken", 3, "JSON_MALFORMED"],
    ["hollow", 4, "FILE_NOT_FOUND"],
    ["linked", 3, "PATH_ESCAPES_ROOT"],
    ["", 2, "USAGE"],
  ] as const) {
    const result = await runCli(["add", "churn", "--template", template, "--json"], { cwd });
    expect(result.exitCode).toBe(exitCode);
    expect(errorOf(result)).toMatchObject({ code });
  }
  expect((await readdir(cwd)).sort()).toEqual(["model_templates", "modelwright.json"]);
});

async function startAdd(
  ...args: readonly string[]
): Promise<{ readonly terminal: Terminal; readonly project: string }> {
  const project = await testFolder({ "modelwright.json": "{}" });
  const command = [process.execPath, CLI, "add", "--project", project, "--dir", join(project, "models"), ...args];
  return { project, terminal: startInTerminal(command, { HOME: await testFolder(), NO_COLOR: "1" }) };
}

test("on a terminal what the command line does not say is asked", async () => {
  const { project, terminal } = await startAdd();
  await mkdir(join(project, "models/taken"), { recursive: true });
  await terminal.printed(/Name of the model: /);
  terminal.type("../up\r");
  await terminal.printed(/without slashes, please: /);
  terminal.type("taken\r");
  await terminal.printed(/models\/taken exists already\. Another name, please: /);
  terminal.type("Churn in May\r");
  await terminal.printed(/in one sentence/);
  terminal.type("Who leaves\r");
  await terminal.printed(/2 +xgboost[^]*Number or name \(1\): /);
  terminal.type("9\r");
  await terminal.printed(/A number from 1 to 4/);
  terminal.type("typescript\r");
  expect(await terminal.exitCode).toBe(0);
  const model = JSON.parse(await readFile(join(project, "models/churn-in-may/model.json"), "utf8")) as unknown;
  expect(model).toMatchObject({ name: "Churn in May", description: "Who leaves", language: "typescript" });
});

test("flags answer questions", async () => {
  const { project, terminal } = await startAdd("--template", "typescript", "--description", "d");
  await terminal.printed(/Name of the model: /);
  terminal.type("quick\r");
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.text()).not.toMatch(/sentence|Number or name/);
  expect(await readdir(join(project, "models"))).toEqual(["quick"]);
});

test.each([
  ["Ctrl-C", "\x03"],
  ["the end of the input", "\x04"],
])("%s at a question makes nothing", async (_, typed) => {
  const { project, terminal } = await startAdd();
  await terminal.printed(/Name of the model: /);
  terminal.type(typed);
  expect(await terminal.exitCode).toBe(130);
  expect(await readdir(project)).toEqual(["modelwright.json"]);
});
