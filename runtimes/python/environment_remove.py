"""Removes environments that nobody uses now.

Request: {"folders": paths}. One that is being built or that a process runs in is spared and told: "spared".
"""

import fcntl
import os
import subprocess

from environment_events import say
from environment_files import remove_folder


def remove(request):
    for folder in request["folders"]:
        # What a builder half made beside an environment belongs to the environment's lock.
        stem = folder[: -len(".tmp")] if folder.endswith(".tmp") else folder
        descriptor = os.open(stem + ".lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_running_in(folder):
                say("spared", folder=folder, reason="running")
            else:
                _remove(folder)
        except BlockingIOError:
            say("spared", folder=folder, reason="building")
        finally:
            os.close(descriptor)


def _remove(folder):
    # Without this file nobody takes it for whole, should removing it end half-way.
    ready = os.path.join(folder, "ready.json")
    if os.path.exists(ready):
        os.remove(ready)
    remove_folder(folder)


def _is_running_in(folder):
    programs = os.path.join(folder, "bin") + os.sep
    return any(command.startswith(programs) for command in _commands())


def _commands():
    """The command lines of all processes of this machine, as far as they may be seen."""
    if not os.path.isdir("/proc/self"):
        return subprocess.run(["ps", "-axo", "args="], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    commands = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % name, "rb") as file:
                commands.append(file.read().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:  # It has ended meanwhile.
            continue
    return commands
