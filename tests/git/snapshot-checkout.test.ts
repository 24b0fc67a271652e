import { execFileSync } from "node:child_process";
import { mkdir, open, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";

import { checkOutCode } from "../../src/git/snapshot/check-out-code.ts";
import { snapshotCheckout, type GitCode } from "../../src/git/snapshot/snapshot-checkout.ts";
import { photograph } from "../cli/support/checkout.ts";
import { testFolder } from "../process/support/test-folder.ts";

const PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n";

let root: string;
let repository: string;
let state: string;
let variables: Readonly<Record<string, string>>;

beforeEach(async () => {
  root = await testFolder();
  repository = join(root, "repository");
  state = join(root, "state");
  variables = { PATH: process.env["PATH"] ?? "", HOME: root, GIT_DIR: "/nowhere" };
  await mkdir(repository);
});

function git(...parameters: string[]): string {
  const env = { PATH: process.env["PATH"], HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", parameters, { cwd: repository, env, encoding: "utf8", stdio: "pipe" }).trim();
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
}

async function commitAll(files: Readonly<Record<string, string>>): Promise<void> {
  await write(files);
  git("init", "-q", "-b", "main");
  git("config", "user.email", "ada@example.org");
  git("config", "user.name", "Ada");
  git("add", ".");
  git("commit", "-q", "-m", "first");
}

const COMMITTED = { "models/churn/model.json": "{}", "models/churn/train.py": "one", "lib/other.py": "other" };

async function snapshot(codeFiles = ["model.json", "train.py"]): Promise<GitCode> {
  const request = {
    ...{ folder: join(repository, "models/churn"), codeFiles },
    unread: [join(repository, ".modelwright")],
    codeFolder: join(state, "code"),
    temporaryFolder: join(state, "tmp"),
  };
  const code = await snapshotCheckout(request, { variables });
  if (code === null) throw new Error("There is no repository.");
  return code;
}

/** Text of every file of the code that was kept, by path. */
async function keptFiles(code: GitCode): Promise<Readonly<Record<string, string>>> {
  const target = join(await testFolder(), "code");
  const record = { ...code, project: repository };
  await checkOutCode(record, { target, codeFolder: join(state, "code"), temporaryFolder: root }, { variables });
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(target.length + 1), await readFile(file, "utf8")] as const);
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Everything that is stored, decompressed: what must not hold a secret. */
function storedText(code: GitCode): string {
  const bundle = join(state, "code", code.stored ?? "");
  const listed = execFileSync("git", ["bundle", "list-heads", bundle], { cwd: repository, encoding: "utf8" });
  git("bundle", "unbundle", bundle);
  const commit = listed.split(" ")[0] ?? "";
  return git("log", "-p", "--binary", `main..${commit}`);
}

test("a clean checkout is its commit, and nothing is stored", async () => {
  await commitAll(COMMITTED);
  const code = await snapshot();
  expect(code).toMatchObject({ kind: "commit", commit: git("rev-parse", "HEAD"), stored: null, leftOutCount: 0 });
  expect(code).toMatchObject({ root: repository, definition: "models/churn" });
  await expect(stat(join(state, "code"))).rejects.toThrow("ENOENT");
  expect(await keptFiles(code)).toEqual(COMMITTED);
});

test("a changed checkout is kept as it is: changes, staged or not, new, removed, moved and executable files, links", async () => {
  await commitAll({ ...COMMITTED, "gone.txt": "gone", "moved.txt": "moved", "staged.txt": "1" });
  await write({ "models/churn/train.py": "two", "models/churn/new file é.py": "new", "staged.txt": "2" });
  git("add", "staged.txt");
  await write({ "staged.txt": "3", "run.sh": "#!/bin/sh\n" });
  execFileSync("chmod", ["+x", join(repository, "run.sh")]);
  await rm(join(repository, "gone.txt"));
  git("mv", "moved.txt", "here.txt");
  await symlink("train.py", join(repository, "models/churn/link.py"));
  const code = await snapshot();
  expect(code).toMatchObject({ kind: "snapshot", base: git("rev-parse", "HEAD"), leftOut: [] });
  expect(await keptFiles(code)).toEqual({
    ...COMMITTED,
    "models/churn/train.py": "two",
    "models/churn/new file é.py": "new",
    "staged.txt": "3",
    "here.txt": "moved",
    "run.sh": "#!/bin/sh\n",
  });
  expect([...code.changed].sort()).toContain("models/churn/link.py");
});

test("the checkout and its repository stay byte-identical, times included", async () => {
  await commitAll(COMMITTED);
  await write({ "models/churn/train.py": "two", "new.py": "new" });
  git("add", "new.py");
  await write({ "new.py": "newer" });
  const before = await photograph(repository);
  await snapshot();
  expect(await photograph(repository)).toEqual(before);
});

test("secrets are listed and not stored, whether new, staged or changed; a committed one stays as it was committed", async () => {
  await commitAll({ ...COMMITTED, "settings.key": "old key", "notes.txt": "notes" });
  await write({
    ".env": "PASSWORD=hunter2",
    "certs/server.pem": PRIVATE_KEY,
    "models/churn/embedded.py": `KEY = """${PRIVATE_KEY}"""`,
    "settings.key": "new key",
    "notes.txt": `notes and ${PRIVATE_KEY}`,
    "models/churn/train.py": "two",
    id_rsa: "hunter2",
  });
  git("add", "--force", ".env", "settings.key");
  const code = await snapshot();
  const secrets = code.leftOut.filter(({ reason }) => reason === "secret").map(({ path }) => path);
  expect([...secrets].sort()).toEqual(
    [".env", "certs/server.pem", "id_rsa", "models/churn/embedded.py", "notes.txt", "settings.key"].sort(),
  );
  expect(await keptFiles(code)).toEqual({
    ...COMMITTED,
    "models/churn/train.py": "two",
    "settings.key": "old key",
    "notes.txt": "notes",
  });
  expect(storedText(code)).toContain("+two");
  expect(storedText(code)).not.toMatch(/hunter2|PRIVATE KEY|new key/);
});

test("an untracked file of 2 GB is listed, not read", async () => {
  await commitAll(COMMITTED);
  await write({ "models/churn/train.py": "two" });
  const file = await open(join(repository, "data.bin"), "w");
  await file.truncate(2 * 1024 ** 3);
  await file.close();
  const startedAt = performance.now();
  const code = await snapshot();
  // Reading it would take eight seconds or more.
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  expect(code.leftOut).toEqual([{ path: "data.bin", reason: "large", sizeBytes: 2 * 1024 ** 3 }]);
  expect((await stat(join(state, "code", code.stored ?? ""))).size).toBeLessThan(10_000);
});

test("ignored files, environments, installed packages and the state folder are left alone", async () => {
  await commitAll({ ...COMMITTED, ".gitignore": "*.log\n" });
  await write({
    "train.log": "log",
    "env39/pyvenv.cfg": "home = /usr",
    "env39/lib/package.py": "package",
    "node_modules/left/index.js": "left",
    ".modelwright/runs/one/run.json": "{}",
  });
  expect(await snapshot()).toMatchObject({ kind: "commit", leftOut: [] });
});

test("code that git ignores is told, and a definition that it ignores as a whole is not git's", async () => {
  await commitAll({ ...COMMITTED, ".gitignore": "train.py\n" });
  const leftOut = [{ path: "models/churn/train.py", reason: "ignored", sizeBytes: null }];
  expect(await snapshot()).toMatchObject({ kind: "commit", leftOut });
  await write({ ".gitignore": "models/\n" });
  git("rm", "-q", "-r", "--cached", "models");
  git("commit", "-q", "-a", "-m", "second");
  await expect(snapshot()).rejects.toThrow("no repository");
});

test("code beyond a link is kept where it lies, and told where git ignores it there", async () => {
  await write({ ".gitignore": "*.txt\n", "lib/names.txt": "ignored" });
  await mkdir(join(repository, "models/churn"), { recursive: true });
  await symlink("../../lib", join(repository, "models/churn/shared"));
  await commitAll(COMMITTED);
  const leftOut = [{ path: "models/churn/shared/names.txt", reason: "ignored", sizeBytes: null }];
  expect(await snapshot(["train.py", "shared/other.py", "shared/names.txt"])).toMatchObject({
    kind: "commit",
    leftOut,
  });
});

test("the same changes are the same commit, stored once", async () => {
  await commitAll(COMMITTED);
  await write({ "models/churn/train.py": "two" });
  const first = await snapshot();
  expect(await snapshot()).toEqual(first);
  expect(await readdir(join(state, "code", "snapshots"))).toEqual([`${first.commit ?? ""}.bundle`]);
});

test("a repository without a commit is kept whole", async () => {
  await write(COMMITTED);
  git("init", "-q");
  git("add", "lib");
  const code = await snapshot();
  expect(code).toMatchObject({ kind: "snapshot", base: null });
  expect(await keptFiles(code)).toEqual(COMMITTED);
});

test("files in conflict are kept as they lie in the checkout", async () => {
  await commitAll(COMMITTED);
  git("checkout", "-q", "-b", "side");
  await commitAll({ "models/churn/train.py": "side" });
  git("checkout", "-q", "main");
  await commitAll({ "models/churn/train.py": "main" });
  expect(() => git("merge", "side")).toThrow();
  expect((await keptFiles(await snapshot()))["models/churn/train.py"]).toContain("<<<<<<<");
});

test("submodules and files that git-lfs keeps are recorded and not followed, and no filter of theirs is run", async () => {
  const other = join(root, "other");
  execFileSync("git", ["init", "-q", other]);
  await writeFile(join(other, "a.txt"), "a");
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  execFileSync("git", ["add", "."], { cwd: other });
  execFileSync("git", [...identity, "commit", "-q", "-m", "one"], { cwd: other });
  const marker = join(root, "filter-ran");
  await commitAll({ ...COMMITTED, ".gitattributes": "*.bin filter=lfs\n" });
  git("config", "filter.lfs.clean", "cat");
  await write({ "big.bin": "version https://git-lfs.github.com/spec/v1\n" });
  git("add", ".");
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "vendor");
  git("commit", "-q", "-m", "second");
  git("config", "filter.lfs.clean", `touch ${marker}; cat`);
  git("config", "filter.lfs.required", "true");
  await write({ "big.bin": "much data", "vendor/a.txt": "changed", "models/churn/train.py": "two" });
  const code = await snapshot();
  expect(code.leftOut).toEqual([
    { path: "vendor/", reason: "submodule", sizeBytes: null },
    { path: "big.bin", reason: "lfs", sizeBytes: null },
  ]);
  expect(code.changed).toEqual(["models/churn/train.py"]);
  await expect(stat(marker)).rejects.toThrow("ENOENT");
});

test("a linked working tree and a shallow clone are kept as well", async () => {
  await commitAll(COMMITTED);
  await commitAll({ "lib/other.py": "second" });
  const linked = join(root, "linked");
  git("worktree", "add", "-q", linked);
  const clone = join(root, "clone");
  execFileSync("git", ["clone", "-q", "--depth", "1", `file://${repository}`, clone]);
  for (const place of [linked, clone]) {
    repository = place;
    await write({ "models/churn/train.py": `two in ${place}` });
    const kept = await keptFiles(await snapshot());
    expect(kept).toMatchObject({ "models/churn/train.py": `two in ${place}`, "lib/other.py": "second" });
  }
});
