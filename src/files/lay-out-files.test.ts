import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { layOutFiles } from "./lay-out-files.ts";

test("a file stands under each of its names, and writing there leaves the original alone", async () => {
  const store = await testFolder({ "model.pkl": "stored" });
  await chmod(join(store, "model.pkl"), 0o444);
  const run = await testFolder();
  const paths = ["models/model.pkl", "artifacts/input/model.pkl"] as const;
  await layOutFiles(run, [{ source: join(store, "model.pkl"), paths }]);

  const [first, second] = await Promise.all(paths.map((path) => stat(join(run, path))));
  expect(first?.ino).toBe(second?.ino);
  expect((first?.mode ?? 0) & 0o200).toBe(0o200);
  await writeFile(join(run, paths[0]), "changed");
  expect(await readFile(join(store, "model.pkl"), "utf8")).toBe("stored");
});

test("a name that climbs out is refused", async () => {
  const folder = await testFolder({ a: "x" });
  const files = [{ source: join(folder, "a"), paths: ["../b"] as const }];
  await expect(layOutFiles(join(folder, "run"), files)).rejects.toMatchObject({ code: "PATH_ESCAPES_ROOT" });
});
