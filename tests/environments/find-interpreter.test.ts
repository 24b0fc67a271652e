import { chmod, mkdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

import { findInterpreter, type InterpreterRequest } from "../../src/environments/interpreter/find-interpreter.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { testPython } from "../support/test-python.ts";

async function makeRequest(programs: Readonly<Record<string, string>>): Promise<InterpreterRequest> {
  const folder = await testFolder();
  const paths = Object.keys(programs).map((name) => join(folder, name));
  for (const [name, code] of Object.entries(programs)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), code);
    await chmod(join(folder, name), 0o755);
  }
  const searchPath = [...new Set(paths.map((path) => dirname(path)))].join(":");
  return {
    ...{ interpreter: null, searchPath, workingFolder: folder, cacheFolder: join(folder, "cache"), log: silentLog },
    runtimesFolder: resolve(import.meta.dirname, "../../runtimes/python"),
    variables: { PATH: process.env["PATH"] ?? "" },
    signal: new AbortController().signal,
  };
}

const shim = "#!/bin/sh\necho 'shim: python3: command not found' >&2\nexit 127\n";
const wrapper = `#!/bin/sh\nexec "${testPython()}" "$@"\n`;

test("a shim that only complains is passed over", async () => {
  const request = await makeRequest({ "a/python3": shim, "b/python3": wrapper });
  const interpreter = await findInterpreter(request);
  expect(interpreter.executable).toBe(testPython());
  expect(interpreter.version).toMatch(/^3\.\d+/);
});

test("without a usable interpreter everything that was tried is told, with what it said", async () => {
  const old = `#!/bin/sh\necho '${JSON.stringify({
    ...{ implementation: "CPython", version: "2.7.18", platform: "linux", machine: "x", abi: "" },
    ...{ executable: "/old/python", baseExecutable: "/old/python" },
  })}'\n`;
  const request = await makeRequest({ "a/python3": shim, "b/python3": "#!/bin/sh\necho hello\n", "b/python": old });
  await expect(findInterpreter(request)).rejects.toMatchObject({
    code: "INTERPRETER_NOT_FOUND",
    details: {
      tried: [
        expect.stringMatching(/a\/python3 ended with exit code 127: shim: python3: command not found$/),
        expect.stringMatching(/b\/python3 is not Python$/),
        expect.stringMatching(/b\/python is CPython 2\.7\.18; models need Python 3\.8 or newer$/),
      ],
    },
  });
  await expect(findInterpreter({ ...request, searchPath: "" })).rejects.toMatchObject({
    message: expect.stringContaining("python3 or python is not on the search path") as string,
  });
  await expect(findInterpreter({ ...request, interpreter: "/no/such/python" })).rejects.toMatchObject({
    message: expect.stringContaining("/no/such/python does not exist") as string,
  });
});

test("an interpreter can be named by its path, its name, or the folder of its environment", async () => {
  const request = await makeRequest({ "a/python3": shim, "b/mine": wrapper });
  for (const interpreter of [testPython(), "mine", "b/mine", dirname(dirname(testPython()))])
    expect((await findInterpreter({ ...request, interpreter })).executable).toBe(testPython());
});

test("a probed interpreter is not run again until it changes; a wrapper is run every time", async () => {
  const counting = `#!/bin/sh\necho run >> "$0.log"\nexec "${testPython()}" "$@"\n`;
  const request = await makeRequest({ "a/python3": counting });
  await findInterpreter(request);
  await findInterpreter(request);
  expect(await readFile(join(request.workingFolder, "a/python3.log"), "utf8")).toBe("run\nrun\n");
  const first = await findInterpreter({ ...request, interpreter: testPython() });
  const unable = { ...request, runtimesFolder: "/nowhere", interpreter: testPython() };
  expect(await findInterpreter(unable)).toEqual(first);
});

test("what a pyenv shim starts is remembered until the version is chosen anew", async () => {
  const request = await makeRequest({ "pyenv/shims/python3": wrapper, "pyenv/libexec/pyenv": "" });
  const searchPath = join(request.workingFolder, "pyenv/shims");
  // Files that are new can still change unseen, so what depends on them is not remembered.
  const longAgo = new Date("2020-01-01");
  await utimes(join(searchPath, "python3"), longAgo, longAgo);
  const first = await findInterpreter({ ...request, searchPath });
  const unable = { ...request, searchPath, runtimesFolder: "/nowhere" };
  expect(await findInterpreter(unable)).toEqual(first);
  await writeFile(join(request.workingFolder, ".python-version"), "3.8\n");
  await expect(findInterpreter(unable)).rejects.toMatchObject({ code: "INTERPRETER_NOT_FOUND" });
});

test("an interpreter that gives no answer is stopped with the command", async () => {
  const request = await makeRequest({ "a/python3": "#!/bin/sh\nsleep 600\n" });
  await expect(findInterpreter({ ...request, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
});

test("links to interpreters are told apart, for an environment is one", async () => {
  const request = await makeRequest({ "a/other": "" });
  await symlink(testPython(), join(request.workingFolder, "a/python3"));
  expect((await findInterpreter(request)).version).toMatch(/^3\./);
});
