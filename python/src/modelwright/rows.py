"""Rows as a client of a prediction service sends them."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional

from .errors import ModelwrightError
from .model_files.arrays import is_sparse, to_array
from .model_files.estimators import feature_names_of


def rows_of(table: Any) -> List[Any]:
    """Rows of a DataFrame as objects, of an array or of lists as lists; objects stay what they are."""
    if hasattr(table, "columns") and hasattr(table, "to_dict"):
        return [{str(name): plain_value(value) for name, value in row.items()} for row in table.to_dict("records")]
    return [plain_value(row) for row in (table.tolist() if hasattr(table, "tolist") else table)]


def rows_of_test_set(features: Any, model: Any, count: int) -> List[Any]:
    """The first rows of a test set, with names where the model has them; rows with missing numbers are left out."""
    if is_sparse(features):
        return []
    rows = rows_of(features[:count]) if not hasattr(features, "head") else rows_of(features.head(count))
    names = feature_names_of(model)
    if names is not None:
        rows = [dict(zip(names, row)) if isinstance(row, list) else row for row in rows]
    return [row for row in rows if None not in (row.values() if isinstance(row, dict) else row)]


def table_of(rows: Any, order: Optional[List[str]] = None) -> Any:
    """What a transformer or model takes: a DataFrame of objects, an array of lists; tables stay what they are."""
    if hasattr(rows, "shape") or hasattr(rows, "columns"):
        return rows
    if rows and all(isinstance(row, dict) for row in rows):
        return _frame(list(rows), order)
    return to_array(rows)


def _frame(rows: List[Dict[str, Any]], order: Optional[List[str]]) -> Any:
    try:
        import pandas
    except ImportError:
        raise ModelwrightError(
            "PACKAGE_MISSING", "Rows that are objects need pandas, which is not installed.", "Run: pip install pandas"
        ) from None
    for index, row in enumerate(rows):
        # Of a table they would become missing numbers, which many a model takes in silence.
        missing = [name for name in order or rows[0] if name not in row]
        if missing:
            raise ModelwrightError("DATA_MALFORMED", "Row %d lacks the columns %s." % (index, ", ".join(missing)))
    return pandas.DataFrame(rows, columns=order)


def plain_value(value: Any) -> Any:
    """JSON of a value; numbers that JSON lacks become null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)
