"""How much memory a job used at most."""

import resource
import sys


def peak_memory_bytes():
    """The highest resident size of this process or of any child that it waited for."""
    children = _in_bytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return max(_own_peak_bytes(), children)


def _own_peak_bytes():
    # On Linux ru_maxrss also counts what the process was before it became Python: a copy of the tool.
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return _in_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _in_bytes(maxrss):
    return maxrss if sys.platform == "darwin" else maxrss * 1024
