import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { COMMANDS } from "../../src/cli/command-table.ts";
import { runCommand } from "../../src/process/run-command.ts";
import { CLI, runCli } from "../support/cli.ts";

let place: { readonly cwd: string; readonly home: string };

/** A project with the definitions churn and fraud, and a `modelwright` on the PATH. */
beforeAll(async () => {
  const cwd = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  place = { cwd, home: join(cwd, ".modelwright") };
  await writeFile(join(cwd, "modelwright.json"), "{}");
  for (const name of ["churn", "fraud"]) {
    const definition = join(cwd, "model_definitions", name);
    await cp(resolve(import.meta.dirname, "../../templates/typescript"), definition, { recursive: true });
    await writeFile(join(definition, "model.json"), JSON.stringify({ id: name, name, language: "typescript" }));
  }
  const program = join(cwd, "modelwright");
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  await chmod(program, 0o755);
});
afterAll(() => rm(place.cwd, { recursive: true, force: true }));

async function shell(command: readonly string[]): Promise<readonly string[]> {
  const { cwd, home } = place;
  const env = { PATH: `${cwd}:${process.env["PATH"] ?? ""}`, HOME: cwd, LANG: "C.UTF-8", MODELWRIGHT_HOME: home };
  const { exitCode, stdout, stderr } = await runCommand(command, { cwd, env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}

/** What a real shell offers for a line, with the script that the tool prints. */
const SHELLS = {
  bash: (line: string) =>
    shell([
      "bash",
      "-c",
      'source <(modelwright completion bash); COMP_LINE=$1; COMP_POINT=${#1}; _modelwright; printf "%s\\n" "${COMPREPLY[@]}"',
      "bash",
      line,
    ]),
  // Only the completion system of a terminal is left out: it would show what _describe is given.
  zsh: (line: string) =>
    shell([
      "zsh",
      "-fc",
      `compdef() { }; _files() { }; _describe() { for one in "\${(@P)2}"; do print -r -- "\${one%%:*}"; done }
source <(modelwright completion zsh); words=("\${(@s: :)1}"); CURRENT=\${#words}; _modelwright`,
      "zsh",
      line,
    ]),
  fish: async (line: string) => {
    const offered = await shell([
      "fish",
      "--no-config",
      "-c",
      "modelwright completion fish | source; complete --do-complete $argv[1]",
      line,
    ]);
    return offered.map((candidate) => candidate.split("\t")[0] ?? "");
  },
};

describe.each(["bash", "zsh", "fish"] as const)("%s completes", (name) => {
  test("commands", async () => {
    expect(await SHELLS[name]("modelwright tr")).toEqual(["train"]);
    expect(await SHELLS[name]("modelwright alias ro")).toEqual(["rollback"]);
  });

  test("options and their values", async () => {
    expect(await SHELLS[name]("modelwright train churn --ti")).toEqual(["--timeout"]);
    expect([...(await SHELLS[name]("modelwright add x --language "))].sort()).toEqual(["python", "typescript"]);
  });

  test("models", async () => {
    expect(await SHELLS[name]("modelwright train ch")).toEqual(["churn"]);
    expect([...(await SHELLS[name]("modelwright train --seed 3 "))].sort()).toEqual(
      expect.arrayContaining(["churn", "fraud"]),
    );
  });
});

async function wordsFor(...typed: readonly string[]): Promise<readonly string[]> {
  const { exitCode, json, stderr } = await runCli(["completion", "--json", "words", "--", ...typed], place);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return (json as { readonly words: readonly { readonly word: string }[] }).words.map(({ word }) => word);
}

test("every command is offered", async () => {
  const first = new Set(COMMANDS.map(({ name }) => name.split(" ")[0]));
  expect([...(await wordsFor("="))].sort()).toEqual([...first].sort());
});

test("versions and aliases are offered after a model and @, aliases where one is named; bash leaves out what stands before", async () => {
  const { exitCode, stderr } = await runCli(["train", "churn", "--publish"], place);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect((await runCli(["alias", "set", "churn", "champion"], place)).exitCode).toBe(0);
  expect(await wordsFor("serve", "=churn@ch")).toEqual(["churn@champion"]);
  expect(await SHELLS.bash("modelwright serve churn@ch")).toEqual(["champion"]);
  for (const action of ["history", "rollback", "remove"]) {
    expect(await wordsFor("alias", action, "churn", "=ch")).toEqual(["champion"]);
  }
  expect(await wordsFor("alias", "set", "churn@v1", "=")).toEqual(["champion"]);
  expect(await wordsFor("alias", "history", "fraud", "=")).toEqual([]);
});

test("nothing is offered where nothing is known, and nothing fails", async () => {
  expect(await wordsFor("nonsense", "more", "=")).toEqual([]);
  expect(await wordsFor("predict", "churn", "=ro")).toEqual([]);
  await writeFile(join(place.cwd, "modelwright.json"), "{ broken");
  expect(await wordsFor("train", "=")).toEqual([]);
  await writeFile(join(place.cwd, "modelwright.json"), "{}");
});

test("a shell that is not known is told", async () => {
  const { exitCode, stderr } = await runCli(["completion", "powershell"], place);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('"powershell" is no shell') as unknown,
  });
});
