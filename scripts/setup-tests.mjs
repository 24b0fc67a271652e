// Installs what the tests need besides Node: a Python environment of the project's own, in build/test-python.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const requirements = path("tests/requirements.txt");
const folder = path("build/test-python");
const APT_PACKAGES = ["python3", "python3-venv", "python3-pip", "git", "curl", "chromium", "fish", "zsh"];

function works(program, ...args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function installMissing() {
  const programs = ["git", "curl", "chromium", "fish", "zsh"];
  if (works("python3", "-c", "import venv, ensurepip") && programs.every((program) => works(program, "--version")))
    return;
  const install = `apt-get install -y --no-install-recommends ${APT_PACKAGES.join(" ")}`;
  if (process.getuid?.() !== 0 || !works("apt-get", "--version")) {
    console.error(
      `The tests need Python 3.9 or newer with venv, git, curl, Chromium, fish and zsh. Install them, for example:\n  sudo ${install}`,
    );
    process.exit(1);
  }
  execFileSync("apt-get", ["update"], { stdio: "inherit" });
  execFileSync("apt-get", install.split(" ").slice(1), { stdio: "inherit" });
}

installMissing();
execFileSync(process.execPath, [path("scripts/make-python-environment.mjs"), requirements, folder], {
  stdio: "inherit",
});
