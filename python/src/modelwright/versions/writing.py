"""The files of a version and what `metadata.json` and `manifest.json` say about them. Writing only."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .. import model_files
from ..__version__ import __version__
from ..formats import METADATA_FILE, canonical_json, print_json, print_metadata, sha256
from ..model_files.arrays import save_array
from ..model_files.environment import architecture, environment_digest, installed_packages, interpreter_name
from ..model_files.estimators import feature_names_of, predict_with, save_model
from ..model_files.pickles import save_pickle
from ..model_files.scoring import transform_with
from ..rows import plain_value, table_of
from ..store.publishing import Documents
from ..store.records import MANIFEST_FORMAT
from .comparison import find_differences

#: How far a metric may lie off in the same place: it is computed from the same answers.
_METRIC_TOLERANCE = 1e-9
_LOWER_IS_BETTER = ("rmse", "mae", "log_loss", "error")
_MAX_SINGLE_ROWS = 20


class Parts(NamedTuple):
    """What a version is made of."""

    model_name: str
    model: Any
    training_set: Optional[Tuple[Any, Any]]
    test_set: Optional[Tuple[Any, Any]]
    column_transformer: Any
    author_email: Optional[str]
    metrics: Dict[str, float]
    #: Rows as they are served.
    examples: List[Any]


class _StoredFile(NamedTuple):
    #: In the version.
    path: str
    role: str
    #: Where the model finds it, if it does.
    target: Optional[str]


class StagedFiles(NamedTuple):
    #: Path in the version → absolute path.
    sources: Dict[str, str]
    entries: List[Dict[str, Any]]
    #: The eight keys, without the version.
    metadata: Dict[str, Any]
    draft: Dict[str, Any]
    content_digest: str


def stage_files(parts: Parts, folder: str) -> StagedFiles:
    """Writes every file of a version but the two documents below a folder."""
    metadata: Dict[str, Any] = {
        "model_name": parts.model_name,
        "model_filename": save_model(parts.model, folder, parts.metrics),
        "model_class": type(parts.model).__name__,
        "training_set_filenames": _save_set(parts.training_set, folder, "train"),
        "test_set_filenames": _save_set(parts.test_set, folder, "test"),
        "column_transformer_filename": None,
        "author_email": parts.author_email,
    }
    if parts.column_transformer is not None:
        save_pickle(parts.column_transformer, os.path.join(folder, "transformer.pkl"))
        metadata["column_transformer_filename"] = "transformer.pkl"
    files = [_StoredFile(metadata["model_filename"], "artifact", metadata["model_filename"])]
    files += [_StoredFile(name, "trainingSet", None) for name in metadata["training_set_filenames"]]
    files += [_StoredFile(name, "testSet", name) for name in metadata["test_set_filenames"]]
    if parts.column_transformer is not None:
        files.append(_StoredFile("transformer.pkl", "transformer", "transformer.pkl"))
    files += [_StoredFile("code/" + path, "code", path) for path in _copy_code(os.path.join(folder, "code"))]
    entries = [_entry(folder, file) for file in sorted(files, key=lambda file: file.path.encode("utf-16-be"))]
    draft = _draft(parts, metadata)
    return StagedFiles(
        {entry["path"]: os.path.join(folder, entry["path"]) for entry in entries},
        entries,
        metadata,
        draft,
        _content_digest(entries, draft),
    )


def describe(staged: StagedFiles, label: str, created_at: str) -> Documents:
    """The documents of a version under a label."""
    metadata = print_metadata(dict(staged.metadata, version=label))
    entry = {
        "path": METADATA_FILE,
        "role": "metadata",
        "target": None,
        "sizeBytes": len(metadata),
        "sha256": sha256(metadata),
        "mediaType": "application/json",
    }
    manifest = {
        "schemaVersion": MANIFEST_FORMAT,
        "model": staged.metadata["model_name"],
        "version": label,
        "createdAt": created_at,
        **staged.draft,
        "files": staged.entries + [entry],
        "contentDigest": staged.content_digest,
    }
    summary = {
        "proofLevel": staged.draft["proof"]["level"],
        "language": "python",
        "definitionId": None,
        "runId": None,
        "metrics": staged.draft["modelMetrics"],
        "sizeBytes": sum(file["sizeBytes"] for file in manifest["files"]),
    }
    return Documents((print_json(manifest, indent=2) + "\n").encode("utf-8"), metadata, summary)


def _save_set(data_set: Optional[Tuple[Any, Any]], folder: str, stem: str) -> List[str]:
    if data_set is None:
        return []
    features, labels = data_set
    return [save_array(features, folder, stem + "X"), save_array(labels, folder, stem + "Y")]


def _copy_code(folder: str) -> List[str]:
    """The package that loads the files is the code of the version: it is served without this package."""
    source = os.path.dirname(os.path.abspath(model_files.__file__))
    os.makedirs(os.path.join(folder, "model_modules"))
    names = sorted(name for name in os.listdir(source) if name.endswith(".py"))
    for name in names:
        shutil.copyfile(os.path.join(source, name), os.path.join(folder, "model_modules", name))
    return ["model_modules/" + name for name in names]


def _entry(folder: str, file: _StoredFile) -> Dict[str, Any]:
    digest = hashlib.sha256()
    with open(os.path.join(folder, file.path), "rb") as stream:
        for chunk in iter(lambda: stream.read(1024 * 1024), b""):
            digest.update(chunk)
    types = {".json": "application/json", ".py": "text/x-python"}
    return {
        **file._asdict(),
        "mediaType": types.get(os.path.splitext(file.path)[1], "application/octet-stream"),
        "sha256": digest.hexdigest(),
        "sizeBytes": os.path.getsize(os.path.join(folder, file.path)),
    }


def _draft(parts: Parts, metadata: Dict[str, Any]) -> Dict[str, Any]:
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


def _content_digest(entries: List[Dict[str, Any]], draft: Dict[str, Any]) -> str:
    """Equal for two publications of the same thing, whenever they were made."""
    files = [[entry["role"], entry["target"], entry["path"], None, entry["sha256"]] for entry in entries]
    content = {
        "serving": draft["serving"],
        "signature": None,
        "parameters": draft["parameters"],
        "environment": draft["environment"]["digest"],
    }
    return sha256(canonical_json({"files": files, "content": content}).encode("utf-8"))
