import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { readRequirements } from "./read-requirements.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "sub"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test("what a file includes belongs to it, and files may include each other", async () => {
  const folder = await folderWith({
    "sub/more.txt": "b==2\n--find-links wheels\n-r ../top.txt\n-c limits.txt\n",
    "sub/limits.txt": "c<3\n",
    "top.txt": "-r sub/more.txt\na==1\n",
  });
  const line = `-r ${join(folder, "top.txt")}`;
  const requirements = await readRequirements([{ path: "requirements.txt", text: `${line} # all of it\n` }]);
  expect(requirements).toMatchObject({
    text: `${line}\n`,
    isEmpty: false,
    packages: [
      { text: "b==2", isConstraint: false },
      { text: "c<3", isConstraint: true },
      { text: "a==1", isConstraint: false },
    ],
    indexOptions: [`--find-links ${join(folder, "sub/wheels")}`],
    unreadable: [],
  });
  expect(requirements.includedTexts).toHaveLength(3);
});

test("a file that is not there is told with the file that includes it", async () => {
  const { unreadable, isEmpty } = await readRequirements([{ path: "a.txt", text: "-r /no/such.txt\n-r beside.txt\n" }]);
  expect(unreadable).toEqual([
    expect.stringMatching(/^a\.txt includes \/no\/such\.txt, which cannot be read: ENOENT/),
    expect.stringMatching(/^a\.txt includes beside\.txt, which cannot be read: /),
  ]);
  expect(isEmpty).toBe(false);
});

test.each([
  ["# nothing\n--pre\n", true],
  ["a ; python_version < '3'", false],
  ["/projects/model", false],
  ["-r https://example.org/r.txt", false],
])("%j asks for nothing: %s", async (text, isEmpty) => {
  expect((await readRequirements([{ path: "requirements.txt", text }])).isEmpty).toBe(isEmpty);
});
