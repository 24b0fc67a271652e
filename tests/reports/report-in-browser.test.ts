import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { openFile, type OpenPage } from "../support/browser.ts";
import { runCli, type CliResult } from "../support/cli.ts";

/** A column that would run if a page took it for markup. */
const EVIL = "<script>alert(1)</script>";
const CLASSES = ["no", "<img src=x onerror=alert(2)>"];

const MODEL = `
import { writeFileSync } from "node:fs";

export function train(dataConf, modelConf, context) {
  writeFileSync(context.modelsPath + "/model.json", "{}");
}
export class ModelScorer {
  predict(rows) {
    return rows.map((row) => {
      const share = Object.values(row)[0] / 100;
      return { label: share > 0.5 ? ${JSON.stringify(CLASSES[1])} : "no", share: [1 - share, share] };
    });
  }
}
`;

/** True classes that the score tells, but not always. */
function testRows(): string {
  const lines = Array.from({ length: 300 }, (_, row) => {
    const score = (row * 37) % 101;
    const isPositive = (row * 7919) % 100 < score;
    return `${score},${row % 9 === 0 ? "" : ["red", "</td>"][row % 2]},${CLASSES[isPositive ? 1 : 0]}`;
  });
  return [`${EVIL},colour,left`, ...lines].join("\n");
}

async function testProject(policy = "sample") {
  const definition = { id: "r", name: `R ${EVIL}`, language: "typescript" };
  const evaluation = { data: "test.csv", target: "left" };
  const cwd = await testFolder({
    "modelwright.json": JSON.stringify({ storeTestSet: policy }),
    "models/r/model.json": JSON.stringify({ ...definition, evaluation }),
    "models/r/config.json": JSON.stringify({ [EVIL]: 1 }),
    "models/r/signature.json": JSON.stringify({
      columns: [
        { name: EVIL, type: "integer" },
        { name: "colour", type: "string", nullable: true },
      ],
      outputs: [
        { name: "label", kind: "label", classes: CLASSES },
        { name: "share", kind: "probability", classes: CLASSES },
      ],
    }),
    "models/r/test.csv": testRows(),
    "models/r/model_modules/index.ts": MODEL,
  });
  const home = await testFolder();
  const run = async (...args: readonly string[]): Promise<CliResult> => {
    const result = await runCli(args, { cwd, home });
    expect(result.exitCode, result.stderr).toBe(0);
    return result;
  };
  await run("train", "r");
  return { cwd, home, run };
}

/** Every figure is as large as one can read, and whole. */
async function expectVisibleFigures({ page }: OpenPage, count: number): Promise<void> {
  const figures = page.locator("figure svg");
  expect(await figures.count()).toBe(count);
  for (const figure of await figures.all()) {
    const box = await figure.boundingBox();
    expect(box?.width).toBeGreaterThan(200);
    expect(box?.height).toBeGreaterThan(150);
    expect(await figure.locator(".line, .bar, circle").count()).toBeGreaterThan(0);
  }
}

/** On paper, also from a dark screen: dark lines on white, figures side by side. */
async function expectPrintable({ page }: OpenPage): Promise<void> {
  const styleOf = (name: string) => page.evaluate(`getComputedStyle(document.body).getPropertyValue("${name}")`);
  await page.emulateMedia({ media: "screen", colorScheme: "light" });
  const light = await styleOf("--c0");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await styleOf("background-color")).toBe("rgb(255, 255, 255)");
  expect(await styleOf("--c0")).toBe(light);
  const [first, second] = await page.locator(".figures figure").all();
  const [left, right] = [await first?.boundingBox(), await second?.boundingBox()];
  expect(right?.y).toBe(left?.y);
  expect(right?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0));
  expect(await page.getByText("Numbers of the calibration").isVisible()).toBe(false);
}

async function expectQuiet(open: OpenPage, path: string): Promise<void> {
  const { page, complaints, requests } = open;
  await page.waitForLoadState("networkidle");
  expect(complaints).toEqual([]);
  expect(requests).toEqual([`file://${path}`]);
  expect(await page.locator("script, iframe, object, link, img").count()).toBe(0);
  // Wide tables scroll by themselves, the page does not.
  const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(overflow).toBe(0);
}

test("an evaluation leaves a page that is whole offline, in light and dark, wide and narrow", async () => {
  const project = await testProject();
  const { json } = await project.run("evaluate", "r", "--json");
  const { run } = json as { readonly run: { readonly id: string } };
  const path = join(project.home, "runs", run.id, "report.html");
  const record = JSON.parse(await readFile(join(project.home, "runs", run.id, "run.json"), "utf8")) as object;
  const testSet = join(project.cwd, "models/r/test.csv");
  expect(record).toMatchObject({
    dataDigests: { [testSet]: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    dataRows: { [testSet]: { rowCount: 300 } },
  });
  for (const view of [
    { width: 1_200, colorScheme: "light" },
    { width: 380, colorScheme: "dark" },
  ] as const) {
    const open = await openFile(path, view);
    await expectQuiet(open, path);
    await expectVisibleFigures(open, 3);
    const background = await open.page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe(view.colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(15, 20, 26)");
    for (const title of [
      "Metrics",
      "Confusion matrix",
      "ROC curve",
      "Calibration",
      "Columns of the test data",
      "Reproducibility record",
    ])
      expect(await open.page.getByRole("heading", { name: title, exact: true }).isVisible(), title).toBe(true);
    expect(await open.page.getByRole("rowheader", { name: EVIL }).first().innerText()).toContain(EVIL);
    expect(await open.page.getByRole("cell", { name: testSet }).isVisible()).toBe(true);
    // Whoever cannot see a figure hears what it shows, and finds its numbers.
    expect(await open.page.getByRole("img", { name: "ROC curve" }).count()).toBe(1);
    await open.page.getByText("Numbers of the calibration").click();
    expect(await open.page.getByRole("columnheader", { name: "mean predicted" }).isVisible()).toBe(true);
  }
});

test("a training and a version have pages too, and a run without test data says so", async () => {
  const project = await testProject();
  await project.run("publish", "r", "--name", "r", "--version-label", "v1");
  const training = join(project.cwd, "out", "training.html");
  expect((await project.run("runs", "report", "latest", "--out", "out/training.html")).stdout).toBe(`${training}\n`);
  const refused = await runCli(["runs", "report", "latest", "--out", "out"], project);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).toContain(`written to ${join(project.cwd, "out")}: that is a folder.`);
  const open = await openFile(training, { width: 1_000, colorScheme: "light" });
  await expectQuiet(open, training);
  expect(await open.page.getByText("A training has no test data.").isVisible()).toBe(true);
  const version = join(project.cwd, "r-v1.html");
  expect((await project.run("report", "r@v1")).stdout).toBe(`${version}\n`);
  const shown = await openFile(version, { width: 1_000, colorScheme: "light" });
  await expectQuiet(shown, version);
  await expectVisibleFigures(shown, 3);
  expect(await shown.page.getByText("proven by metrics").isVisible()).toBe(true);
  await expectPrintable(shown);
});

test.each([
  { policy: "full", keptRows: 300, columnCount: 3 },
  { policy: "digest", keptRows: 0, columnCount: 0 },
])(
  "with storeTestSet: $policy a run keeps $keptRows rows of predictions",
  async ({ policy, keptRows, columnCount }) => {
    const project = await testProject(policy);
    const { run } = (await project.run("evaluate", "r", "--json")).json as { readonly run: { readonly id: string } };
    const folder = join(project.home, "runs", run.id);
    const lines = (await readFile(join(folder, "predictions.jsonl"), "utf8").catch(() => "")).split("\n").slice(0, -1);
    expect(lines).toHaveLength(keptRows);
    for (const line of lines.slice(0, 3))
      expect(Object.keys(JSON.parse(line) as object)).toEqual(["truth", "prediction"]);
    const data = JSON.parse(await readFile(join(folder, "report-data.json"), "utf8")) as {
      readonly rowCount: number;
      readonly columns: readonly unknown[];
    };
    expect(data.rowCount).toBe(300);
    expect(data.columns).toHaveLength(columnCount);
  },
);

test("publishing the same run again is no second version, reports included", async () => {
  const project = await testProject();
  const publish = async () => (await project.run("publish", "r", "--json")).json as { readonly version: string };
  expect(await publish()).toMatchObject({ version: (await publish()).version });
});
