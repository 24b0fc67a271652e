import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { digestFolder } from "../../src/files/digest-folder.ts";
import type { Failure } from "../../src/kernel/failure.ts";
import type { CodeSource } from "../../src/model/ports/runtime.ts";
import { listProcesses } from "../../src/process/group/list-processes.ts";
import { waitUntil } from "../process/support/wait-until.ts";
import { TypescriptTestbed } from "../support/spawn-typescript-runtime.ts";

let bed: TypescriptTestbed;
beforeAll(async () => {
  bed = await TypescriptTestbed.create();
});
afterAll(() => bed.remove());

const INDEX = "model/model_modules/index.ts";
const USES_PACKAGE = 'import { name } from "pack"; export function train() { console.log(name) }';

async function outputOf(code: CodeSource): Promise<string> {
  return (await bed.runJob((await bed.stage(code)).codeRoot)).stdout.trim();
}

async function failureOf(code: CodeSource): Promise<Failure> {
  return bed.stage(code).then(
    () => expect.fail("staging should fail"),
    (error: unknown) => error as Failure,
  );
}

test("packages resolve from the definition folder before the project", async () => {
  const inProject = { [INDEX]: USES_PACKAGE, "node_modules/pack/index.js": 'exports.name = "of the project"' };
  expect(await outputOf(await bed.project(inProject))).toBe("of the project");
  const inBoth = { ...inProject, "model/node_modules/pack/index.js": 'exports.name = "of the definition"' };
  expect(await outputOf(await bed.project(inBoth))).toBe("of the definition");
});

test("packages of the project are found from a definition that lies elsewhere", async () => {
  const code = await bed.project({ [INDEX]: USES_PACKAGE });
  const elsewhere = await bed.project({ "node_modules/pack/index.js": 'exports.name = "elsewhere"' });
  expect(await outputOf({ ...code, projectRoot: elsewhere.projectRoot })).toBe("elsewhere");
});

test("a changed package is never served from an old bundle", async () => {
  const code = await bed.project({ [INDEX]: USES_PACKAGE, "node_modules/pack/index.js": 'exports.name = "old"' });
  expect(await outputOf(code)).toBe("old");
  await writeFile(join(code.projectRoot, "node_modules/pack/index.js"), 'exports.name = "new"');
  expect(await outputOf(code)).toBe("new");
});

test("the same code has the same bundle, and two builders at once agree", async () => {
  const code = await bed.project({ [INDEX]: "export const a = 1;", "model/model_modules/table.csv": "1" });
  const cacheFolder = join(bed.folder, "shared-cache");
  const staged = await Promise.all([1, 2, 3, 4].map(() => bed.stage(code, cacheFolder)));
  expect(new Set(staged.map((one) => one.codeRoot)).size).toBe(1);
  const files = await readdir(cacheFolder, { recursive: true });
  expect(files.filter((path) => path.endsWith(".tmp"))).toEqual([]);
  expect(await readdir(join(cacheFolder, "typescript"))).toHaveLength(1);
});

test("a bundler that dies between two bundles is replaced", async () => {
  const code = await bed.project({ [INDEX]: "export function train() { console.log(1) }" });
  await bed.stage(code);
  const bundlers = () => listProcesses().filter(({ pid, parentPid }) => parentPid === process.pid && isBundler(pid));
  expect(bundlers()).toHaveLength(1);
  for (const { pid } of bundlers()) process.kill(pid, "SIGKILL");
  await waitUntil(() => bundlers().length === 0);
  const [one, other] = await Promise.all([outputOf(code), outputOf(code)]);
  expect([one, other]).toEqual(["1", "1"]);
});

function isBundler(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("esbuild");
}

test("a bundle that was half deleted is made whole", async () => {
  const code = await bed.project({ [INDEX]: "export function train() { console.log(1) }" });
  const { codeRoot } = await bed.stage(code);
  await rm(codeRoot);
  await writeFile(`${codeRoot}.map`, "torn");
  expect(await outputOf(code)).toBe("1");
  expect(await readFile(`${codeRoot}.map`, "utf8")).toContain('"version"');
});

test("staging runs nothing and writes nothing into the checkout", async () => {
  const code = await bed.project({
    [INDEX]: 'import "pack"; throw new Error("run")',
    "node_modules/pack/index.js": "process.exit(3)",
  });
  const files = await readdir(code.projectRoot, { recursive: true });
  await bed.stage(code);
  expect(await readdir(code.projectRoot, { recursive: true })).toEqual(files);
});

test("errors name file, line, column and source line, and what to install", async () => {
  const code = await bed.project({
    [INDEX]: 'import { a } from "./part.ts";\nexport const train = a;\n',
    "model/model_modules/part.ts": 'import { b } from "@scope/not-there";\nexport const a = b;\nexport const c = ;\n',
  });
  const syntax = await failureOf(code);
  expect(syntax).toMatchObject({
    code: "BUNDLE_FAILED",
    message: expect.stringContaining("model_modules/part.ts:3:18: Unexpected") as string,
  });
  expect(syntax.message).toContain("export const c = ;");
  await writeFile(
    join(code.codeRoot, "model_modules/part.ts"),
    'import { b } from "@scope/not-there/part";\nexport const a = b;\n',
  );
  expect(await failureOf(code)).toMatchObject({
    hint: expect.stringMatching(/npm install @scope\/not-there$/) as string,
    details: {
      errors: [
        { file: "model_modules/part.ts", line: 1, column: 19, source: 'import { b } from "@scope/not-there/part";' },
      ],
    },
  });
});

test("a definition without an entry file is told which one to create", async () => {
  expect(await failureOf(await bed.project({ "model/model_modules/other.ts": "" }))).toMatchObject({
    code: "CODE_MISSING",
    hint: expect.stringContaining("model_modules/index.ts") as string,
  });
});

test("an interrupted command does not bundle", async () => {
  const code = await bed.project({ [INDEX]: "" });
  const request = {
    code,
    cacheFolder: join(bed.folder, "unused"),
    onProgress: () => undefined,
    signal: AbortSignal.abort(),
  };
  await expect(bed.runtime.stage(request)).rejects.toMatchObject({ code: "INTERRUPTED" });
});

test("a compiled add-on says that it cannot be bundled, and only when it is loaded", async () => {
  const addOn = {
    "node_modules/native/index.js": 'module.exports = require("bindings")("native.node")',
    "node_modules/bindings/index.js": "",
    "node_modules/direct/index.js": 'module.exports = require("./build/direct.node")',
    "node_modules/direct/build/direct.node": "\u007fELF",
    "node_modules/platform/index.js": 'module.exports = require("platform-linux")',
    "node_modules/platform-linux/package.json": '{"main": "platform.node"}',
    "node_modules/platform-linux/platform.node": "\u007fELF",
  };
  const optional = await bed.project({
    ...addOn,
    [INDEX]: `const codeOf = (load) => { try { load(); return "loaded" } catch (error) { return error.code } };
      export function train() { console.log(codeOf(() => require("native")), codeOf(() => require("platform"))) }`,
  });
  expect(await outputOf(optional)).toBe("MODULE_NOT_FOUND MODULE_NOT_FOUND");
  const needed = await bed.project({ ...addOn, [INDEX]: 'import "direct"; export function train() {}' });
  const { result } = await bed.runJob((await bed.stage(needed)).codeRoot);
  expect(result?.error?.message).toMatch(/^direct has a compiled add-on/);
});

test("code may declare the names that bundling provides", async () => {
  const code = await bed.project({
    [INDEX]: `import { createRequire } from "node:module"; import { dirname } from "node:path"; import { fileURLToPath } from "node:url";
      const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename);
      export function train() { console.log(require("node:fs").readFileSync(__dirname + "/table.txt", "utf8")) }`,
    "model/model_modules/table.txt": "beside",
  });
  expect(await outputOf(code)).toBe("beside");
});

test("what a version keeps names no place of this machine", async () => {
  const files = { [INDEX]: USES_PACKAGE, "model/config.json": "{}", "node_modules/pack/index.js": "exports.name = 1" };
  const [one, other] = [await bed.project(files), await bed.project(files)];
  const [first, second] = [await bed.stage(one), await bed.stage(other)];
  expect(first.files.map((file) => file.path)).toEqual([
    "model_modules/index.bundle.mjs",
    "model_modules/index.bundle.mjs.map",
    "model_modules/index.ts",
    "config.json",
  ]);
  for (const [index, { source }] of first.files.entries()) {
    const text = await readFile(source, "utf8");
    expect(text).not.toContain(bed.folder);
    expect(await readFile(second.files[index]?.source ?? "", "utf8")).toBe(text);
  }
});

test("a bundle that lies ready is used until a source beside it changes", async () => {
  const code = await bed.project({ [INDEX]: "export function train() { console.log(1) }" });
  const staged = await bed.stage(code);
  for (const { source, path } of staged.files) {
    const target = join(code.codeRoot, path);
    await mkdir(join(target, ".."), { recursive: true });
    await writeFile(target, await readFile(source));
  }
  const fetched = { ...code, codeFiles: staged.files.map((file) => file.path) };
  const digest = await digestFolder(code.codeRoot, fetched.codeFiles);
  expect((await bed.stage(fetched)).codeRoot).toBe(join(code.codeRoot, "model_modules/index.bundle.mjs"));
  await writeFile(join(code.projectRoot, INDEX), "export function train() { console.log(2) }");
  expect(await outputOf(fetched)).toBe("2");
  await writeFile(join(code.projectRoot, INDEX), "export function train() { console.log(1) }");
  expect(await digestFolder(code.codeRoot, fetched.codeFiles)).toBe(digest);
});
