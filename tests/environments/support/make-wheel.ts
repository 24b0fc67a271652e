import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { testPython } from "../../support/test-python.ts";

export interface WheelSpec {
  /** As in a file name: no hyphens. */
  readonly name: string;
  readonly version: string;
  /** PEP 508 requirements. */
  readonly requires?: readonly string[] | undefined;
  readonly requiresPython?: string | undefined;
}

// A wheel is a zip file: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
const WRITE_WHEEL = `
import json, sys, zipfile
spec = json.loads(sys.argv[1])
info = "%(name)s-%(version)s.dist-info" % spec
metadata = ["Metadata-Version: 2.1", "Name: " + spec["name"], "Version: " + spec["version"]]
metadata += ["Requires-Dist: " + one for one in spec.get("requires", [])]
if "requiresPython" in spec:
    metadata.append("Requires-Python: " + spec["requiresPython"])
files = {
    spec["name"] + ".py": "version = %r\\n" % spec["version"],
    info + "/METADATA": "\\n".join(metadata) + "\\n",
    info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
files[info + "/RECORD"] = "".join("%s,,\\n" % name for name in [*files, info + "/RECORD"])
with zipfile.ZipFile(spec["path"], "w") as wheel:
    for name, text in files.items():
        # Without the time, so that the same package has the same digest a moment later.
        wheel.writestr(zipfile.ZipInfo(name), text)
`;

/** Writes a wheel with one module that is called as the package and knows its version. Returns its path. */
export function makeWheel(folder: string, spec: WheelSpec): string {
  const path = join(folder, `${spec.name}-${spec.version}-py3-none-any.whl`);
  execFileSync(testPython(), ["-c", WRITE_WHEEL, JSON.stringify({ ...spec, path })]);
  return path;
}
