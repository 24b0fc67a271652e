"""Telling the run which configuration was read."""

from __future__ import annotations

from typing import Any

from ..formats import canonical_json, sha256
from ..job import report_event


def record_configuration(source: str, name: str, value: Any) -> None:
    """source: `local`, `statsig`, or `statsig-cache` for a last good value. The digest is over canonical JSON."""
    report_event("configuration", source=source, name=name, digest=sha256(canonical_json(value).encode("utf-8")))
