"""The files of a version and what `metadata.json` and `manifest.json` say about them. Writing only."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .. import model_files
from ..formats import METADATA_FILE, canonical_json, print_json, print_metadata, sha256
from ..model_files.arrays import save_array
from ..model_files.estimators import save_model
from ..model_files.pickles import save_pickle
from ..store.publishing import Documents
from ..store.records import MANIFEST_FORMAT
from .drafting import draft_manifest
from .parts import Parts


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
    draft = draft_manifest(parts, metadata)
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
