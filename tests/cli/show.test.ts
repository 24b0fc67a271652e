import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { faultyProject } from "./support/faulty-project.ts";

const SIGNATURE = {
  columns: [
    { name: "age", type: "integer", nullable: true },
    { name: "plan", type: "string", categories: ["basic", "plus"] },
  ],
  outputs: [{ name: "churned", kind: "label", classes: [0, 1] }],
};

test("show tells everything that is kept with a version", async () => {
  const project = await faultyProject("typescript", {
    "signature.json": SIGNATURE,
    "samples/rows.json": [{ age: 3, plan: "basic" }],
  });
  await project.succeeds(["train", "demo"]);
  const published = (await project.succeeds(["publish", "demo", "--alias", "champion", "--version-label", "v1"])) as {
    readonly digest: string;
  };
  expect(await project.succeeds(["show", "demo@champion"])).toMatchObject({
    model: "demo",
    version: "v1",
    digest: published.digest,
    aliases: ["champion"],
    metadata: { model_name: "demo", version: "v1" },
    manifest: { proof: { level: "predictions" }, signature: SIGNATURE },
  });
  const { stdout } = await project.run(["show", "demo"]);
  for (const text of ["demo@v1 (champion)", published.digest, "predictions, 1 recorded row", "2 columns", "depth"])
    expect(stdout).toContain(text);
  expect((await project.run(["show", "demo", "--files"])).stdout).toMatch(
    /artifact +\d+ B +[0-9a-f]{64} +\S*model\.txt/,
  );
  const signature = (await project.run(["show", "demo", "--signature"])).stdout;
  expect(signature).toMatch(/age +integer +nullable/);
  expect(signature).toMatch(/plan +string +basic \| plus/);
  expect(signature).toMatch(/churned +label +0 \| 1/);
});

test.each([
  [["show", "nobody"], "MODEL_NOT_FOUND", 4],
  [["show", "a@b@c"], "REFERENCE_INVALID", 3],
])("%j is refused", async (args, code, exitCode) => {
  const result = await runCli([...args, "--json"]);
  expect(result.exitCode).toBe(exitCode);
  expect(JSON.parse(result.stderr)).toMatchObject({ error: { code } });
});

interface Setting {
  readonly name: string;
  readonly value: unknown;
  readonly source: Readonly<Record<string, unknown>>;
}

test("config show tells each setting and whether flag, variable, profile, project or nothing said it", async () => {
  const cwd = await testFolder();
  const file = join(cwd, "modelwright.json");
  const lines = [
    "{",
    "  // Comments are allowed.",
    '  "python": "python3.11",',
    '  "minimumProof": "metrics",',
    '  "env": { "set": { "TOKEN": "very-secret" } },',
    '  "server": { "port": 9000, "host": "0.0.0.0" },',
    '  "profiles": { "production": { "server": { "port": 80 } } }',
    "}",
  ];
  await writeFile(file, lines.join("\n"));
  const result = await runCli(["config", "show", "--profile", "production", "--store", "elsewhere", "--json"], {
    cwd,
    variables: { MODELWRIGHT_PYTHON: "python3.12" },
  });
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(result.stdout).not.toContain("very-secret");
  const { settings } = result.json as { readonly settings: readonly Setting[] };
  const found = Object.fromEntries(settings.map(({ name, value, source }) => [name, { value, source }]));
  expect(found).toMatchObject({
    profile: { value: "production", source: { kind: "flag", name: "--profile" } },
    store: { value: join(cwd, "elsewhere"), source: { kind: "flag", name: "--store" } },
    home: { source: { kind: "variable", name: "MODELWRIGHT_HOME" } },
    python: { value: "python3.12", source: { kind: "variable", name: "MODELWRIGHT_PYTHON" } },
    minimumProof: { value: "metrics", source: { kind: "project", file, pointer: "/minimumProof", line: 4 } },
    variables: { value: { set: { TOKEN: "***" } }, source: { kind: "project", pointer: "/env", line: 5 } },
    "server.host": { value: "0.0.0.0", source: { kind: "project", pointer: "/server/host", line: 6 } },
    "server.port": { value: 80, source: { kind: "project", pointer: "/profiles/production/server/port", line: 7 } },
    storeTestSet: { value: "sample", source: { kind: "default" } },
  });
});

test("config show warns of a PORT that serve would refuse, and test-endpoint refuses it, too", async () => {
  const cwd = await testFolder();
  const variables = { PORT: "tcp://10.0.0.1:80" };
  const shown = await runCli(["config", "show"], { cwd, variables });
  expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
  expect(shown.stdout).toMatch(
    /warning CONFIG_INVALID: The variable PORT is "tcp:\/\/10\.0\.0\.1:80", which is not a port/,
  );
  const faults = (json: unknown) => (json as { readonly faults: readonly { readonly name: string }[] }).faults;
  expect(faults((await runCli(["config", "show", "--json"], { cwd, variables })).json)).toMatchObject([
    { name: "server.port", code: "CONFIG_INVALID" },
  ]);
  expect(faults((await runCli(["config", "show", "--json"], { cwd })).json)).toEqual([]);
  const asked = await runCli(["test-endpoint", "churn"], { cwd, variables });
  expect(asked).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("name the server with --url") as string });
});
