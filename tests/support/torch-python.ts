import { spawnSync } from "node:child_process";

/**
 * An interpreter with PyTorch and pandas: the system's, for which `scripts/setup-tests.mjs` installs them.
 * @throws Error that says how to get it. Suites never skip in silence.
 */
export function torchPython(): string {
  const interpreter = process.env["MODELWRIGHT_TEST_TORCH_PYTHON"] ?? "/usr/bin/python3";
  const code = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ['torch', 'pandas'])))";
  if (spawnSync(interpreter, ["-c", code]).status === 0) return interpreter;
  throw new Error(
    `${interpreter} has no PyTorch with pandas: run \`npm test\`, whose set-up installs them, or name an interpreter that has them in MODELWRIGHT_TEST_TORCH_PYTHON.`,
  );
}
