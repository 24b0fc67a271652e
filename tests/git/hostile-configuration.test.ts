import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, test } from "vitest";

import { readGitState } from "../../src/git/read-git-state.ts";
import { checkOutCode } from "../../src/git/snapshot/check-out-code.ts";
import { snapshotCheckout } from "../../src/git/snapshot/snapshot-checkout.ts";
import { makeCheckout, photograph } from "../cli/support/checkout.ts";
import { writeFiles } from "../cli/support/write-files.ts";
import { testFolder } from "../process/support/test-folder.ts";

const run = promisify(execFile);
const HOOKS = ["post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction"];

let traces: string;
let repository: string;
let home: string;

async function git(...parameters: string[]): Promise<void> {
  await run("git", parameters, { cwd: repository, env: { PATH: process.env["PATH"], HOME: home } });
}

/** A repository whose own configuration runs a program wherever git lets it; what ran leaves a file in `traces`. */
beforeEach(async () => {
  [traces, home] = [await testFolder(), await testFolder()];
  repository = await makeCheckout({
    "model/model.json": "{}",
    "model/train.py": "one",
    "model/kept.bin": "one",
    ".gitattributes": "*.py filter=evil\n*.bin filter=a=b\n*.json diff=evil\n",
  });
  const trace = (name: string, then = "") => `touch ${join(traces, name)}; ${then}`;
  for (const filter of ["evil", "a=b"]) {
    await git("config", `filter.${filter}.clean`, trace("clean", "cat"));
    await git("config", `filter.${filter}.smudge`, trace("smudge", "cat"));
    await git("config", `filter.${filter}.required`, "true");
  }
  await git("config", "filter.evil.process", trace("process", "exit 1"));
  await git("config", "diff.evil.textconv", trace("textconv", "cat"));
  await git("config", "diff.external", trace("external"));
  await git("config", "core.pager", trace("pager", "cat"));
  await git("config", "core.sshCommand", trace("ssh"));
  const hooks = await testFolder({
    ...Object.fromEntries(HOOKS.map((name) => [name, `#!/bin/sh\n${trace(name)}\n`])),
    fsmonitor: `#!/bin/sh\n${trace("fsmonitor")}\n`,
  });
  for (const name of await readdir(hooks)) await chmod(join(hooks, name), 0o755);
  await git("config", "core.hooksPath", hooks);
  await git("config", "core.fsmonitor", join(hooks, "fsmonitor"));
  await git("config", "core.splitIndex", "true");
  await writeFiles(repository, { "model/train.py": "two" });
  // Git has to read what is older or newer than it remembers.
  await utimes(join(repository, "model/kept.bin"), 1_000_000, 1_000_000);
});

test("reading and keeping the state of a repository runs nothing that its configuration names, and changes nothing", async () => {
  const before = await photograph(repository);
  const temporaryFolder = await testFolder();
  const deps = { variables: { PATH: process.env["PATH"] ?? "", HOME: home } };
  const state = await readGitState(repository, { ...deps, temporaryFolder, log: () => undefined });
  expect(state).toMatchObject({ branch: expect.stringMatching(/./) as string, isDirty: true });
  const codeFolder = await testFolder();
  const code = await snapshotCheckout(
    { folder: join(repository, "model"), codeFiles: ["train.py"], unread: [], codeFolder, temporaryFolder },
    deps,
  );
  expect(code).toMatchObject({ kind: "snapshot", changed: ["model/train.py"] });
  const target = join(await testFolder(), "code");
  if (code !== null)
    await checkOutCode({ ...code, project: repository }, { target, codeFolder, temporaryFolder }, deps);
  expect(existsSync(join(target, "model/train.py"))).toBe(true);
  expect(await readdir(traces)).toEqual([]);
  expect(await photograph(repository)).toEqual(before);
});

test("git itself does run all that the configuration names, so the test above could fail", async () => {
  await git("status").catch(() => undefined);
  await git("add", "model/kept.bin").catch(() => undefined);
  expect(await readdir(traces)).toEqual(expect.arrayContaining(["clean", "process", "fsmonitor"]));
});
