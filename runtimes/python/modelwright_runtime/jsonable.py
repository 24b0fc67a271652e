"""Turning what models return into JSON, without importing the libraries that their values come from."""

import base64
import collections.abc
import datetime
import decimal
import enum
import json
import math
import os
import uuid


def encode_json(value):
    """JSON text of a model's value. NaN and infinities become the strings "NaN", "Infinity", "-Infinity".

    Raises TypeError for a value that has no JSON form.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError):
        # Floats that JSON lacks, or keys that are not text: rare, so only then is everything walked in Python.
        return _ENCODER.encode(to_plain(value))


def to_plain(value, of_unknown=None):
    """The value made of dicts, lists, text, numbers, booleans and None only.

    `of_unknown` replaces a value that has no JSON form; without it such a value raises TypeError.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, enum.Enum):
        return to_plain(value.value, of_unknown)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _name_of_float(value)
    if isinstance(value, dict):
        return {_key(key): to_plain(item, of_unknown) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item, of_unknown) for item in value]
    try:
        return to_plain(_unwrap(value), of_unknown)
    except Exception:
        if of_unknown is None:
            raise
        return of_unknown(value)


def is_frame(value):
    """True for a table of named columns as pandas has it."""
    return hasattr(value, "columns") and hasattr(value, "to_dict")


def _unwrap(value):
    """One step from a foreign value towards plain ones."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (datetime.timedelta, uuid.UUID, os.PathLike)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return _text_of_bytes(bytes(value))
    if isinstance(value, collections.abc.Set):
        return list(value)
    if isinstance(value, collections.abc.Mapping):
        return dict(value)
    if is_frame(value):
        return value.to_dict("records")
    return _unwrap_array(value)


def _unwrap_array(value):
    """Arrays, series, tensors and scalars of NumPy, pandas, PyTorch and TensorFlow, told by their methods."""
    if getattr(getattr(value, "dtype", None), "kind", None) in ("m", "M"):
        # tolist() would turn times into bare counts of nanoseconds.
        if getattr(value, "ndim", 0) > 0:
            return list(value)
        return None if str(value) == "NaT" else str(value)
    for method in ("tolist", "numpy"):
        convert = getattr(value, method, None)
        if callable(convert):
            converted = convert()
            # A NumPy long double converts to itself.
            return float(value) if type(converted) is type(value) else converted
    raise TypeError("a value of type %s has no JSON form" % type(value).__name__)


def _text_of_bytes(value):
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")


def _name_of_float(value):
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _key(key):
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return json.dumps(key)
    return str(key)


_ENCODER = json.JSONEncoder(allow_nan=False, default=_unwrap, separators=(",", ":"))
