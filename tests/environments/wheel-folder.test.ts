import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

import { testPython } from "../support/test-python.ts";
import { makeWheel } from "./support/make-wheel.ts";
import { makeWorkshop, sharePip, type Workshop } from "./support/workshop.ts";

sharePip();

/** Pip is set up for an index that would be missed at once: packages come from the folder alone. */
async function makeShelf(): Promise<{ readonly workshop: Workshop; readonly wheels: string }> {
  const workshop = await makeWorkshop();
  const wheels = join(workshop.home, "shelf of wheels");
  await mkdir(wheels);
  return { workshop, wheels };
}

const INDEX = { PIP_NO_INDEX: "0", PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_EXTRA_INDEX_URL: "http://[broken" };
const INSTALLERS = [
  ["pip", {}],
  ["uv", { searchPath: `${dirname(testPython())}:/usr/bin:/bin` }],
] as const;

test.each(INSTALLERS)("with a folder of package files %s asks no index", async (installer, fields) => {
  const { workshop, wheels } = await makeShelf();
  makeWheel(workshop.wheels, { name: "elsewhere", version: "1.0" });
  makeWheel(wheels, { name: "upper", version: "1.0", requires: ["lower>=1"] });
  makeWheel(wheels, { name: "lower", version: "1.5" });
  const variables = { ...workshop.request.variables, ...INDEX };
  const text = `--index-url http://127.0.0.1:9/other\n--find-links ${workshop.wheels}\nupper\n`;
  const environment = await workshop.prepare(text, { ...fields, installer, variables, wheels });
  expect(environment.packages).toEqual(["lower==1.5", "upper==1.0"]);
  await expect(workshop.prepare("elsewhere==1.0\n", { ...fields, installer, variables, wheels })).rejects.toMatchObject(
    { code: "ENVIRONMENT_FAILED", message: expect.stringContaining("elsewhere") as string },
  );
});

test.each(INSTALLERS)(
  "a package that the folder lacks is named, also one that another needs: %s",
  async (installer, fields) => {
    const { workshop, wheels } = await makeShelf();
    makeWheel(wheels, { name: "upper", version: "1.0", requires: ["lower>=1"] });
    for (const [text, missing] of [
      ["upper\n", "lower"],
      ["upper==2.0\n", "upper==2.0"],
    ] as const) {
      const failure = await workshop
        .prepare(text, { ...fields, installer, wheels })
        .catch((error: unknown) => error as Error & { hint: string });
      expect(failure).toMatchObject({
        code: "ENVIRONMENT_FAILED",
        message: expect.stringContaining(missing) as string,
      });
      if (missing === "lower") expect(failure).toMatchObject({ hint: expect.stringContaining(wheels) as string });
    }
    expect(await workshop.leftovers()).toEqual([]);
  },
);

test("a lock is installed from the folder when its very files are there", async () => {
  const { workshop, wheels } = await makeShelf();
  makeWheel(wheels, { name: "moving", version: "1.0" });
  const { lock } = await workshop.prepare("moving", { wheels });
  const other = await makeShelf();
  const path = makeWheel(other.wheels, { name: "moving", version: "1.0", requires: ["changed"] });
  await expect(other.workshop.prepare("moving", { wheels: other.wheels, lock })).rejects.toMatchObject({
    message: expect.stringContaining("moving==1.0") as string,
  });
  expect((await readFile(path)).length).toBeGreaterThan(0);
  expect((await other.workshop.prepare("moving", { wheels, lock })).packages).toEqual(["moving==1.0"]);
});

test("a folder that is none is an error of its own", async () => {
  const workshop = await makeWorkshop();
  for (const wheels of [join(workshop.home, "nowhere"), testPython()])
    await expect(workshop.prepare("", { requirements: [], wheels })).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: expect.stringContaining(wheels) as string,
      hint: expect.stringContaining("--wheels") as string,
    });
});
