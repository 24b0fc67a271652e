"""Whether two lists of predictions are those of one model."""

from __future__ import annotations

import math
from typing import Any, List, NamedTuple, Sequence

from ..rows import plain_value


class Difference(NamedTuple):
    row: int
    expected: Any
    actual: Any


def find_differences(expected: Sequence[Any], actual: Sequence[Any], relative: float = 1e-6) -> List[Difference]:
    """Rows whose predictions differ: floats by more than `relative`, everything else at all."""
    left, right = plain_value(list(expected)), plain_value(list(actual))
    rows = range(max(len(left), len(right)))
    pairs = [(row, left[row] if row < len(left) else None, right[row] if row < len(right) else None) for row in rows]
    return [Difference(*pair) for pair in pairs if not _agree(pair[1], pair[2], relative)]


def describe_differences(differences: Sequence[Difference], shown: int = 5) -> str:
    """One line a row."""
    lines = ["  row %d: expected %r, got %r" % difference for difference in differences[:shown]]
    more = len(differences) - shown
    return "\n".join(lines + (["  … and %d more rows" % more] if more > 0 else []))


def _agree(one: Any, other: Any, relative: float) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=relative, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_agree(a, b, relative) for a, b in zip(one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_agree(one[key], other[key], relative) for key in one)
    return bool(one == other)
