"""Small JSON records of the store with their own digest, and where they lie."""

from __future__ import annotations

import re
from typing import Any, Dict

from ..errors import ModelwrightError
from ..formats import canonical_json, corrupt, parse_object, print_json, sha256

#: Number of the format that this version writes.
RECORD_FORMAT = 1
MANIFEST_FORMAT = 1
#: Folders of a model that are the protocol's own.
RESERVED_FOLDERS = ("claims", "commits", "versions", "aliases")

_ALIAS_ENTRY = re.compile(r"\d{10}\.json\Z")


def claim_key(model: str, version: str) -> str:
    return "models/%s/claims/%s" % (model, version)


def commit_key(model: str, version: str) -> str:
    return "models/%s/commits/%s.json" % (model, version)


def version_prefix(model: str, version: str) -> str:
    return "models/%s/versions/%s/" % (model, version)


def is_alias_entry(name: str) -> bool:
    return _ALIAS_ENTRY.match(name) is not None


def seal_record(fields: Dict[str, Any]) -> bytes:
    versioned = dict({"schemaVersion": RECORD_FORMAT}, **fields)
    sealed = dict(versioned, digest=sha256(canonical_json(versioned).encode("utf-8")))
    return (print_json(sealed) + "\n").encode("utf-8")


def open_record(data: bytes, key: str) -> Dict[str, Any]:
    """Raises ModelwrightError `STORE_CORRUPT`, `FORMAT_TOO_NEW`."""
    fields = parse_object(data, key)
    digest = fields.pop("digest", None)
    if digest != sha256(canonical_json(fields).encode("utf-8")):
        raise corrupt(key, "it does not have the digest that it names")
    require_known_format(fields.get("schemaVersion"), RECORD_FORMAT, key)
    return fields


def require_known_format(found: object, known: int, key: str) -> None:
    if isinstance(found, int) and found > known:
        raise ModelwrightError(
            "FORMAT_TOO_NEW",
            "The stored file %s has format %d; this version reads formats up to %d." % (key, found, known),
            "Update the package: pip install --upgrade modelwright.",
        )
