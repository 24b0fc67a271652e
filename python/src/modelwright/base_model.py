"""Preprocessing and model as separate objects, loaded and proven together."""

from __future__ import annotations

import os
from typing import Any, Type, TypeVar, Union

from .model_config import ModelConfig
from .model_files.estimators import predict_with
from .model_files.pickles import Trust

_Model = TypeVar("_Model", bound="BaseMLModel")


class BaseMLModel:
    """Predicts for raw rows with the column transformer and the model of a configuration.

    A subclass implements nothing, or one of the hooks `prepare` and `finish`.
    """

    def __init__(self, config: ModelConfig) -> None:
        self.config: ModelConfig = config

    @classmethod
    def load(
        cls: Type[_Model],
        source: Union[str, "os.PathLike[str]"],
        root: Union[str, "os.PathLike[str]", None] = None,
        *,
        trust: Trust = False,
    ) -> _Model:
        """Loads and proves a version: a folder with `metadata.json`, or a reference such as `iv@champion`."""
        text = os.fspath(source)
        if os.path.isdir(text):
            return cls(ModelConfig.load(text, trust=trust))
        return cls(ModelConfig.load_from_model_store(text, root, trust=trust))

    def prepare(self, rows: Any) -> Any:
        """Hook: rows before the column transformer sees them."""
        return rows

    def finish(self, predictions: Any, rows: Any) -> Any:
        """Hook: what the caller gets for the model's predictions; `rows` are those that the caller gave."""
        return predictions

    def predict(self, rows: Any) -> Any:
        """Predictions, one a row. Rows: a DataFrame, an array, a list of lists or of objects."""
        return self.finish(predict_with(self.config.model, self._features(rows)), rows)

    def predict_proba(self, rows: Any) -> Any:
        """Probabilities, one list a row, in the order of the model's classes. Not finished by the hook."""
        return predict_with(self.config.model, self._features(rows), "predict_proba")

    def _features(self, rows: Any) -> Any:
        return self.config.transform(self.prepare(rows))
