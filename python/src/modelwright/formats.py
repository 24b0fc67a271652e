"""Bytes that the tool and this package must agree on: canonical JSON, names, labels, `metadata.json`."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
import math
import re
from typing import Any, Dict, List, Optional, cast

from .errors import ModelwrightError

# Names become folder names, keys of buckets and parts of addresses.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")

METADATA_FILE = "metadata.json"
MANIFEST_FILE = "manifest.json"
#: The classic keys, in their order.
METADATA_KEYS = (
    "model_name",
    "model_filename",
    "model_class",
    "training_set_filenames",
    "test_set_filenames",
    "column_transformer_filename",
    "author_email",
    "version",
)


def is_name(text: str) -> bool:
    return _NAME.match(text) is not None and not text.endswith(".") and ".." not in text


def parse_name(text: object, what: str) -> str:
    """Returns `text` if it may name a model or a version. Raises ModelwrightError `NAME_INVALID`."""
    if isinstance(text, str) and is_name(text):
        # Of an enumeration's member the text: formatted, it would be `ModelName.IV`.
        return str.__str__(text)
    raise ModelwrightError(
        "NAME_INVALID",
        "%r cannot be the name of a %s." % (text, what),
        "Use 1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
    )


def parse_email(text: object) -> Optional[str]:
    if text is None or (isinstance(text, str) and _EMAIL.match(text)):
        return text
    raise ModelwrightError("CONFIG_INVALID", "%r is no e-mail address." % (text,), "Write it as name@example.com.")


def parse_version_path(path: object, where: str) -> str:
    """Returns `path` if it names a file inside a version's folder. Raises ModelwrightError `PATH_ESCAPES_ROOT`."""
    parts = path.split("/") if isinstance(path, str) else [""]
    is_inside = all(part not in ("", ".", "..") for part in parts) and not any(sign in str(path) for sign in "\0\\")
    if is_inside:
        return cast(str, path)
    raise ModelwrightError(
        "PATH_ESCAPES_ROOT",
        "%s names a file %r, which does not lie inside a model version." % (where, path),
        "Paths are relative, with /, and have no empty, . or .. parts.",
    )


def version_label(now: datetime.datetime) -> str:
    """The default label, for example `20230111-152433UTC`."""
    return now.astimezone(datetime.timezone.utc).strftime("%Y%m%d-%H%M%SUTC")


def print_metadata(metadata: Dict[str, Any]) -> bytes:
    """The bytes of `metadata.json`: exactly the eight keys, in their order."""
    return (print_json({key: metadata[key] for key in METADATA_KEYS}, indent=4) + "\n").encode("utf-8")


def parse_metadata(data: bytes, where: str) -> Dict[str, Any]:
    """Reads `metadata.json`, ours or that of an old tool. Raises ModelwrightError `STORE_CORRUPT`, `PATH_ESCAPES_ROOT`."""
    fields = parse_object(data, where)
    texts = ("model_name", "version")
    optional = ("model_filename", "model_class", "column_transformer_filename", "author_email")
    lists = ("training_set_filenames", "test_set_filenames")
    wrong = [key for key in texts if not isinstance(fields.get(key), str)]
    wrong += [key for key in optional if key not in fields or not isinstance(fields[key], (str, type(None)))]
    wrong += [key for key in lists if not _is_list_of_text(fields.get(key))]
    if wrong:
        raise corrupt(where, "it is not the metadata of a model (%s)" % ", ".join(sorted(wrong)))
    metadata = {key: fields[key] for key in METADATA_KEYS}
    for path in file_names(metadata):
        parse_version_path(path, where)
    return metadata


def file_names(metadata: Dict[str, Any]) -> List[str]:
    """Every file that the metadata name."""
    single: List[Optional[str]] = [metadata["model_filename"], metadata["column_transformer_filename"]]
    names = [name for name in single if name is not None]
    return [*names, *metadata["training_set_filenames"], *metadata["test_set_filenames"]]


def parse_object(data: bytes, where: str) -> Dict[str, Any]:
    """Raises ModelwrightError `STORE_CORRUPT` when the bytes are no JSON object."""
    try:
        value = json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise corrupt(where, "it is not JSON") from error
    if not isinstance(value, dict):
        raise corrupt(where, "it is not a JSON object")
    return value


def corrupt(where: str, reason: str) -> ModelwrightError:
    return ModelwrightError(
        "STORE_CORRUPT", "%s is damaged: %s." % (where, reason), "Restore the file from a copy, or publish again."
    )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> str:
    """Sorted keys and no spaces, as RFC 8785 has it: equal values give equal bytes."""
    if isinstance(value, dict):
        # JavaScript sorts by UTF-16 code units.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{%s}" % ",".join("%s:%s" % (print_json(key), canonical_json(value[key])) for key in keys)
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(canonical_json(item) for item in value)
    return print_json(value)


def print_json(value: Any, indent: int = 0, depth: int = 1) -> str:
    """JSON as `JSON.stringify` prints it, numbers included; with an `indent` of 0 in one line."""
    if isinstance(value, float):
        return _print_number(value)
    if isinstance(value, dict):
        colon = ": " if indent else ":"
        items = [print_json(key) + colon + print_json(item, indent, depth + 1) for key, item in value.items()]
        return "{%s}" % _join(items, indent, depth)
    if isinstance(value, (list, tuple)):
        return "[%s]" % _join([print_json(item, indent, depth + 1) for item in value], indent, depth)
    return json.dumps(value, ensure_ascii=False)


def _join(items: List[str], indent: int, depth: int) -> str:
    """What stands between the brackets."""
    if indent == 0 or not items:
        return ",".join(items)
    inner, outer = "\n" + " " * (indent * depth), "\n" + " " * (indent * (depth - 1))
    return inner + ("," + inner).join(items) + outer


def _print_number(value: float) -> str:
    """Number::toString of ECMAScript: the shortest digits that mean the number, as `repr` finds them."""
    if not math.isfinite(value):
        raise ModelwrightError("SCHEMA_MISMATCH", "%r cannot be written as JSON." % value)
    if value == 0:
        return "0"
    sign, figures, exponent = decimal.Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    # The decimal point stands behind so many digits.
    point = len(digits) + cast(int, exponent)
    return ("-" if sign else "") + _place_point(digits, point)


def _place_point(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return "%s.%s" % (digits[:point], digits[point:])
    if -6 < point <= 0:
        return "0.%s%s" % ("0" * -point, digits)
    mantissa = digits[0] if len(digits) == 1 else "%s.%s" % (digits[0], digits[1:])
    return "%se%+d" % (mantissa, point - 1)


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
