"""Builds a virtual environment from a lock, in its final place: a virtual environment cannot be renamed.

Request: {"folder": path, "lock": text, "indexOptions": lines of a requirements file that say where packages are found,
"ready": what `ready.json` will hold, "uv": its path or null for pip, "pipFolder", "logFile"}. The environment counts once `ready.json` holds just that.
"""

import contextlib
import json
import os
import venv

from environment_events import say
from environment_files import one_builder, remove_folder, work_folder, write_file
from environment_pip import Pip, ProgramLog, gathered_package
from environment_uv import Uv


def install(request):
    folder = request["folder"]
    with one_builder(folder + ".lock"):
        # Somebody else has built the same environment while this process waited.
        if _is_ready(request):
            return
        remove_folder(folder)
        try:
            _build(request)
        except BaseException:
            # What cannot be removed now has no ready.json, so the next builder begins by removing it.
            with contextlib.suppress(OSError):
                remove_folder(folder)
            raise


def _is_ready(request):
    try:
        with open(os.path.join(request["folder"], "ready.json"), encoding="utf-8") as file:
            is_vouched_for = json.load(file) == request["ready"]
    except (FileNotFoundError, ValueError):
        return False
    # The link leads nowhere once the interpreter that it was made from is gone.
    return is_vouched_for and os.access(_python(request["folder"]), os.X_OK)


def _python(folder):
    return os.path.join(folder, "bin", "python")


def _build(request):
    folder = request["folder"]
    # Without pip: that alone would take seconds, and it is not in the lock.
    venv.EnvBuilder(symlinks=True).create(folder)
    if request["lock"]:
        with work_folder(folder + ".tmp") as temporary, ProgramLog(request["logFile"]) as log:
            _install_packages(request, temporary, log)
    # The packages must be on the disk before the file that vouches for them.
    os.sync()
    write_file(os.path.join(folder, "ready.json"), json.dumps(request["ready"]))


def _install_packages(request, temporary, log):
    files = {"index-options.txt": request["indexOptions"], "lock.txt": request["lock"]}
    for name, text in files.items():
        write_file(os.path.join(temporary, name), text)
    total = request["lock"].count("\n")
    if request["uv"]:
        paths = [os.path.join(temporary, name) for name in files]
        Uv(request["uv"], log, temporary).install(_python(request["folder"]), paths, total)
        return
    pip = Pip(request["pipFolder"], log, temporary)
    requirement_options = [option for name in files for option in ("--requirement", os.path.join(temporary, name))]
    into = ["--python", _python(request["folder"]), "install"]
    checks = ["--require-hashes", "--no-deps", "--no-warn-script-location"]
    pip.run([*into, *checks, *requirement_options], on_line=_progress_of(total))


def _progress_of(total):
    count = 0

    def tell(line):
        nonlocal count
        package = gathered_package(line)
        if package:
            count += 1
            say("downloading", count=count, total=total, package=package)
        elif line.startswith("Installing collected packages"):
            say("installing", total=total)

    return tell
