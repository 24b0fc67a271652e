import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { testPython } from "../support/test-python.ts";
import { makeWheel } from "./support/make-wheel.ts";
import { makeWorkshop, sharePip, type Workshop } from "./support/workshop.ts";

sharePip();

/** The tests' Python environment brings uv. */
const uv = { installer: "uv", searchPath: `${dirname(testPython())}:/usr/bin:/bin` } as const;

function ask(interpreter: string, program: string): string {
  return execFileSync(interpreter, ["-c", program], { encoding: "utf8" }).trim();
}

test("uv makes the lock that pip makes, and the environment from it", async () => {
  const [withUv, withPip] = [await makeWorkshop(), await makeWorkshop()];
  for (const { wheels } of [withUv, withPip]) {
    makeWheel(wheels, { name: "upper", version: "1.0", requires: ["Lower_Case>=1"] });
    makeWheel(wheels, { name: "lower_case", version: "1.5" });
  }
  const text = 'upper==1.0  # pinned\nlower-case<2 ; python_version > "3"\n';
  const environment = await withUv.prepare(text, uv);
  const hash = sha256(await readFile(join(withUv.wheels, "upper-1.0-py3-none-any.whl")));
  expect(environment.lock).toContain(`upper==1.0 --hash=sha256:${hash}\n`);
  expect(ask(environment.interpreter, "import upper, lower_case; print(upper.version, lower_case.version)")).toBe(
    "1.0 1.5",
  );
  const listed = "import importlib.metadata as m; print(sorted(d.metadata['Name'] for d in m.distributions()))";
  expect(ask(environment.interpreter, listed)).toBe("['lower_case', 'upper']");
  const lock = environment.lock ?? "";
  const again = await withPip.prepare("cannot-be-resolved", { lock });
  expect(again).toMatchObject({ lock, packages: environment.packages, digest: environment.digest });
  expect(await withUv.leftovers()).not.toContainEqual(expect.stringMatching(/\.(tmp|half)$/));
});

test("uv installs what pip has locked, and refuses a file that is another one", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "moving", version: "1.0" });
  const { lock, interpreter } = await workshop.prepare("moving");
  await rm(dirname(dirname(interpreter)), { recursive: true });
  expect((await workshop.prepare("moving", { ...uv, lock })).packages).toEqual(["moving==1.0"]);
  await rm(dirname(dirname(interpreter)), { recursive: true });
  makeWheel(workshop.wheels, { name: "moving", version: "1.0", requires: ["changed"] });
  await expect(workshop.prepare("moving", { ...uv, lock })).rejects.toMatchObject({
    code: "ENVIRONMENT_FAILED",
    message: expect.stringContaining("moving==1.0") as string,
    hint: expect.stringContaining("--upgrade") as string,
  });
});

test("a package that is named by its path is locked by its hash and told with its version", async () => {
  const workshop = await makeWorkshop();
  const path = makeWheel(workshop.home, { name: "mine", version: "1.0" });
  const environment = await workshop.prepare(`mine @ file://${path}\n`, uv);
  expect(environment.packages).toEqual(["mine==1.0"]);
  expect(environment.lock).toMatch(/^mine @ file:\/\/\S+ --hash=sha256:[0-9a-f]{64} # mine==1\.0$/m);
});

test("what uv cannot do is told in few words, without credentials, and its log is kept", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "known", version: "1.0" });
  const failure = (await workshop.prepare("known==9.9\n", uv).catch((error: unknown) => error)) as Error & {
    details: { logFile: string };
  };
  expect(failure).toMatchObject({ code: "ENVIRONMENT_FAILED" });
  expect(failure.message).toContain("known==9.9");
  expect(failure.message.split("\n").length).toBeLessThan(12);
  expect(await readFile(failure.details.logFile, "utf8")).toContain("uv pip compile");
  const variables = {
    ...workshop.request.variables,
    ...{ PIP_NO_INDEX: "0", PIP_INDEX_URL: "http://user:secret@127.0.0.1:9/simple", UV_HTTP_TIMEOUT: "1" },
  };
  const unreachable = (await workshop
    .prepare("other==1.0\n", { ...uv, variables })
    .catch((error: unknown) => error)) as Error & { hint: string };
  expect(unreachable.hint).toContain("can be reached");
  expect(unreachable.message).not.toContain("secret");
});

test("uv is used where there is one, pip where there is none or the project says so", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "some", version: "1.0" });
  const broken = join(workshop.home, "shims");
  await mkdir(broken);
  await writeFile(join(broken, "uv"), "#!/bin/sh\nexit 127\n");
  await chmod(join(broken, "uv"), 0o755);
  const usedBy = async (fields: Parameters<Workshop["prepare"]>[1]): Promise<string> => {
    const lock = await workshop.prepare("some", { ...fields, upgrade: true });
    expect(lock.packages).toEqual(["some==1.0"]);
    const folder = join(workshop.home, "environments/logs");
    const [name = ""] = execFileSync("ls", ["-t", folder], { encoding: "utf8" })
      .split("\n")
      .filter((file) => file.startsWith("resolve-"));
    return (await readFile(join(folder, name), "utf8")).includes("-m pip install") ? "pip" : "uv";
  };
  expect(await usedBy({ ...uv, installer: "auto" })).toBe("uv");
  expect(await usedBy({ ...uv, installer: "pip" })).toBe("pip");
  expect(await usedBy({ installer: "auto", searchPath: `${broken}:/usr/bin:/bin` })).toBe("pip");
  await expect(
    workshop.prepare("some", { installer: "uv", searchPath: `${broken}:/usr/bin:/bin`, upgrade: true }),
  ).rejects.toMatchObject({
    code: "ENVIRONMENT_FAILED",
    message: expect.stringContaining(`${broken}/uv does not work`) as string,
  });
});
