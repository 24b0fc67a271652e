import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

import { lockHeader } from "../../src/environments/built/lock.ts";
import { chooseInterpreter, type InterpreterWishes } from "../../src/environments/interpreter/choose-interpreter.ts";
import type { InterpreterRequest } from "../../src/environments/interpreter/find-interpreter.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { testFolder } from "../process/support/test-folder.ts";

const SHIM = "#!/bin/sh\necho 'shim: command not found' >&2\nexit 127\n";

/** A program that says of itself that it is this version of Python. */
function python(version: string): string {
  const answer = {
    ...{ implementation: "CPython", version, platform: "linux-x86_64", machine: "x86_64" },
    ...{ abi: `cpython-${version.split(".").slice(0, 2).join("")}` },
    ...{ executable: `/opt/python-${version}`, baseExecutable: `/opt/python-${version}` },
  };
  return `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`;
}

async function machine(
  programs: Readonly<Record<string, string>>,
  searchFolders: readonly string[] = ["a", "b"],
): Promise<InterpreterRequest> {
  const folder = await testFolder();
  for (const [name, code] of Object.entries(programs)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), code);
    await chmod(join(folder, name), 0o755);
  }
  return {
    ...{ interpreter: null, workingFolder: folder, cacheFolder: join(folder, "cache"), log: silentLog },
    searchPath: searchFolders.map((name) => join(folder, name)).join(":"),
    runtimesFolder: resolve(import.meta.dirname, "../../runtimes/python"),
    variables: { PATH: process.env["PATH"] ?? "" },
    signal: new AbortController().signal,
  };
}

async function chosen(request: InterpreterRequest, wishes: Partial<InterpreterWishes>): Promise<string> {
  return (await chooseInterpreter(request, { pythons: [], lock: null, ...wishes })).version;
}

const asks = (requirement: string) => ({ pythons: [{ path: "pyproject.toml", requirement }] });

test("the newest Python that really runs and satisfies the requirement is taken", async () => {
  const request = await machine({
    "a/python3": python("3.9.18"),
    "a/python3.12": SHIM,
    "b/python3.10": python("3.10.4"),
    "b/python3.11": python("3.11.7"),
    "b/python3.13": python("3.13.0"),
  });
  expect(await chosen(request, {})).toBe("3.9.18");
  expect(await chosen(request, asks(">=3.8"))).toBe("3.13.0");
  expect(await chosen(request, asks(">=3.8,<3.13"))).toBe("3.11.7");
  expect(await chosen(request, asks("==3.8.* || ==3.10.*"))).toBe("3.10.4");
  expect(await chosen(request, asks("<3.10"))).toBe("3.9.18");
  expect(await chosen(request, asks("nonsense"))).toBe("3.13.0");
});

test("==3.8 takes any 3.8 where there is no 3.8.0", async () => {
  const request = await machine({
    "a/python3": python("3.9.18"),
    "b/python3.8": python("3.8.18"),
    "b/python3.80": python("3.80.1"),
  });
  expect(await chosen(request, asks("==3.8"))).toBe("3.8.18");
  expect(await chosen(request, asks("== 3.8 , <4"))).toBe("3.8.18");
  await expect(chosen(request, asks("==3.8.1"))).rejects.toMatchObject({ code: "INTERPRETER_NOT_FOUND" });
  await expect(chosen(request, asks("===3.8"))).rejects.toMatchObject({ code: "INTERPRETER_NOT_FOUND" });
  const exact = await machine({ "a/python3.8": python("3.8.0"), "b/python3.8": python("3.8.18") });
  expect(await chosen(exact, asks("==3.8"))).toBe("3.8.0");
});

test("an interpreter that is named is taken whatever the requirement says", async () => {
  const request = await machine({ "a/python3": python("3.9.18"), "b/python3.13": python("3.13.0") });
  expect(await chosen({ ...request, interpreter: "python3" }, asks(">=3.13"))).toBe("3.9.18");
});

test("a version's lock is installed with the kind of interpreter that it was made for", async () => {
  const request = await machine({ "a/python3": python("3.13.0"), "b/python3.10": python("3.10.4") });
  const older = await chooseInterpreter(request, { ...asks("<3.11"), lock: null });
  expect(await chosen(request, { lock: lockHeader(older) })).toBe("3.10.4");
  // Not here: as if there were no lock.
  expect(await chosen(request, { lock: lockHeader({ ...older, version: "3.8.1" }) })).toBe("3.13.0");
});

test("what pyenv has installed but does not offer counts when nothing else does", async () => {
  const request = await machine(
    {
      "pyenv/libexec/pyenv": SHIM,
      "pyenv/shims/python3.8": SHIM,
      "pyenv/versions/3.8.18/bin/python3": python("3.8.18"),
      "pyenv/versions/3.12.1/bin/python3": python("3.12.1"),
      "b/python3": python("3.11.2"),
    },
    ["pyenv/shims", "b"],
  );
  expect(await chosen(request, asks("<3.9"))).toBe("3.8.18");
  expect(await chosen(request, asks(">=3.11"))).toBe("3.11.2");
});

test("when none satisfies, those that there are are named, and what was asked for", async () => {
  const request = await machine({
    "a/python3": python("3.9.18"),
    "a/python3.11": SHIM,
    "b/python3.10": python("3.10.4"),
  });
  await expect(chosen(request, asks(">=3.11,<4"))).rejects.toMatchObject({
    code: "INTERPRETER_NOT_FOUND",
    message: expect.stringMatching(
      /^The model asks for Python >=3\.11,<4 \(pyproject\.toml\)\. Found: CPython 3\.9\.18 \(\/opt\/python-3\.9\.18\), CPython 3\.10\.4 \(\/opt\/python-3\.10\.4\)\. Not usable: \S+\/a\/python3\.11 ended with exit code 127/,
    ) as string,
    hint: expect.stringContaining("--python") as string,
  });
  await expect(chosen(await machine({ "a/python3": SHIM }), asks(">=3.8"))).rejects.toMatchObject({
    message: expect.stringContaining("no usable Python") as string,
  });
});
