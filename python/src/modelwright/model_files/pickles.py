"""Pickles run code when they are loaded, so nothing here loads one unless the caller trusts it."""

from __future__ import annotations

import importlib
import io
import mmap
import os
import pickle
import pickletools
from typing import Any, BinaryIO, Optional, Sequence, Union

from .errors import ModelwrightError, package_missing

#: True: load anything. False: refuse pickles. Names: load what imports only these modules, classes and functions.
Trust = Union[bool, Sequence[str]]

#: Readable by every supported Python.
PROTOCOL = 4


def save_pickle(value: Any, path: str) -> None:
    """Raises ModelwrightError `DATA_MALFORMED` for what no other process could load."""
    kind = type(value).__name__
    try:
        with open(path, "wb") as file:
            pickle.dump(value, file, protocol=PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        hint = "Lambdas, functions inside functions and open files are what pickles cannot hold."
        message = "The %s cannot be stored: %s: %s" % (kind, type(error).__name__, error)
        raise ModelwrightError("DATA_MALFORMED", message, hint) from error
    name = _name_of_main(path)
    if name is not None:
        raise ModelwrightError(
            "DATA_MALFORMED",
            "The %s needs %s of this very program (__main__), which is not stored with it." % (kind, name),
            "Move %s into a module that is installed where the model is loaded, and import it from there." % name,
        )


def _name_of_main(path: str) -> Optional[str]:
    """The first class or function of `__main__` that a pickle of ours imports."""
    with open(path, "rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(b"__main__") < 0:
                return None
        texts = [""]
        for operation, argument, _ in pickletools.genops(file):
            if isinstance(argument, str):
                texts = [texts[-1], argument]
            elif operation.name == "STACK_GLOBAL" and texts[0] == "__main__":
                return texts[-1]
    return None


def load_pickle(path: str, trust: Trust) -> Any:
    """Loads a pickle or a file of joblib. Raises ModelwrightError `PICKLE_NOT_TRUSTED`, `FILE_UNREADABLE`."""
    require_trust(path, trust)
    try:
        if trust is True:
            return _load_anything(path)
        with open(path, "rb") as file:
            return _AllowedUnpickler(file, path, names_of(trust)).load()
    except (ModelwrightError, OSError):
        raise
    except Exception as error:
        raise ModelwrightError(
            "FILE_UNREADABLE",
            "%s cannot be loaded: %s: %s" % (path, type(error).__name__, error),
            "Check that the file is whole and that the packages have the versions that it was saved with.",
        ) from error


def require_trust(path: str, trust: Trust) -> None:
    """Raises ModelwrightError `PICKLE_NOT_TRUSTED` when nothing is trusted."""
    if trust is False:
        raise ModelwrightError(
            "PICKLE_NOT_TRUSTED",
            "%s is a pickle: loading it runs whatever code it names." % path,
            "If you trust who wrote it, load it with trust=True, or with the names that it may import, "
            'for example trust=["sklearn", "numpy"].',
        )


def names_of(trust: Trust) -> Sequence[str]:
    return [trust] if isinstance(trust, str) else [] if isinstance(trust, bool) else list(trust)


def unpickle(data: bytes, path: str, trust: Trust) -> Any:
    """Like `load_pickle`, of bytes that stand inside the file `path`."""
    require_trust(path, trust)
    if trust is True:
        return pickle.loads(data)
    return _AllowedUnpickler(io.BytesIO(data), path, names_of(trust)).load()


def _load_anything(path: str) -> Any:
    if os.path.splitext(path)[1] != ".joblib":
        with open(path, "rb") as file:
            return pickle.load(file)
    try:
        joblib = importlib.import_module("joblib")
    except ImportError:
        raise package_missing("joblib", path) from None
    return joblib.load(path)


class _AllowedUnpickler(pickle.Unpickler):
    """Imports only what the caller has named: `sklearn` allows all below it, `numpy.ndarray` one class."""

    def __init__(self, file: BinaryIO, path: str, names: Sequence[str]) -> None:
        super().__init__(file)
        self._path = path
        self._names = names

    def find_class(self, module: str, name: str) -> Any:
        full = "%s.%s" % (module, name)
        if any(full == allowed or full.startswith(allowed + ".") for allowed in self._names):
            return super().find_class(module, name)
        raise ModelwrightError(
            "PICKLE_NOT_TRUSTED",
            "%s imports %s, which trust does not name." % (self._path, full),
            "Add %r to trust if it is harmless." % full,
        )
