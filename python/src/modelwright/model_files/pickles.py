"""Pickles run code when they are loaded, so nothing here loads one unless the caller trusts it."""

from __future__ import annotations

import importlib
import io
import os
import pickle
from typing import Any, BinaryIO, Sequence, Union

from .errors import ModelwrightError, package_missing

#: True: load anything. False: refuse pickles. Names: load what imports only these modules, classes and functions.
Trust = Union[bool, Sequence[str]]

#: Readable by every supported Python.
PROTOCOL = 4


def save_pickle(value: Any, path: str) -> None:
    with open(path, "wb") as file:
        pickle.dump(value, file, protocol=PROTOCOL)


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
