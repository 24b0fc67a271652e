import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runToEnd } from "../../support/programs/child-process.ts";

const FILES = 2_000;
const FILES_A_FOLDER = 50;
const DATA_BYTES = 10_000_000;

/** A model that needs no package: what is measured is everything around it. */
const MODULE = `
import csv, json, statistics

def train(data_conf, model_conf, **kwargs):
    with open(data_conf["data"]) as file:
        prices = [float(row["price"]) for row in csv.DictReader(file)]
    with open("models/model.json", "w") as file:
        json.dump({"mean": statistics.fmean(prices)}, file)
`;

/** A repository under version control with one definition, its data, and many other files. */
export async function writeTrainingProject(
  folder: string,
): Promise<{ readonly definition: string; readonly data: string }> {
  const definition = join(folder, "model_definitions", "prices");
  const data = join(folder, "data", "prices.csv");
  await writeText(join(folder, "modelwright.json"), "{}");
  await writeText(join(folder, ".gitignore"), ".modelwright/\n");
  await writeText(
    join(definition, "model.json"),
    JSON.stringify({ id: "prices", name: "prices", language: "python", evaluation: null }),
  );
  await writeText(join(definition, "config.json"), JSON.stringify({ hyperParameters: {} }));
  await writeText(join(definition, "model_modules", "__init__.py"), MODULE);
  await writeText(join(definition, ".cli", "datasets", "train.json"), JSON.stringify({ data: "data/prices.csv" }));
  await writeText(data, makeData());
  for (let number = 0; number < FILES; number++) {
    const part = `part-${Math.floor(number / FILES_A_FOLDER)}`;
    await writeText(join(folder, "src", part, `module-${number}.py`), `"""Module ${number}."""\n`.repeat(20));
  }
  await commitAll(folder);
  return { definition, data };
}

/** The same numbers every time, with the columns that such files have. */
function makeData(): string {
  const lines = ["district,rooms,surface,built,is_new,price"];
  let bytes = 0;
  for (let row = 1; bytes < DATA_BYTES; row++) {
    const random = (row * 7919) % 10_007;
    const line = `district-${random % 23},${1 + (random % 7)},${20 + (random % 1800) / 10},${1900 + (random % 126)},${row % 9 === 0},${1000 + random * 1.25}`;
    bytes += line.length + 1;
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

async function commitAll(folder: string): Promise<void> {
  const author = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"];
  for (const parameters of [
    ["init", "--quiet"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--message=all"],
  ])
    await runToEnd(["git", ...parameters], { cwd: folder });
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
}
