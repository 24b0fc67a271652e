"""Trained models as files: XGBoost in its own JSON, everything else as a pickle."""

from __future__ import annotations

import importlib
import json
import os
from typing import Any, Dict, List, Mapping, Optional

from .errors import ModelwrightError, package_missing
from .pickles import Trust, load_pickle, save_pickle

#: Classes of XGBoost that a `model.json` may be loaded as; metadata names them, so only these.
_XGBOOST_CLASSES = ("XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor", "Booster")
_XGBOOST_ENDINGS = (".json", ".ubj")


def is_xgboost(model: Any) -> bool:
    return any(base.__module__.split(".")[0] == "xgboost" for base in type(model).__mro__)


def save_model(model: Any, folder: str, metrics: Mapping[str, float]) -> str:
    """Writes `model.json` or `model.pkl`; returns the file's name. XGBoost's file holds the metrics as attributes."""
    if not is_xgboost(model):
        save_pickle(model, os.path.join(folder, "model.pkl"))
        return "model.pkl"
    booster = _booster_of(model)
    before = booster.attributes()
    booster.set_attr(**{name: repr(value) for name, value in metrics.items()})
    try:
        model.save_model(os.path.join(folder, "model.json"))
    finally:
        # The caller's model stays as it was. None removes an attribute.
        booster.set_attr(**{name: before.get(name) for name in metrics})
    return "model.json"


def load_model(path: str, model_class: Optional[str], trust: Trust) -> Any:
    """model_class: None where the file has to tell it.

    Raises ModelwrightError `PICKLE_NOT_TRUSTED`, `FILE_UNREADABLE`, `PACKAGE_MISSING`.
    """
    if os.path.splitext(path)[1] not in _XGBOOST_ENDINGS:
        return load_pickle(path, trust)
    try:
        xgboost = importlib.import_module("xgboost")
    except ImportError:
        raise package_missing("xgboost", path) from None
    if model_class is None:
        model_class = _class_in_file(path, xgboost)
    if model_class not in _XGBOOST_CLASSES:
        raise ModelwrightError(
            "SCHEMA_MISMATCH",
            "%s cannot be loaded as %r." % (path, model_class),
            "Models of XGBoost are one of %s." % ", ".join(_XGBOOST_CLASSES),
        )
    return _load_xgboost(path, model_class, xgboost)


def _load_xgboost(path: str, model_class: str, xgboost: Any) -> Any:
    model = getattr(xgboost, model_class)()
    try:
        model.load_model(path)
    except xgboost.core.XGBoostError as error:
        raise ModelwrightError("FILE_UNREADABLE", "%s is no model of XGBoost: %s" % (path, error)) from error
    return model


def _class_in_file(path: str, xgboost: Any) -> str:
    """What the scikit-learn interface notes in the file: the class (1.x), later only its kind. Forests predict alike."""
    noted = json.loads(_load_xgboost(path, "Booster", xgboost).attr("scikit_learn") or "{}")
    kinds = {"classifier": "XGBClassifier", "regressor": "XGBRegressor", "ranker": "XGBRanker"}
    kind = kinds.get(noted.get("_estimator_type"), "Booster")
    return str(noted.get("type", kind))


def attributes_of(model: Any) -> Dict[str, str]:
    """What an XGBoost model file holds besides the model; empty for other models."""
    return dict(_booster_of(model).attributes()) if is_xgboost(model) else {}


def _booster_of(model: Any) -> Any:
    return model.get_booster() if hasattr(model, "get_booster") else model


def feature_names_of(estimator: Any) -> Optional[List[str]]:
    """The names that the estimator was fitted with, or None."""
    try:
        names = getattr(estimator, "feature_names_in_", None)
    except Exception:
        # XGBoost and pipelines raise where there are none.
        names = None
    return None if names is None else [str(name) for name in names]


def with_names(table: Any, estimator: Any) -> Any:
    """The table as a DataFrame with the columns that the estimator was fitted with, where it was fitted with one."""
    names = feature_names_of(estimator)
    if names is None or hasattr(table, "nnz"):
        return table
    if hasattr(table, "columns"):
        # Clients may send more, in any order. What lacks is for the estimator to say.
        return table[names] if set(names) <= set(table.columns) else table
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        return table
    return pandas.DataFrame(table, columns=names).infer_objects()


def predict_with(model: Any, features: Any, method: str = "predict") -> Any:
    """Predictions for transformed features."""
    if type(model).__name__ == "Booster" and is_xgboost(model):
        xgboost = importlib.import_module("xgboost")
        return model.predict(xgboost.DMatrix(features, feature_names=model.feature_names))
    return getattr(model, method)(with_names(features, model))
