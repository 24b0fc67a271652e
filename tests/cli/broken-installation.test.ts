import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";

const run = promisify(execFile);
const built = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test("a tool whose own files are missing says so", async () => {
  const folder = await testFolder();
  await cp(built("dist"), join(folder, "dist"), { recursive: true });
  const command = run(process.execPath, [join(folder, "dist/cli.js"), "list", "--json"], {
    cwd: folder,
    env: { ...process.env, NODE_PATH: built("node_modules") },
    timeout: 20_000,
  });
  const { code, stderr } = await command.then(
    () => ({ code: 0, stderr: "" }),
    (error: unknown) => error as { code: number; stderr: string },
  );
  expect(code).toBe(1);
  expect(stderr).toContain("Files of Modelwright itself are missing");
  expect(stderr).toContain("Install it again.");
});
