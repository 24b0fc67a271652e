import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { readGitEmail } from "../../src/git/read-git-email.ts";
import { readGitState, type GitStateDependencies } from "../../src/git/read-git-state.ts";
import { sha256 } from "../../src/kernel/digest.ts";
import type { JsonObject } from "../../src/kernel/json.ts";

let root: string;
let repository: string;
let reasons: (JsonObject | undefined)[];
let deps: GitStateDependencies;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "mw-git-")));
  repository = join(root, "repository");
  reasons = [];
  deps = {
    variables: { PATH: process.env["PATH"] ?? "", HOME: root, GIT_DIR: "/nowhere" },
    temporaryFolder: join(root, "temporary"),
    log: (_level, _event, fields) => reasons.push(fields),
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

function git(...parameters: string[]): string {
  const env = { PATH: process.env["PATH"], HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", parameters, {
    cwd: repository,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

async function write(path: string, text: string): Promise<void> {
  const target = join(repository, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function makeRepository(): Promise<void> {
  await mkdir(repository, { recursive: true });
  git("init", "-q", "-b", "main");
  git("config", "user.email", "ada@example.org");
  git("config", "user.name", "Ada");
}

async function makeCommit(): Promise<string> {
  await makeRepository();
  await write("model/train.py", "one");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return git("rev-parse", "HEAD");
}

/** Content and modification time of everything in `.git`. */
async function picture(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(repository, ".git"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? sha256(await readFile(path)) : "";
    found[path] = `${content} ${(await stat(path, { bigint: true })).mtimeNs}`;
  }
  return found;
}

test("a clean repository has commit, description and branch", async () => {
  const commit = await makeCommit();
  git("tag", "-a", "v1", "-m", "one");
  expect(await readGitState(join(repository, "model"), deps)).toEqual({
    commit,
    describe: "v1",
    branch: "main",
    isDirty: false,
  });
});

test("a changed tracked file makes it dirty, an untracked one does not", async () => {
  const commit = await makeCommit();
  await write("new.txt", "untracked");
  expect(await readGitState(repository, deps)).toMatchObject({ isDirty: false });
  await write("model/train.py", "two");
  const describe = `${git("rev-parse", "--short", "HEAD")}-dirty`;
  expect(await readGitState(repository, deps)).toEqual({ commit, describe, branch: "main", isDirty: true });
  expect(git("describe", "--always", "--dirty")).toBe(describe);
});

test("a change of the same size in the same second as the index is seen", async () => {
  await makeCommit();
  const second = new Date(Math.floor(Date.now() / 1000) * 1000);
  await utimes(join(repository, "model/train.py"), second, second);
  git("add", ".");
  git("status");
  await utimes(join(repository, ".git/index"), second, second);
  await write("model/train.py", "two");
  await utimes(join(repository, "model/train.py"), second, second);
  expect(await readGitState(repository, deps)).toMatchObject({ isDirty: true });
});

test(".git stays byte-identical, even where git would like to refresh its index", async () => {
  await makeCommit();
  // Same content, another time: git reads the file again and would note that in the index.
  await utimes(join(repository, "model/train.py"), 1_600_000_000, 1_600_000_000);
  const before = await picture();
  expect(await readGitState(repository, deps)).toMatchObject({ isDirty: false });
  expect(await picture()).toEqual(before);
  expect(await readdir(deps.temporaryFolder)).toEqual([]);
});

test("a worktree, whose .git is a file, has its own branch and changes", async () => {
  const commit = await makeCommit();
  git("worktree", "add", "-q", "-b", "side", join(root, "side"));
  await writeFile(join(root, "side/model/train.py"), "changed");
  expect(await readGitState(join(root, "side"), deps)).toMatchObject({ commit, branch: "side", isDirty: true });
  expect(await readGitState(repository, deps)).toMatchObject({ branch: "main", isDirty: false });
});

test("a detached head has no branch", async () => {
  await makeCommit();
  git("checkout", "-q", "--detach");
  expect(await readGitState(repository, deps)).toMatchObject({ branch: null, isDirty: false });
});

test("a repository without commits has a branch and nothing else", async () => {
  await makeRepository();
  expect(await readGitState(repository, deps)).toEqual({
    commit: null,
    describe: null,
    branch: "main",
    isDirty: false,
  });
  await write("a", "1");
  git("add", ".");
  expect(await readGitState(repository, deps)).toMatchObject({ commit: null, isDirty: true });
});

test("a submodule that has moved on does not count", async () => {
  await makeCommit();
  git("init", "-q", "part");
  git("-C", "part", "-c", "user.email=a@b.c", "-c", "user.name=A", "commit", "-q", "--allow-empty", "-m", "one");
  git("add", "part");
  git("commit", "-q", "-m", "with part");
  git("-C", "part", "-c", "user.email=a@b.c", "-c", "user.name=A", "commit", "-q", "--allow-empty", "-m", "two");
  expect(git("describe", "--always", "--dirty")).toContain("dirty");
  expect(await readGitState(repository, deps)).toMatchObject({ isDirty: false });
});

test("programs that a repository's configuration names are not run", async () => {
  await makeCommit();
  const trap = join(root, "trap");
  await writeFile(trap, `#!/bin/sh\ntouch ${join(root, "sprung")}\n`);
  await chmod(trap, 0o755);
  git("config", "core.fsmonitor", trap);
  git("config", "core.pager", trap);
  git("config", "core.hooksPath", root);
  await writeFile(join(root, "post-index-change"), await readFile(trap), { mode: 0o755 });
  await utimes(join(repository, "model/train.py"), 1_600_000_000, 1_600_000_000);
  expect(await readGitState(repository, deps)).toMatchObject({ isDirty: false });
  expect(await readdir(root)).not.toContain("sprung");
});

test("no repository, and no git, are told apart in the log", async () => {
  await mkdir(repository);
  expect(await readGitState(repository, deps)).toBeNull();
  expect(await readGitState(repository, { ...deps, variables: { PATH: root } })).toBeNull();
  expect(reasons).toEqual([
    { folder: repository, reason: expect.stringContaining("not a git repository") as string },
    { folder: repository, reason: "git is not installed" },
  ]);
});

test("the author's address is the one that git would use", async () => {
  await makeRepository();
  expect(await readGitEmail(repository, deps)).toBe("ada@example.org");
  git("config", "--unset", "user.email");
  expect(await readGitEmail(repository, deps)).toBeNull();
  expect(await readGitEmail(repository, { variables: { PATH: root } })).toBeNull();
});

test("two thousand files are read in a moment", async () => {
  await makeRepository();
  for (let index = 0; index < 2_000; index++) await write(`data/${index % 40}/${index}.txt`, String(index));
  git("add", ".");
  git("commit", "-q", "-m", "many");
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const startedAt = performance.now();
    await readGitState(repository, deps);
    times.push(performance.now() - startedAt);
  }
  // On a machine with other work to do; alone it takes 30.
  expect(Math.min(...times)).toBeLessThan(1_000);
});
