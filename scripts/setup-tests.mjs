// Installs what the tests need besides Node: a Python environment of the project's own, in build/test-python.
// Made once for each state of tests/requirements.txt; a half that was interrupted is made anew.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const requirements = path("tests/requirements.txt");
const folder = path("build/test-python");
const marker = path("build/test-python/ready");
const APT_PACKAGES = ["python3", "python3-venv", "python3-pip", "git"];

function works(program, ...args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function installMissing() {
  if (works("python3", "-c", "import venv, ensurepip") && works("git", "--version")) return;
  const install = `apt-get install -y --no-install-recommends ${APT_PACKAGES.join(" ")}`;
  if (process.getuid?.() !== 0 || !works("apt-get", "--version")) {
    console.error(
      `The tests need Python 3.9 or newer with venv, and git. Install them, for example:\n  sudo ${install}`,
    );
    process.exit(1);
  }
  execFileSync("apt-get", ["update"], { stdio: "inherit" });
  execFileSync("apt-get", install.split(" ").slice(1), { stdio: "inherit" });
}

installMissing();
const interpreter = execFileSync("python3", ["-c", "import sys; print(sys.executable, sys.version)"], {
  encoding: "utf8",
});
const state = createHash("sha256").update(readFileSync(requirements)).update(interpreter).digest("hex");
if (!existsSync(marker) || readFileSync(marker, "utf8") !== state) {
  console.log("Making the tests' Python environment (once) …");
  rmSync(folder, { recursive: true, force: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  execFileSync(path("build/test-python/bin/python"), pip, { stdio: "inherit" });
  writeFileSync(marker, state);
}
