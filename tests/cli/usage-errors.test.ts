import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";

import { COMMANDS } from "../../src/cli/command-table.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { errorOf, faultyProject } from "./support/faulty-project.ts";

test("every command refuses an option that it does not have, and names its own help", async () => {
  const home = await testFolder();
  const folder = await testFolder();
  const results = await Promise.all(
    COMMANDS.map(async ({ name }) => ({
      name,
      result: await runCli([...name.split(" "), "--bogus", "--json"], { cwd: folder, home }),
    })),
  );
  for (const { name, result } of results) {
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(errorOf(result)).toMatchObject({
      ...{ code: "USAGE", kind: "usage", message: "Unknown option '--bogus'." },
      hint: `modelwright ${name} --help shows how it is used.`,
    });
  }
  expect([await readdir(folder), await readdir(home)]).toEqual([[], []]);
});

test("every command refuses to do without an argument that it needs", async () => {
  const needy = COMMANDS.filter((spec) => spec.arguments.some(({ isRequired }) => isRequired));
  expect(needy.length).toBeGreaterThan(3);
  for (const {
    name,
    arguments: [first],
  } of needy) {
    const result = await runCli(name.split(" "));
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toBe(
      `error USAGE: Missing required argument '${first?.name ?? ""}'.\n  → modelwright ${name} --help shows how it is used.\n`,
    );
  }
});

test.each([
  [["train", "demo", "--seed", "x"], 2, "USAGE", /--seed takes a whole number from 0 to 4294967295, not "x"/],
  [["publish", "demo", "--version", "v1"], 2, "USAGE", /Unknown option '--version'\./],
  [["train", "demo", "--seed", "-1"], 2, "USAGE", /--seed/],
  [["train", "demo", "--seed", "1.5"], 2, "USAGE", /--seed/],
  [["train", "demo", "--timeout", "0"], 2, "USAGE", /--timeout takes a number from/],
  [["train", "demo", "--timeout", "soon"], 2, "USAGE", /--timeout/],
  [["train", "demo", "--memory", "lots"], 2, "USAGE", /--memory takes a size such as 512Mi/],
  [["train", "demo", "--memory", "5"], 2, "USAGE", /--memory 5 is 5 bytes; no process can run in less than 16 MiB/],
  [["serve", "demo", "--memory", "demo=512k"], 2, "USAGE", /--memory 512k is 512 kB; no process can run in less/],
  [["train", "demo", "--pass-env", "A=B"], 2, "USAGE", /"A=B" is not the name/],
  [["train", "demo", "--home", ""], 2, "USAGE", /The value of --home is empty/],
  [["train", ""], 2, "USAGE", /The argument <model> is empty/],
  [["train", "demo", "more"], 2, "USAGE", /Too many arguments/],
  [["trian", "demo"], 2, "USAGE", /Unknown command 'trian'\. Did you mean train\?/],
  [["serve", "demo", "--port", "99999"], 2, "USAGE", /--port takes a whole number from 0 to 65535, not "99999"/],
  [["serve", "demo", "demo"], 2, "USAGE", /would both be served as "demo"/],
  [["demo", "--port", "x"], 2, "USAGE", /--port/],
  [["add", "../other"], 2, "USAGE", /"\.\.\/other" cannot be the name/],
  [["add"], 2, "USAGE", /Missing required argument 'name'/],
  [["add", "x", "--template", "cobol"], 4, "TEMPLATE_NOT_FOUND", /no template "cobol"/],
  [["add", "x", "--template", "../templates/xgboost"], 4, "TEMPLATE_NOT_FOUND", /no template/],
  [["add", "x", "--template", "xgboost", "--language", "typescript"], 2, "USAGE", /xgboost is written in python/],
  [["add", "x", "--language", "cobol"], 2, "USAGE", /Allowed choices are python, typescript/],
  [
    ["predict", "demo", "model_definitions/demo/model.json", "--url", "nonsense"],
    2,
    "USAGE",
    /"nonsense" is not the address/,
  ],
  [
    ["test-endpoint", "http://bob:s3cret@127.0.0.1:1/v1/demo"],
    2,
    "USAGE",
    /^The address of http:\/\/127\.0\.0\.1:1 has/,
  ],
  [
    ["test-endpoint", "ftp://bob:s3cret@host/v1/demo"],
    2,
    "USAGE",
    /^"ftp:\/\/\*\*\*@host\/v1\/demo" is not the address/,
  ],
  [["test-endpoint", "http://127.0.0.1:1/v1/%zz"], 3, "NAME_INVALID", /"%zz" in the address cannot be the name/],
  [["test-endpoint", "http://a", "--url", "http://b:c@d"], 2, "USAGE", /^The address of http:\/\/d has a user name/],
  [["train", "demo", "--project", "nowhere"], 4, "FILE_NOT_FOUND", /nowhere does not exist/],
  [["train", "demo", "--store", "s3://bucket"], 3, "CONFIG_INVALID", /"s3:\/\/bucket" is an address/],
  [["list", "nowhere"], 4, "FILE_NOT_FOUND", /no folder .*nowhere/],
  [["predict", "demo", "nowhere.json"], 4, "FILE_NOT_FOUND", /no file of rows .*nowhere\.json/],
  [["predict", "demo", "model_definitions/demo/model.json"], 4, "MODEL_NOT_FOUND", /no model "demo"/],
  [["serve", "nobody", "--port", "0"], 4, "MODEL_NOT_FOUND", /no model "nobody"/],
  [["serve", "a@b@c"], 3, "REFERENCE_INVALID", /"a@b@c" is not a model reference/],
  [["serve", "./nowhere"], 3, "REFERENCE_INVALID", /no folder .*nowhere/],
  [["serve", "model_definitions"], 3, "REFERENCE_INVALID", /folder model_definitions has no model\.json/],
  [["predict", ".", "model_definitions/demo/model.json"], 3, "REFERENCE_INVALID", /folder \. has no model\.json/],
  [["evaluate", "demo@"], 3, "REFERENCE_INVALID", /"demo@"/],
  [["versions", "a/b"], 3, "NAME_INVALID", /"a\/b" cannot be the name of a model/],
  [["alias", "set", "demo@v1", "my alias"], 3, "NAME_INVALID", /"my alias" cannot be the name of an alias/],
  [["evaluate", "demo", "--run", "nope"], 4, "RUN_NOT_FOUND", /no run "nope"/],
] as const)("%j ends with %d", async (args, exitCode, code, message) => {
  const project = await faultyProject("python");
  // The checkout is looked at, and that no run was begun.
  const error = await project.fails(args, { exitCode, code, recordsRun: false });
  expect(error.message).toMatch(message);
});

test.each([
  ["nosuchpython", /nosuchpython is not on the search path/],
  ["/bin/false", /\/bin\/false/],
])("an interpreter that is none fails the run with what was tried: %s", async (python, message) => {
  const { folder, home } = await faultyProject("python");
  const result = await runCli(["train", "demo", "--python", python, "--no-install", "--json"], { cwd: folder, home });
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 7, stdout: "" });
  expect(errorOf(result)).toMatchObject({
    code: "INTERPRETER_NOT_FOUND",
    hint: expect.stringContaining("--python") as string,
  });
  expect(errorOf(result).message).toMatch(message);
});
