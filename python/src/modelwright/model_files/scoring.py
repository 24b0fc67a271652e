"""Serves a version of a model configuration. A copy of this package lies in the version and runs in a worker.

The tool has checked the digests of all files before it starts the worker, so pickles are loaded here.
"""

from __future__ import annotations

import os
from typing import Any, Mapping

from .arrays import load_array
from .environment import architecture, environment_digest, installed_packages
from .estimators import attributes_of, load_model, predict_with, with_names
from .pickles import load_pickle
from .proof import StoredMetrics, metrics_in_file, repeat_metrics

_FOLDER = "models"


class ModelScorer:
    """Loads model and column transformer, and repeats the stored metrics before it answers anything."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        stored = config["modelConfig"]
        # Of a folder, for which nobody vouches, no more is loaded than its reader has said.
        trust = stored.get("trust", True)
        self._model = load_model(_path(stored["model"]), stored["modelClass"], trust)
        transformer = stored["columnTransformer"]
        self._transformer = None if transformer is None else load_pickle(_path(transformer), trust)
        metrics = stored["metrics"]
        if metrics is None:
            # An older tool, or one that cannot open the file, left it to the file to say.
            metrics = metrics_in_file(attributes_of(self._model))
        if metrics and stored["testSet"]:
            test_set = [load_array(_path(name), trust) for name in stored["testSet"]]
            place = (environment_digest(installed_packages()), architecture())
            is_same_place = place == (stored["environmentDigest"], stored["architecture"])
            repeat_metrics(StoredMetrics(metrics, is_same_place, stored["modelName"]), self._model, test_set)

    def predict(self, data: Any) -> Any:
        return predict_with(self._model, transform_with(self._transformer, data))


def transform_with(transformer: Any, data: Any) -> Any:
    """Features of raw rows."""
    return data if transformer is None else transformer.transform(with_names(data, transformer))


def _path(name: str) -> str:
    return os.path.join(_FOLDER, name)
