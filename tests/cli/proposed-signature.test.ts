import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";

const HOUR_SECONDS = 3_600;

async function makeProject(train: string) {
  const folder = await testFolder({
    "data/prices.csv": "rooms,price\n1,10.5\n2,20\n",
    "model_definitions/prices/model.json": '{"id": "prices", "name": "prices", "language": "typescript"}',
    "model_definitions/prices/config.json": "{}",
    "model_definitions/prices/.cli/datasets/train.json": '{"data": "data/prices.csv", "target": "price"}',
    "model_definitions/prices/model_modules/index.ts": train,
  });
  const home = await testFolder();
  return {
    table: join(folder, "data/prices.csv"),
    /** Trains, and gives the columns of the proposal that the notes speak of. */
    proposedColumns: async () => {
      const { json, exitCode, stderr } = await runCli(["train", "prices", "--json"], { cwd: folder, home });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      const { run } = json as { readonly run: { readonly id: string } };
      const text = await readFile(join(home, "runs", run.id, "signature.json"), "utf8");
      return (JSON.parse(text) as { readonly columns: object[] }).columns;
    },
    train: () => runCli(["train", "prices"], { cwd: folder, home }),
  };
}

const TRAINS =
  'import { writeFileSync } from "node:fs";\nexport const train = (_data, _conf, context) => writeFileSync(`${context.modelsPath}/model.txt`, "1");\n';

test("every training of a definition without a signature proposes one, from the data as they are then", async () => {
  const project = await makeProject(TRAINS);
  const changed = async (secondsAgo: number): Promise<void> => {
    const at = Date.now() / 1000 - secondsAgo;
    await utimes(project.table, at, at);
  };
  await changed(2 * HOUR_SECONDS);
  const rooms = { name: "rooms", type: "integer", description: "Seen: 1 to 2." };
  expect(await project.proposedColumns()).toEqual([rooms]);
  expect(await project.proposedColumns()).toEqual([rooms]);
  await writeFile(project.table, "rooms,price\n1,10.5\n2,20\n3.5,30\n");
  await changed(HOUR_SECONDS);
  expect(await project.proposedColumns()).toEqual([{ name: "rooms", type: "float", description: "Seen: 1 to 3.5." }]);
});

test("a training that fails does not wait for a proposal and makes none", async () => {
  const project = await makeProject('export const train = () => {\n  throw new Error("no");\n};\n');
  const { exitCode, stdout, stderr } = await project.train();
  expect(exitCode).toBe(6);
  expect(stdout + stderr).not.toContain("signature");
});

test("a proposal without a target says so; features and targets may also be named as a context names them", async () => {
  const project = await makeProject(TRAINS);
  const configuration = join(project.table, "../../model_definitions/prices/.cli/datasets/train.json");
  await writeFile(configuration, '{"data": "data/prices.csv"}');
  expect((await project.train()).stdout).toContain("Nothing says which column is predicted");
  await writeFile(configuration, '{"data": "data/prices.csv", "feature_names": ["rooms"], "target_names": ["price"]}');
  expect((await project.train()).stdout).toContain("Review it, then accept it");
  expect(await project.proposedColumns()).toMatchObject([{ name: "rooms" }]);
});
