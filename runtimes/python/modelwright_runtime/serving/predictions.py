"""Turning what `predict` returns into predictions."""

import collections.abc

from modelwright_runtime.jsonable import is_frame
from modelwright_runtime.model.model_fault import ModelFault


def predictions_of_rows(result, row_count):
    """One prediction a row, as a list. Raises ModelFault when their number is another."""
    if result is None:
        raise ModelFault("PredictionMismatch", "predict returned None; is a return missing?")
    values = _as_list(result)
    if values is None:
        message = "predict answered %d rows with one value of type %s." % (row_count, type(result).__name__)
        raise ModelFault("PredictionMismatch", message)
    if len(values) != row_count:
        message = "predict answered %d rows with %d predictions." % (row_count, len(values))
        raise ModelFault("PredictionMismatch", message)
    return values


def prediction_of_row(result):
    """The prediction of one row. Old scorers wrap the row themselves and answer with an array of one."""
    values = _as_list(result)
    if values is None:
        return result
    return values[0] if len(values) == 1 else values


def _as_list(result):
    """The items of a list, tuple, array, series, tensor or iterator, the rows of a frame; None for a single value."""
    if isinstance(result, (list, tuple)):
        return list(result)
    if is_frame(result):
        return result.to_dict("records")
    if getattr(getattr(result, "dtype", None), "kind", None) in ("m", "M"):
        # tolist() would turn times into bare counts of nanoseconds.
        return list(result) if getattr(result, "ndim", 0) > 0 else None
    if not hasattr(result, "tolist") and callable(getattr(result, "numpy", None)):
        result = result.numpy()
    if hasattr(result, "tolist"):
        values = result.tolist()
        return values if isinstance(values, list) else None
    return list(result) if isinstance(result, collections.abc.Iterator) else None
