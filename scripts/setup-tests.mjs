// Installs what the tests need besides Node: Python environments of the project's own, in build/, and PyTorch. The
// latter from the system's packages, because those of the package index bring gigabytes for graphics cards along.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
/** By requirements file, the folder of their environment. */
const ENVIRONMENTS = {
  "tests/requirements.txt": "build/test-python",
  "tests/requirements-pandas-3.txt": "build/test-pandas-3",
};
const APT_PACKAGES = ["python3", "python3-venv", "python3-pip", "git", "curl", "chromium", "fish", "zsh"];
const TORCH_PACKAGES = ["python3-torch", "python3-pandas"];
const torchPython = process.env.MODELWRIGHT_TEST_TORCH_PYTHON ?? "/usr/bin/python3";

/** Importing it takes seconds. */
const FIND_TORCH = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ['torch', 'pandas'])))";

function works(program, ...args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function installMissing() {
  const programs = ["git", "curl", "chromium", "fish", "zsh"];
  const isReady =
    works("python3", "-c", "import venv, ensurepip") && programs.every((program) => works(program, "--version"));
  const hasTorch = works(torchPython, "-c", FIND_TORCH);
  if (isReady && hasTorch) return;
  const packages = [...(isReady ? [] : APT_PACKAGES), ...(hasTorch ? [] : TORCH_PACKAGES)];
  const install = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !works("apt-get", "--version")) {
    console.error(
      `The tests need Python 3.9 or newer with venv, git, curl, Chromium, fish, zsh, and PyTorch with pandas in ${torchPython} (or in what MODELWRIGHT_TEST_TORCH_PYTHON names). Install them, for example:\n  sudo ${install}`,
    );
    process.exit(1);
  }
  execFileSync("apt-get", ["update"], { stdio: "inherit" });
  execFileSync("apt-get", install.split(" ").slice(1), { stdio: "inherit" });
}

installMissing();
for (const [requirements, folder] of Object.entries(ENVIRONMENTS))
  execFileSync(process.execPath, [path("scripts/make-python-environment.mjs"), path(requirements), path(folder)], {
    stdio: "inherit",
  });
