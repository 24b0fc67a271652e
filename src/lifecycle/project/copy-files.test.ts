import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../../tests/process/support/test-folder.ts";
import { readFiles } from "./copy-files.ts";

/** @param links - name in the template → what it leads to. */
async function templateWith(links: Readonly<Record<string, string>>): Promise<string> {
  const folder = await testFolder({ "template/code/one.py": "1", "secret.txt": "not of the template" });
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, "template", name));
  return join(folder, "template");
}

test("a link inside stands for the file or folder that it leads to", async () => {
  const files = await readFiles(await templateWith({ "two.py": "code/one.py", more: "code" }));
  expect(files.map(({ path, content }) => [path, content.toString("utf8")])).toEqual([
    ["code/one.py", "1"],
    ["more/one.py", "1"],
    ["two.py", "1"],
  ]);
});

test.each([
  ["a file outside", "../secret.txt", "PATH_ESCAPES_ROOT", "leads out of"],
  ["a folder outside", "..", "PATH_ESCAPES_ROOT", "leads out of"],
  ["nothing", "gone.py", "FILE_NOT_FOUND", "cannot be read"],
])("a link to %s is refused, naming it", async (_, target, code, words) => {
  const template = await templateWith({ link: target });
  await expect(readFiles(template)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(`^${join(template, "link")}.*${words}`) as string,
  });
});
