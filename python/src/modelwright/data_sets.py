"""What a training set or test set must be: features and labels of the same length."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from .errors import ModelwrightError
from .model_files.arrays import shape_of

#: How many rows of a test set a version keeps under the policy "sample".
_MAX_SAMPLED_ROWS = 10_000


def parse_data_set(value: Any, name: str) -> Optional[Tuple[Any, Any]]:
    """Returns the pair (features, labels). Raises ModelwrightError `DATA_MALFORMED` naming the shapes."""
    if value is None:
        return None
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ModelwrightError("DATA_MALFORMED", "%s is no pair (features, labels)." % name, "Write (X, y).")
    features, labels = value
    shape, length = shape_of(features), shape_of(labels)
    if len(shape) != 2:
        raise ModelwrightError(
            "DATA_MALFORMED",
            "The features of %s have the shape %s." % (name, shape),
            "Features are a table: one row a case, one column a feature.",
        )
    if len(length) == 0 or length[0] != shape[0]:
        count = length[0] if length else "no"
        raise ModelwrightError("DATA_MALFORMED", "%s has %d rows of features and %s labels." % (name, shape[0], count))
    if shape[0] == 0:
        raise ModelwrightError("DATA_MALFORMED", "%s has no rows." % name, "Leave it out, or give at least one row.")
    return features, labels


def require_same_columns(training_set: Any, test_set: Any) -> None:
    """Raises ModelwrightError `DATA_MALFORMED`."""
    if training_set is None or test_set is None:
        return
    trained, tested = shape_of(training_set[0])[1], shape_of(test_set[0])[1]
    if trained != tested:
        raise ModelwrightError(
            "DATA_MALFORMED", "training_set has %d columns of features, test_set has %d." % (trained, tested)
        )


def kept_rows(data_set: Optional[Tuple[Any, Any]], policy: str) -> Optional[Tuple[Any, Any]]:
    """What a version keeps of a test set, which may hold personal data: `full`, `sample` or (nothing but) `digest`."""
    if data_set is None or policy == "digest":
        return None
    count = shape_of(data_set[0])[0]
    if policy == "full" or count <= _MAX_SAMPLED_ROWS:
        return data_set
    rows = [index * count // _MAX_SAMPLED_ROWS for index in range(_MAX_SAMPLED_ROWS)]
    features, labels = data_set
    return _take(features, rows), _take(labels, rows)


def _take(table: Any, rows: Any) -> Any:
    if hasattr(table, "iloc"):
        return table.iloc[rows]
    return [table[row] for row in rows] if isinstance(table, list) else table[rows]
