"""What a version can be checked by later: its metric on the test set, and rows with their predictions."""

from __future__ import annotations

from typing import Any, Dict, List

from ..model_files.metrics import compute_metric, default_metric
from ..rows import rows_of_test_set

#: Rows of the test set that stand in for examples where there are none and nothing transforms them.
_ROWS_WITHOUT_EXAMPLES = 10


def metrics_of(model: Any, test_set: Any) -> Dict[str, float]:
    """Accuracy, or RMSE for models of numbers; empty without a test set."""
    if test_set is None:
        return {}
    name = default_metric(model)
    return {name: compute_metric(name, model, test_set)}


def default_examples(model: Any, test_set: Any, column_transformer: Any) -> List[Any]:
    """Where no examples are given: the first rows of the test set, if clients send what the model takes."""
    if test_set is None or column_transformer is not None:
        return []
    return rows_of_test_set(test_set[0], model, _ROWS_WITHOUT_EXAMPLES)
