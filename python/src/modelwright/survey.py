"""What the tool has to know of the files of a model configuration, and only their own libraries can tell.

The tool runs it in a worker, as the scorer of a model that is never served: `ModelConfig` of TypeScript is given files.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional

from .data_sets import kept_rows
from .errors import ModelwrightError
from .model_files.arrays import load_array, save_array, shape_of
from .model_files.environment import architecture, environment_digest, installed_packages
from .model_files.estimators import attributes_of, feature_names_of, load_model
from .model_files.metrics import METRICS, compute_metric, known_metric
from .model_files.pickles import load_pickle
from .model_files.proof import StoredMetrics, metrics_in_file, repeat_metrics
from .versions.evidence import default_examples, metrics_of

_FOLDER = "models"


class ModelScorer:
    """Opens the files; its only "prediction" is what they are."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        request, trust = config["survey"], config["survey"]["trust"]
        self._request = request
        self._model = load_model(_path(request["model"]), request["modelClass"], trust)
        transformer = request["columnTransformer"]
        self._transformer = None if transformer is None else load_pickle(_path(transformer), trust)
        names = request["testSet"]
        self._test_set = tuple(load_array(_path(name), trust) for name in names) if names else None
        self._findings = self._survey()

    def predict(self, rows: Any) -> List[Any]:
        return [self._findings]

    def _survey(self) -> Dict[str, Any]:
        kept = kept_rows(self._test_set, self._request["storeTestSet"])
        examples = self._request["examples"]
        first = self._model if self._transformer is None else self._transformer
        repeated = self._repeat()
        return {
            "modelClass": type(self._model).__name__,
            "repeated": repeated,
            "metrics": self._metrics(kept, repeated),
            "testSet": self._write(kept),
            "examples": default_examples(self._model, kept, self._transformer) if examples is None else examples,
            "inputForm": None if feature_names_of(first) is None else "frame",
            "environmentDigest": environment_digest(installed_packages()),
            "architecture": architecture(),
        }

    def _repeat(self) -> Dict[str, float]:
        """What was measured on all rows before: the metrics of the request, else those in the model's file."""
        if self._test_set is None:
            return {}
        stored = self._request["metrics"] or metrics_in_file(attributes_of(self._model))
        unknown = [name for name in stored if known_metric(name) is None]
        if unknown:
            message = "There is no metric named %s." % ", ".join(unknown)
            hint = "Of a test set these are repeated: %s. Leave out all others." % ", ".join(METRICS)
            raise ModelwrightError("DATA_MALFORMED", message, hint)
        if not stored:
            return {}
        metrics = StoredMetrics(stored, is_same_place=False, what=self._request["modelName"])
        return repeat_metrics(metrics, self._model, self._test_set)

    def _metrics(self, kept: Any, repeated: Mapping[str, float]) -> Dict[str, float]:
        """On the rows that are kept."""
        if kept is None or not repeated:
            return metrics_of(self._model, kept)
        return {name: compute_metric(str(known_metric(name)), self._model, kept) for name in repeated}

    def _write(self, kept: Any) -> Optional[List[str]]:
        """Names of the files in the folder of the request; None when the given files are kept whole; empty when none is."""
        if kept is None:
            return []
        if self._test_set is not None and shape_of(kept[0]) == shape_of(self._test_set[0]):
            return None
        return [save_array(value, self._request["folder"], stem) for value, stem in zip(kept, ("testX", "testY"))]


def _path(name: str) -> str:
    return os.path.join(_FOLDER, name)
