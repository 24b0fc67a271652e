"""What `manifest.json` says of a version apart from its files: how it is served, and what proves it."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ..__version__ import __version__
from ..model_files.environment import architecture, environment_digest, installed_packages, interpreter_name
from ..model_files.estimators import feature_names_of, predict_with
from ..model_files.scoring import transform_with
from ..rows import plain_value, table_of
from .comparison import find_differences
from .parts import Parts

#: How far a metric may lie off in the same place: it is computed from the same answers.
_METRIC_TOLERANCE = 1e-9
_LOWER_IS_BETTER = ("rmse", "mae", "log_loss", "error")
_MAX_SINGLE_ROWS = 20


def draft_manifest(parts: Parts, metadata: Dict[str, Any]) -> Dict[str, Any]:
    packages = installed_packages()
    environment = {
        "digest": environment_digest(packages),
        "architecture": architecture(),
        "interpreter": interpreter_name(),
        "lock": None,
        "packages": packages,
    }
    recorded, batchable = _record_answers(parts)
    has_test_set = parts.test_set is not None
    level = "metrics" if has_test_set else "predictions" if recorded is not None else "digests"
    return {
        "toolVersion": __version__,
        "definition": None,
        "framework": metadata["model_class"],
        "signature": None,
        "serving": _serving(parts, _config(parts, metadata, environment), batchable),
        "environment": environment,
        "run": None,
        "parameters": {},
        "dataDigests": {},
        "modelMetrics": dict(parts.metrics),
        "proof": {
            "level": level,
            "recorded": recorded,
            "metrics": _recorded_metrics(parts, metadata),
            "evaluation": None,
            "tolerance": None,
        },
    }


def _recorded_metrics(parts: Parts, metadata: Dict[str, Any]) -> List[Dict[str, Any]]:
    return [
        {
            "name": name,
            "value": value,
            "dataSet": metadata["test_set_filenames"][0],
            "tolerance": _METRIC_TOLERANCE,
            "direction": "lower" if name in _LOWER_IS_BETTER else "higher",
        }
        for name, value in parts.metrics.items()
    ]


def _config(parts: Parts, metadata: Dict[str, Any], environment: Dict[str, Any]) -> Dict[str, Any]:
    """What the scorer of the version is told."""
    return {
        "modelName": parts.model_name,
        "model": metadata["model_filename"],
        "modelClass": metadata["model_class"],
        "columnTransformer": metadata["column_transformer_filename"],
        "testSet": metadata["test_set_filenames"],
        "metrics": dict(parts.metrics) if metadata["test_set_filenames"] else {},
        "environmentDigest": environment["digest"],
        "architecture": environment["architecture"],
    }


def _serving(parts: Parts, config: Dict[str, Any], batchable: bool) -> Dict[str, Any]:
    first = parts.model if parts.column_transformer is None else parts.column_transformer
    return {
        "language": "python",
        "layout": "definitions",
        "predictForm": "rows",
        "inputForm": None if feature_names_of(first) is None else "frame",
        "batchable": batchable,
        "config": {"modelConfig": config},
        "variables": {"pass": [], "set": {}},
        "identifiers": {
            "modelId": parts.model_name,
            "modelVersion": "pretrained",
            "modelTable": "".join(sign if sign.isalnum() else "_" for sign in parts.model_name),
        },
    }


def _record_answers(parts: Parts) -> Tuple[Optional[Dict[str, Any]], bool]:
    """Recorded predictions, and whether rows together and one by one are answered alike."""
    if not parts.examples:
        return None, True
    order = feature_names_of(parts.model if parts.column_transformer is None else parts.column_transformer)

    def answer(rows: List[Any]) -> List[Any]:
        features = transform_with(parts.column_transformer, table_of(rows, order))
        answers = plain_value(predict_with(parts.model, features))
        return answers if isinstance(answers, list) else [answers]

    predictions = answer(parts.examples)
    singles = [prediction for row in parts.examples[:_MAX_SINGLE_ROWS] for prediction in answer([row])]
    batchable = not find_differences(predictions[:_MAX_SINGLE_ROWS], singles, relative=1e-4)
    return {"rows": parts.examples, "predictions": predictions}, batchable
