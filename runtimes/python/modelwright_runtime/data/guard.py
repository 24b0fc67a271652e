"""A second wall around a pickle that was checked: whatever it calls, it can import and change nothing else."""

import contextlib
import importlib
import os
import sys

from modelwright_runtime.model.model_fault import ModelFault

#: Audit events of Python (https://docs.python.org/3/library/audit_events.html) that data never need, by their beginning.
_REFUSED = (
    "os.system os.exec os.posix_spawn os.spawn os.fork os.startfile subprocess. pty. socket. urllib. http. ftplib. smtplib. "
    "os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown os.utime os.setxattr os.removexattr "
    "os.kill os.putenv os.unsetenv shutil. tempfile. sqlite3. ctypes.dlopen ctypes.dlsym webbrowser. signal. syslog."
).split()
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@contextlib.contextmanager
def only_giving_data(imports):
    """Until it is left, pickles get no other names than these, and nobody writes files, starts programs or reaches the network.

    An audit hook, because it sees every reader of pickles and every way to a file. It cannot be taken down again, by nobody.
    """
    allowed = {(module, name) for module, name in imports}
    _import_before({module for module, _ in allowed})
    state = {"isActive": True}

    def watch(event, arguments):
        if not state["isActive"]:
            return
        if event == "pickle.find_class":
            if tuple(arguments) not in allowed:
                raise ModelFault("ImportRefused", "it would import %s.%s, which the check did not find" % tuple(arguments))
        elif event == "open":
            if _is_writing(*arguments):
                raise ModelFault("ActionRefused", "it would write to %s" % (arguments[0],))
        elif event.startswith(tuple(_REFUSED)):
            raise ModelFault("ActionRefused", "it would do what data never need (%s)" % event)

    sys.addaudithook(watch)
    try:
        yield
    finally:
        state["isActive"] = False


def _import_before(modules):
    """What a library does while it is imported is its own affair, and it would be imported in any case."""
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception:
            # The pickle will say so, in its own words.
            pass


def _is_writing(_, mode, flags):
    return any(letter in "wax+" for letter in mode or "r") or bool((flags or 0) & _WRITING)
