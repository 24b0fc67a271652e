import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { testPython } from "../../support/test-python.ts";

// Says that it is being built, by whom, and waits for permission. Its building needs no other package.
const BACKEND = `
import os, time, zipfile

HOME = os.environ["HOME"]
INFO = "slow-1.0.dist-info"
FILES = {
    "slow.py": "",
    INFO + "/METADATA": "Metadata-Version: 2.1\\nName: slow\\nVersion: 1.0\\n",
    INFO + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    INFO + "/RECORD": "slow.py,,\\n",
}

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.makedirs(os.path.join(folder, INFO))
    for name in ("METADATA", "WHEEL"):
        with open(os.path.join(folder, INFO, name), "w") as file:
            file.write(FILES[INFO + "/" + name])
    return INFO

def build_wheel(folder, config_settings=None, metadata_directory=None):
    with open(os.path.join(HOME, "builds"), "a") as file:
        file.write("%d %d\\n" % (os.getpid(), os.getpgrp()))
    while not os.path.exists(os.path.join(HOME, "go")):
        time.sleep(0.02)
    name = "slow-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
    return name
`;
const WRITE_ARCHIVE = `
import io, sys, tarfile
project = '[build-system]\\nrequires = []\\nbuild-backend = "backend"\\nbackend-path = ["."]\\n'
files = {"pyproject.toml": project, "backend.py": sys.argv[2], "PKG-INFO": "Metadata-Version: 2.1\\nName: slow\\nVersion: 1.0\\n"}
with tarfile.open(sys.argv[1], "w:gz") as archive:
    for name, text in files.items():
        entry = tarfile.TarInfo("slow-1.0/" + name)
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
`;

/**
 * Writes a source package `slow` whose building adds the line `<process> <process group>` to `$HOME/builds` and then
 * waits until `$HOME/go` exists.
 */
export function makeSlowPackage(folder: string): void {
  execFileSync(testPython(), ["-c", WRITE_ARCHIVE, join(folder, "slow-1.0.tar.gz"), BACKEND]);
}
