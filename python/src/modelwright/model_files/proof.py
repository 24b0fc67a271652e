"""Repeating a model's metrics on its stored test set."""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, NamedTuple, Union

from .errors import ModelwrightError
from .metrics import SHARES, compute_metric, known_metric

#: How far a metric may lie off where nothing that computes has changed, and elsewhere.
_SAME_PLACE = 1e-6
_OTHER_PLACE = 1e-4
#: In another place up to one label in a thousand may differ.
_OTHER_LABELS = 1e-3


def metrics_in_file(attributes: Mapping[str, str]) -> Dict[str, str]:
    """The metrics among the attributes of an XGBoost file, as they are written there."""
    return {name: text for name, text in attributes.items() if known_metric(name) is not None and _is_number(text)}


class StoredMetrics(NamedTuple):
    #: Of an old model file texts, as they are written there.
    values: Mapping[str, Union[float, str]]
    #: Environment and architecture are those in which they were computed.
    is_same_place: bool
    #: Whose they are, for people.
    what: str


def repeat_metrics(stored: StoredMetrics, model: Any, test_set: Any) -> Dict[str, float]:
    """Computes the stored metrics again. Raises ModelwrightError `PROOF_FAILED` naming those that differ."""
    found: Dict[str, float] = {}
    wrong = []
    for name, value in stored.values.items():
        formula = known_metric(name)
        if formula is None:
            continue
        found[name] = compute_metric(formula, model, test_set)
        if not _is_repeated(float(value), found[name], _tolerance(formula, value, stored.is_same_place)):
            wrong.append("  %s: %s when stored, %r now" % (name, value, found[name]))
    if wrong:
        raise ModelwrightError(
            "PROOF_FAILED",
            "%s does not repeat its metrics on the stored test set:\n%s" % (stored.what, "\n".join(wrong)),
            "The model, the test set or the packages are others than when it was stored.",
        )
    return found


def _is_repeated(expected: float, actual: float, tolerance: float) -> bool:
    if math.isnan(expected) or math.isnan(actual):
        return math.isnan(expected) and math.isnan(actual)
    return abs(actual - expected) <= tolerance


def _tolerance(formula: str, stored: Union[float, str], is_same_place: bool) -> float:
    relative = (_SAME_PLACE if is_same_place else _OTHER_PLACE) * abs(float(stored))
    labels = _OTHER_LABELS if formula in SHARES and not is_same_place else 0.0
    return max(relative, labels, _rounding(stored), 1e-12)


def _rounding(stored: Union[float, str]) -> float:
    """Old tools wrote metrics rounded: 0.93 may have been anything from 0.925 to 0.935."""
    if not isinstance(stored, str) or "e" in stored.lower() or "." not in stored:
        return 0.0
    return 0.5 * 10.0 ** -len(stored.strip().split(".")[1])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
