"""Resolves requirements to a lock, builds an environment from a lock, or removes environments.

The tool runs it with `-I -B` and the interpreter that the environment is for. Standard library only; Python >= 3.8.
Standard input: one JSON request, `{"action": "resolve" | "install" | "remove", …}`; its fields are told in the module of that name.
Standard output: JSON lines, each with an "event"; the last one is "done" or "failed".
Descriptor 3: a socket that hangs up when the tool is gone; then this process and all that it started end.
"""

import errno
import json
import os
import sys

# Isolated mode leaves the script's own folder out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import environment_install  # noqa: E402
import environment_remove  # noqa: E402
import environment_resolve  # noqa: E402
from environment_events import BuildFault, say  # noqa: E402
from environment_lifetime import Stopped, begin_lifetime, end_lifetime  # noqa: E402

ACTIONS = {
    "resolve": environment_resolve.resolve,
    "install": environment_install.install,
    "remove": environment_remove.remove,
}


def main():
    begin_lifetime()
    try:
        request = json.load(sys.stdin.buffer)
        ACTIONS[request["action"]](request)
        say("done")
        return 0
    except BuildFault as fault:
        say("failed", reason=fault.reason, message=str(fault))
        return 1
    except OSError as error:
        say("failed", reason="system", message=str(error), code=errno.errorcode.get(error.errno, ""))
        return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stopped:
        end_lifetime()
