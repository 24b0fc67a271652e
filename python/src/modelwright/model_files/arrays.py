"""Data sets as files: `.npy` for arrays, `.npz` for sparse matrices in CSR form."""

from __future__ import annotations

import importlib
import os
from typing import Any

from .errors import ModelwrightError, package_missing
from .pickles import Trust, require_trust, unpickle

_NPY_MAGIC = b"\x93NUMPY"


def numpy() -> Any:
    try:
        return importlib.import_module("numpy")
    except ImportError:
        raise package_missing("numpy", "Reading and writing data sets") from None


def scipy_sparse() -> Any:
    try:
        return importlib.import_module("scipy.sparse")
    except ImportError:
        raise package_missing("scipy", "Reading and writing sparse matrices") from None


def is_sparse(value: Any) -> bool:
    return hasattr(value, "tocsr") and hasattr(value, "nnz")


def to_array(value: Any) -> Any:
    """A NumPy array of a table, a column, an array or lists. Text stays text instead of becoming objects."""
    array = value.to_numpy() if hasattr(value, "to_numpy") else numpy().asarray(value)
    if array.dtype.hasobject and array.size > 0 and all(isinstance(item, str) for item in array.flat):
        return array.astype(str)
    return array


def shape_of(value: Any) -> Any:
    """The shape as a tuple of lengths."""
    shape = getattr(value, "shape", None)
    return tuple(shape) if shape is not None else tuple(to_array(value).shape)


def save_array(value: Any, folder: str, stem: str) -> str:
    """Writes `<stem>.npz` for a sparse matrix, else `<stem>.npy`; returns the file's name."""
    if is_sparse(value):
        name = stem + ".npz"
        scipy_sparse().save_npz(os.path.join(folder, name), value.tocsr())
        return name
    name = stem + ".npy"
    array = to_array(value)
    numpy().save(os.path.join(folder, name), array, allow_pickle=array.dtype.hasobject)
    return name


def load_array(path: str, trust: Trust) -> Any:
    """Reads what `save_array` or an older tool wrote. Raises ModelwrightError `PICKLE_NOT_TRUSTED`, `FILE_UNREADABLE`."""
    try:
        if path.endswith(".npz"):
            return scipy_sparse().load_npz(path)
        return _load_npy(path, trust)
    except (ModelwrightError, OSError):
        raise
    except Exception as error:
        raise ModelwrightError(
            "FILE_UNREADABLE", "%s is no data set: %s" % (path, error), "It should be a .npy array or a CSR .npz file."
        ) from error


def _load_npy(path: str, trust: Trust) -> Any:
    with open(path, "rb") as file:
        is_array = file.read(len(_NPY_MAGIC)) == _NPY_MAGIC
        file.seek(0)
        # Old tools also wrote plain pickles under this name.
        if not is_array:
            return _item(unpickle(file.read(), path, trust))
        if not _holds_objects(file):
            return numpy().lib.format.read_array(file, allow_pickle=False)
        require_trust(path, trust)
        # The header is read; what follows is a pickle.
        return _item(unpickle(file.read(), path, trust))


def _holds_objects(file: Any) -> bool:
    """Reads the header. True: the position is behind it. False: back at the start."""
    form = numpy().lib.format
    version = form.read_magic(file)
    read = form.read_array_header_1_0 if version == (1, 0) else form.read_array_header_2_0
    _, _, dtype = read(file)
    if dtype.hasobject:
        return True
    file.seek(0)
    return False


def _item(value: Any) -> Any:
    """A sparse matrix that was saved with `numpy.save` lies in an array without dimensions."""
    return value.item() if getattr(value, "shape", None) == () else value
