"""Finding and ending the processes that a model started, also those that left its process group."""

import os
import signal

_PR_SET_CHILD_SUBREAPER = 36


def keep_orphans():
    """Makes this process the parent of descendants whose own parent ends, so that none of them gets lost. Linux only.

    The price: an orphan that ends stays a zombie until this process ends too.
    """
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass


def kill_descendants(ancestor):
    """Ends every descendant of a process with SIGKILL. Where there is no /proc nothing is found."""
    stopped = set()
    while True:
        found = _descendants(ancestor) - stopped
        if not found:
            break
        # Each is frozen before the next look, so that the tree cannot outgrow the search.
        for process in found:
            send_signal(process, signal.SIGSTOP)
        stopped |= found
    for process in stopped:
        send_signal(process, signal.SIGKILL)


def kill_marked(mark):
    """Ends every other process that has the bytes `mark` in the environment with which it was started. Linux only."""
    found = None
    killed = set()
    while found is None or found - killed:
        killed |= found or set()
        found = {process for process, _ in _living_processes() if process != os.getpid() and _has_mark(process, mark)}
        for process in found:
            send_signal(process, signal.SIGKILL)


def send_signal(process, number):
    """Sends a signal to a process that may be gone or somebody else's."""
    try:
        os.kill(process, number)
    except (ProcessLookupError, PermissionError):
        pass


def _has_mark(process, mark):
    try:
        with open("/proc/%d/environ" % process, "rb") as file:
            return mark in file.read()
    except OSError:
        return False


def _descendants(ancestor):
    children = {}
    for process, parent in _living_processes():
        children.setdefault(parent, []).append(process)
    found = set()
    waiting = [ancestor]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _living_processes():
    """(process id, parent's process id) of every process."""
    try:
        names = os.listdir("/proc")
    except OSError:
        return
    for name in names:
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, "rb") as file:
                # The program's name, in brackets, may itself hold brackets and spaces.
                fields = file.read().rpartition(b")")[2].split()
            yield int(name), int(fields[1])
        except (OSError, IndexError, ValueError):
            continue
