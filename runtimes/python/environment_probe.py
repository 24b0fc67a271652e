"""Prints what this interpreter is, as one line of JSON.

Runs on any Python, also those that are too old for models, so that they can be named in a message.
"""

import json
import os
import platform
import sys
import sysconfig


def base_executable():
    """The interpreter that a virtual environment was made from; this one where it is none."""
    base_prefix = getattr(sys, "base_prefix", sys.prefix)
    if sys.prefix == base_prefix:
        return sys.executable
    for name in ("python%d.%d" % sys.version_info[:2], "python3", "python"):
        path = os.path.join(base_prefix, "bin", name)
        if os.access(path, os.X_OK):
            return path
    return os.path.realpath(sys.executable)


def describe():
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "platform": sysconfig.get_platform(),
        # On macOS the platform may be "universal2", which does not tell the processor.
        "machine": platform.machine(),
        # Tells glibc from musl, debug and free-threaded builds from ordinary ones.
        "abi": sysconfig.get_config_var("SOABI") or "",
        "executable": os.path.abspath(sys.executable) if sys.executable else "",
        "baseExecutable": os.path.abspath(base_executable()) if sys.executable else "",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(describe()) + "\n")
