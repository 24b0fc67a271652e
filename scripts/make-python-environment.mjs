// Makes a virtual environment from a requirements file: `node make-python-environment.mjs <requirements> <folder>`.
// Made once for each state of the file; a half that was interrupted is made anew.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [requirements, folder] = process.argv.slice(2);
const marker = join(folder, "ready");
const interpreter = execFileSync("python3", ["-c", "import sys; print(sys.executable, sys.version)"], {
  encoding: "utf8",
});
const state = createHash("sha256").update(readFileSync(requirements)).update(interpreter).digest("hex");
if (!existsSync(marker) || readFileSync(marker, "utf8") !== state) {
  console.log(`Making the Python environment of ${requirements} (once) …`);
  rmSync(folder, { recursive: true, force: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  execFileSync(join(folder, "bin/python"), pip, { stdio: "inherit" });
  writeFileSync(marker, state);
}
