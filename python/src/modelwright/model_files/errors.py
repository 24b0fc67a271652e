"""The one error of the package."""

from __future__ import annotations

from typing import Any, Optional, Tuple


class ModelwrightError(Exception):
    """An expected fault. `code` is one of those in the tool's table of errors and never changes."""

    def __init__(self, code: str, message: str, hint: Optional[str] = None) -> None:
        super().__init__(message if hint is None else "%s\n%s" % (message, hint))
        self.code: str = code
        self.message: str = message
        #: What the reader can do about it.
        self.hint: Optional[str] = hint

    def __reduce__(self) -> Tuple[Any, ...]:  # Without it unpickling fails.
        return type(self), (self.code, self.message, self.hint)


def package_missing(package: str, what_for: str) -> ModelwrightError:
    """The error for a library that only some need and that is not installed."""
    return ModelwrightError(
        "PACKAGE_MISSING", "%s needs %s, which is not installed." % (what_for, package), "Run: pip install %s" % package
    )
