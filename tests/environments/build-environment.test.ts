import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { sha256 } from "../../src/kernel/digest.ts";
import { makeWheel, type WheelSpec } from "./support/make-wheel.ts";
import { makeWorkshop, sharePip, type Workshop } from "./support/workshop.ts";

sharePip();

function ask(interpreter: string, program: string): string {
  return execFileSync(interpreter, ["-c", program], { encoding: "utf8" }).trim();
}

/** The lock that resolving would lead to, without asking pip. */
async function lockOf(workshop: Workshop, wheel: WheelSpec, path: string): Promise<string> {
  const { lock } = await workshop.prepare("", { requirements: [] });
  return `${lock ?? ""}${wheel.name}==${wheel.version} --hash=sha256:${sha256(await readFile(path))}\n`;
}

test("an environment holds the whole closure of the requirements, pinned by hash, and nothing else", async () => {
  const workshop = await makeWorkshop();
  const upper = makeWheel(workshop.wheels, { name: "upper", version: "1.0", requires: ["lower>=1"] });
  const lower = makeWheel(workshop.wheels, { name: "lower", version: "1.5" });
  const environment = await workshop.prepare("upper==1.0\n");
  const hash = async (path: string): Promise<string> => sha256(await readFile(path));
  expect(environment.lock?.split("\n").slice(1)).toEqual([
    `lower==1.5 --hash=sha256:${await hash(lower)}`,
    `upper==1.0 --hash=sha256:${await hash(upper)}`,
    "",
  ]);
  expect(environment).toMatchObject({ origin: "built", packages: ["lower==1.5", "upper==1.0"], unmet: [] });
  const listed = "import importlib.metadata as m; print(sorted(d.metadata['Name'] for d in m.distributions()))";
  expect(ask(environment.interpreter, listed)).toBe("['lower', 'upper']");
  expect(await workshop.leftovers()).not.toContainEqual(expect.stringMatching(/\.(tmp|half)$/));
});

test("a second model with the same requirements starts no program", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "shared", version: "1.0" });
  const first = await workshop.prepare("shared==1.0");
  // Without the tool's Python half nothing could be probed, resolved or installed.
  const second = await workshop.prepare("# another model\r\n\r\nshared==1.0   # the same package\r\n", {
    runtimesFolder: join(workshop.home, "nowhere"),
  });
  expect({ ...second, preparedInMs: 0 }).toEqual({ ...first, preparedInMs: 0 });
});

test("a model without requirements gets an environment without packages", async () => {
  const workshop = await makeWorkshop();
  const environment = await workshop.prepare("# nothing\n", { requirements: [] });
  expect(environment).toMatchObject({ origin: "built", packages: [] });
  const program = "import importlib.util, sys; print(importlib.util.find_spec('pip'), sys.prefix != sys.base_prefix)";
  expect(ask(environment.interpreter, program)).toBe("None True");
  expect(workshop.steps).toEqual([]);
});

test("comments, continued lines, markers, hashes and Windows line ends are understood", async () => {
  const workshop = await makeWorkshop();
  const pinned = makeWheel(workshop.wheels, { name: "pinned", version: "1.0" });
  makeWheel(workshop.wheels, { name: "skipped", version: "1.0" });
  const environment = await workshop.prepare(
    [
      "\uFEFF# what the model needs",
      "pinned==1.0 \\",
      `    --hash=sha256:${sha256(await readFile(pinned))}  # by hash`,
      'skipped==1.0 ; python_version < "3"',
      "",
    ].join("\r\n"),
  );
  expect(environment.packages).toEqual(["pinned==1.0"]);
});

test("a wheel that is named by its path is resolved anew when it was built anew", async () => {
  const workshop = await makeWorkshop();
  const path = makeWheel(workshop.home, { name: "mine", version: "1.0" });
  const first = await workshop.prepare(`${path}\n`);
  expect(first.packages).toEqual(["mine==1.0"]);
  makeWheel(workshop.home, { name: "mine", version: "1.0", requires: ["lower"] });
  makeWheel(workshop.wheels, { name: "lower", version: "2.0" });
  const second = await workshop.prepare(`${path}\n`);
  expect(second.packages).toEqual(["lower==2.0", "mine==1.0"]);
});

test("a lock is kept until --upgrade", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "moving", version: "1.0" });
  await workshop.prepare("moving");
  makeWheel(workshop.wheels, { name: "moving", version: "2.0" });
  expect((await workshop.prepare("moving")).packages).toEqual(["moving==1.0"]);
  expect((await workshop.prepare("moving", { upgrade: true })).packages).toEqual(["moving==2.0"]);
});

test("a published version's lock is installed as it is", async () => {
  const workshop = await makeWorkshop();
  const wheel = { name: "moving", version: "1.0", requires: ["not-in-the-lock"] };
  const lock = await lockOf(workshop, wheel, makeWheel(workshop.wheels, wheel));
  const { interpreter, ...environment } = await workshop.prepare("cannot-be-resolved", { lock });
  expect(environment).toMatchObject({ lock, origin: "built", packages: ["moving==1.0"] });
  expect(ask(interpreter, "import moving; print(moving.version)")).toBe("1.0");
  expect(workshop.steps).not.toContain("environment.resolving");
});

test("a lock for another kind of interpreter is resolved anew, and that is said", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "moving", version: "1.0" });
  const lock = "# modelwright lock 1: CPython 2.7 other\nmoving==0.1 --hash=sha256:00\n";
  expect((await workshop.prepare("moving", { lock })).packages).toEqual(["moving==1.0"]);
  expect(workshop.steps[0]).toBe("environment.lock-unfit");
});

test("a file that is not the one of the lock is not installed", async () => {
  const workshop = await makeWorkshop();
  const wheel = { name: "moving", version: "1.0" };
  const lock = await lockOf(workshop, wheel, makeWheel(workshop.wheels, wheel));
  makeWheel(workshop.wheels, { ...wheel, requires: ["changed"] });
  const before = await workshop.leftovers();
  await expect(workshop.prepare("moving", { lock })).rejects.toMatchObject({
    code: "ENVIRONMENT_FAILED",
    message: expect.stringContaining("moving==1.0") as string,
    hint: expect.stringContaining("--upgrade") as string,
  });
  expect(await workshop.leftovers()).toEqual(before);
});

test("a lock can hold nothing but packages with hashes", async () => {
  const workshop = await makeWorkshop();
  const { lock } = await workshop.prepare("");
  for (const line of ["--index-url https://example.org", "moving==1.0", "moving==1.0 --hash=md5:00", "-r /etc/passwd"])
    await expect(workshop.prepare("", { lock: `${lock ?? ""}${line}\n` })).rejects.toMatchObject({
      code: "ENVIRONMENT_FAILED",
    });
});

test("an environment whose interpreter is gone or whose ready file is damaged is built anew", async () => {
  const workshop = await makeWorkshop();
  const { interpreter } = await workshop.prepare("", { requirements: [] });
  const environment = dirname(dirname(interpreter));
  const readyFile = join(environment, "ready.json");
  const ready = await readFile(readyFile, "utf8");
  for (const spoil of [() => rm(interpreter), () => writeFile(readyFile, ready.slice(1)), () => rm(readyFile)]) {
    await writeFile(join(environment, "stale"), "");
    await spoil();
    expect((await workshop.prepare("", { requirements: [] })).interpreter).toBe(interpreter);
    expect(await readFile(readyFile, "utf8")).toBe(ready);
    expect(await readdir(environment)).not.toContain("stale");
  }
});

test("a requirement that does not exist is named in few words, and the whole log is kept", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "known", version: "1.0" });
  const failure = await workshop.prepare("known==9.9\n").catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "ENVIRONMENT_FAILED", kind: "environment" });
  const { message, details } = failure as { message: string; details: { logFile: string } };
  expect(message).toContain("No matching distribution found for known==9.9");
  expect(message).toContain("requirements.txt");
  expect(message.split("\n").length).toBeLessThan(5);
  expect(message).toContain(details.logFile);
  expect(await readFile(details.logFile, "utf8")).toContain("from versions: 1.0");
  expect(await workshop.leftovers()).toEqual([]);
});

test("versions that pip left out because of the interpreter are told", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "future", version: "1.0", requiresPython: ">=9" });
  await expect(workshop.prepare("future==1.0")).rejects.toMatchObject({
    message: expect.stringMatching(/Python.*>=9/) as string,
    hint: expect.stringContaining("--python") as string,
  });
});

test("what cannot be pinned by hash is refused by name, without its credentials", async () => {
  const workshop = await makeWorkshop();
  const failure = await workshop
    .prepare("mine @ git+https://user:secret@example.org/mine.git\n")
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "ENVIRONMENT_FAILED" });
  expect((failure as Error).message).toContain("git+https://****@example.org/mine.git");
  expect(workshop.steps).toEqual([]);
});

test("credentials of an index stand neither in the message nor in the log", async () => {
  const workshop = await makeWorkshop();
  const failure = await workshop
    .prepare("--extra-index-url http://user:secret@127.0.0.1:9/simple\nknown==1.0\n", {
      variables: {
        ...workshop.request.variables,
        ...{ PIP_NO_INDEX: "0", PIP_INDEX_URL: "http://token@127.0.0.1:9/simple", PIP_RETRIES: "0" },
      },
    })
    .catch((error: unknown) => error);
  const { message, details, hint } = failure as { message: string; hint: string; details: { logFile: string } };
  const log = await readFile(details.logFile, "utf8");
  expect(log).toContain("127.0.0.1:9/simple");
  expect(`${message} ${hint} ${log}`).not.toMatch(/secret|token/);
  expect(hint).toContain("can be reached");
});

test("variables that would send packages elsewhere do not", async () => {
  const workshop = await makeWorkshop();
  makeWheel(workshop.wheels, { name: "moving", version: "1.0" });
  const target = join(workshop.home, "target");
  const { interpreter } = await workshop.prepare("moving", {
    variables: { ...workshop.request.variables, PIP_TARGET: target, PIP_USER: "1", PIP_NO_DEPS: "1", PIP_LOG: target },
  });
  expect(ask(interpreter, "import moving; print(moving.version)")).toBe("1.0");
});

test("packages come from the index that pip is set up for", async () => {
  const workshop = await makeWorkshop();
  const variables = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|PIP_.*|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|.*_proxy)$/i.test(name),
  ) as [string, string][];
  const environment = await workshop.prepare("six==1.16.0\n", { variables: Object.fromEntries(variables) });
  expect(environment.packages).toEqual(["six==1.16.0"]);
  expect(ask(environment.interpreter, "import six; print(six.__version__)")).toBe("1.16.0");
});
