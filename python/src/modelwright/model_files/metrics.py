"""Metrics that a model is re-checked with. Definitions as in scikit-learn's user guide, section 3.4."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from .arrays import numpy, to_array
from .estimators import predict_with

#: How old tools call them → how they are called here.
_SYNONYMS = {"auc": "roc_auc", "logloss": "log_loss", "acc": "accuracy", "f1_score": "f1", "r2_score": "r2"}
#: Values that lie between 0 and 1 and move in steps of one label.
SHARES = ("accuracy", "error", "f1", "roc_auc")


def is_classifier(model: Any) -> bool:
    try:
        return hasattr(model, "classes_") or hasattr(model, "predict_proba")
    except Exception:
        # A property that raises something else than AttributeError is there.
        return True


def default_metric(model: Any) -> str:
    return "accuracy" if is_classifier(model) else "rmse"


def known_metric(name: str) -> Optional[str]:
    """The metric that a name in an old model file means, for example `test_auc`; None for what is no metric."""
    plain = name.lower().replace("-", "_")
    for prefix in ("test_", "eval_"):
        plain = plain[len(prefix) :] if plain.startswith(prefix) else plain
    plain = _SYNONYMS.get(plain, plain)
    return plain if plain in _FORMULAS else None


def compute_metric(name: str, model: Any, test_set: Any) -> float:
    """One metric of a model on features, transformed already, and labels."""
    features, labels = test_set
    truth = to_array(labels)
    return float(_FORMULAS[name](model, features, truth.ravel() if truth.ndim == 2 and truth.shape[1] == 1 else truth))


def _accuracy(model: Any, features: Any, truth: Any) -> float:
    np = numpy()
    predicted = np.asarray(predict_with(model, features)).reshape(truth.shape)
    return float((predicted == truth).reshape(len(truth), -1).all(axis=1).mean())


def _error(model: Any, features: Any, truth: Any) -> float:
    return 1 - _accuracy(model, features, truth)


def _f1(model: Any, features: Any, truth: Any) -> float:
    np = numpy()
    predicted = np.asarray(predict_with(model, features)).ravel()
    positive = _classes_of(model, truth)[-1]
    hits = float(((predicted == positive) & (truth == positive)).sum())
    both = float((predicted == positive).sum() + (truth == positive).sum())
    return 0.0 if both == 0 else 2 * hits / both


def _roc_auc(model: Any, features: Any, truth: Any) -> float:
    """The share of pairs of a positive and a negative row that the score orders rightly (Mann–Whitney U); ties count half."""
    np = numpy()
    scores = np.asarray(predict_with(model, features, "predict_proba"))
    scores = scores[:, -1] if scores.ndim == 2 else scores
    is_positive = truth == _classes_of(model, truth)[-1]
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse.ravel()]
    positives = int(is_positive.sum())
    negatives = len(truth) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    return float((ranks[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _log_loss(model: Any, features: Any, truth: Any) -> float:
    np = numpy()
    shares = np.asarray(predict_with(model, features, "predict_proba"), dtype=float)
    columns = np.searchsorted(np.asarray(_classes_of(model, truth)), truth)
    chosen = shares[np.arange(len(truth)), columns]
    return float(-np.log(np.clip(chosen, np.finfo(float).eps, 1)).mean())


def _rmse(model: Any, features: Any, truth: Any) -> float:
    np = numpy()
    return float(np.sqrt(((_values(model, features, truth) - truth) ** 2).mean()))


def _mae(model: Any, features: Any, truth: Any) -> float:
    np = numpy()
    return float(np.abs(_values(model, features, truth) - truth).mean())


def _r2(model: Any, features: Any, truth: Any) -> float:
    residual = float(((_values(model, features, truth) - truth) ** 2).sum())
    return 1 - residual / float(((truth - truth.mean()) ** 2).sum())


def _values(model: Any, features: Any, truth: Any) -> Any:
    np = numpy()
    return np.asarray(predict_with(model, features), dtype=float).reshape(truth.shape)


def _classes_of(model: Any, truth: Any) -> Any:
    classes = getattr(model, "classes_", None)
    return numpy().unique(truth) if classes is None else classes


_FORMULAS: Dict[str, Callable[[Any, Any, Any], float]] = {
    "accuracy": _accuracy,
    "error": _error,
    "f1": _f1,
    "roc_auc": _roc_auc,
    "log_loss": _log_loss,
    "rmse": _rmse,
    "mae": _mae,
    "r2": _r2,
}

#: Names under which metrics are computed.
METRICS = tuple(_FORMULAS)
