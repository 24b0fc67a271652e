"""Predicts with the one model file in models/, whatever common library wrote it."""

import json
import os
import pickle
import warnings

_FOLDER = "models"


class ModelScorer:
    def __init__(self, config=None):
        path = _model_file()
        self._model = _LOADERS[_ending(path)](path)
        if not callable(getattr(self._model, "predict", None)):
            kind = type(self._model).__name__
            raise TypeError("%s holds a %s, which has no predict. Publish the fitted model itself." % (path, kind))
        names = getattr(self._model, "feature_names_in_", None)
        self._names = None if names is None else list(names)

    def predict(self, data):
        return self._model.predict(self._table(data))

    def _table(self, data):
        if self._names is not None and isinstance(data, list) and all(isinstance(row, dict) for row in data):
            # Of each row: in a frame a missing key becomes a missing number where another row has it.
            self._require(min(data, key=lambda row: sum(name in row for name in self._names)))
            data = _frame(data)
        has_columns = hasattr(data, "columns")
        if self._names is None:
            return data.to_numpy() if has_columns else data
        if has_columns:
            self._require(data.columns)
            return data[self._names]
        # In scikit-learn's own words, also for the libraries that say nothing: whoever serves this looks for them.
        warnings.warn("The rows do not have valid feature names, but the model was fitted with feature names")
        return data

    def _require(self, columns):
        missing = [name for name in self._names if name not in columns]
        if missing:
            raise ValueError("The model was trained with columns that the rows lack: %s" % ", ".join(missing))


def _frame(records):
    import pandas

    frame = pandas.DataFrame(records)
    # As pandas reads a file: what is missing in a column of text is NaN, too.
    return frame.where(frame.notna(), float("nan"))


def _ending(path):
    return os.path.splitext(path)[1].lower()


def _model_file():
    files = sorted(name for name in os.listdir(_FOLDER) if _ending(name) in _LOADERS)
    if len(files) == 1:
        return os.path.join(_FOLDER, files[0])
    found = ", ".join(files) if files else "none"
    raise FileNotFoundError("Expected one model file (%s) in models/, found: %s" % (" ".join(_LOADERS), found))


def _load_pickle(path):
    """joblib reads its own files and plain pickles; where it is not installed only the latter can be."""
    try:
        import joblib
    except ImportError:
        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def _load_joblib(path):
    import joblib

    return joblib.load(path)


def _load_xgboost(path):
    """A classifier or regressor if the file says that one wrote it, else what a bare booster gives."""
    import xgboost

    booster = xgboost.Booster(model_file=path)
    wrapper = json.loads(booster.attr("scikit_learn") or "{}").get("_estimator_type")
    if wrapper not in ("classifier", "regressor"):
        return _Booster(booster, xgboost.DMatrix)
    model = xgboost.XGBClassifier() if wrapper == "classifier" else xgboost.XGBRegressor()
    model.load_model(path)
    return model


def _load_lightgbm(path):
    import lightgbm

    booster = lightgbm.Booster(model_file=path)
    names = booster.feature_name()
    # Names that LightGBM makes up for columns that have none.
    if names != ["Column_%d" % index for index in range(len(names))]:
        booster.feature_names_in_ = names
    return booster


class _Booster:
    """A bare XGBoost booster with the `predict` of other models."""

    def __init__(self, booster, matrix):
        self._booster = booster
        self._matrix = matrix
        if booster.feature_names is not None:
            self.feature_names_in_ = booster.feature_names

    def predict(self, table):
        return self._booster.predict(self._matrix(table), validate_features=hasattr(table, "columns"))


_LOADERS = {
    ".pkl": _load_pickle,
    ".pickle": _load_pickle,
    ".joblib": _load_joblib,
    ".json": _load_xgboost,
    ".ubj": _load_xgboost,
    ".txt": _load_lightgbm,
}
