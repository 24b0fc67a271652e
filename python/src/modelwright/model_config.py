"""Everything that belongs to one trained model, stored together and checked together."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
import uuid
import warnings
from typing import Any, Dict, List, Optional, Tuple, Union

from .data_sets import kept_rows, parse_data_set, require_same_columns
from .errors import ModelwrightError
from .formats import MANIFEST_FILE, METADATA_FILE, parse_name, version_label
from .model_files.arrays import load_array, shape_of
from .model_files.environment import architecture, environment_digest, installed_packages
from .model_files.estimators import attributes_of, feature_names_of, load_model, predict_with
from .model_files.metrics import known_metric
from .model_files.pickles import Trust, load_pickle
from .model_files.proof import StoredMetrics, metrics_in_file, repeat_metrics
from .model_files.scoring import transform_with
from .rows import plain_value, rows_of, table_of
from .store.objects import LocalObjects
from .store.project import author_email as allowed_author_email
from .store.project import find_project, store_root
from .store.publishing import Publication, publish
from .store.reading import resolve_version
from .versions.comparison import describe_differences, find_differences
from .versions.evidence import default_examples, metrics_of
from .versions.parts import Parts
from .versions.reading import VersionFolder, read_version_folder
from .versions.writing import StagedFiles, describe, stage_files


class ModelConfig:
    """A trained model with its data sets, its column transformer and its author.

    `save_to_model_store` and `save` write a version folder; `load` and `load_from_model_store` read one and repeat its
    proof: digests, recorded predictions, and the metric on the stored test set.
    """

    def __init__(
        self,
        model_name: str,
        model: Any,
        training_set: Any = None,
        test_set: Any = None,
        column_transformer: Any = None,
        author_email: Optional[str] = None,
        version: Optional[str] = None,
        *,
        examples: Any = None,
    ) -> None:
        """
        training_set, test_set: pairs (features, labels); features as the model takes them, after the transformer.
        author_email: by default that of the project, else git's `user.email`.
        version: by default a label made of the time in UTC.
        examples: rows as clients will send them, before the transformer; their predictions are recorded as proof.

        Raises ModelwrightError `NAME_INVALID`, `DATA_MALFORMED`, `CONFIG_INVALID`.
        """
        self.model_name: str = parse_name(model_name, "model")
        self.model: Any = _require_predict(model)
        self.training_set: Optional[Tuple[Any, Any]] = parse_data_set(training_set, "training_set")
        self.test_set: Optional[Tuple[Any, Any]] = parse_data_set(test_set, "test_set")
        require_same_columns(self.training_set, self.test_set)
        self.column_transformer: Any = _require_transform(column_transformer)
        self.author_email: Optional[str] = allowed_author_email(author_email)
        self._is_automatic = version is None
        now = datetime.datetime.now(datetime.timezone.utc)
        self.version: str = version_label(now) if version is None else parse_name(version, "version")
        self.examples: Optional[List[Any]] = None if examples is None else rows_of(examples)
        #: Metrics that were repeated when the configuration was loaded.
        self.metrics: Dict[str, float] = {}
        #: What was repeated: `metrics`, `predictions`, `digests`, or `none` (also for what was not loaded).
        self.proof: str = "none"

    def save(self, folder: Union[str, "os.PathLike[str]"]) -> str:
        """Writes the version into a folder, which must be absent or empty and appears whole. Returns its path."""
        target = os.path.abspath(os.fspath(folder))
        if os.path.exists(target) and (not os.path.isdir(target) or os.listdir(target)):
            raise ModelwrightError("TARGET_EXISTS", "%s is already there." % target, "Save into a new folder.")
        parent = os.path.dirname(target)
        os.makedirs(parent, exist_ok=True)
        staging = os.path.join(parent, ".%s.%s" % (os.path.basename(target), uuid.uuid4().hex))
        os.mkdir(staging)
        try:
            created_at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            documents = describe(self._stage(staging), self.version, created_at.replace("+00:00", "Z"))
            _write(os.path.join(staging, MANIFEST_FILE), documents.manifest)
            _write(os.path.join(staging, METADATA_FILE), documents.metadata)
            os.rename(staging, target)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        return target

    def save_to_model_store(self, root: Union[str, "os.PathLike[str]", None] = None) -> str:
        """Publishes the version; returns its label.

        root: a folder; by default the store that the tool would use here. The same thing published twice is one
        version. An automatic label that is taken becomes the next second's.
        Raises ModelwrightError `VERSION_EXISTS`, `VERSION_CLAIMED`, `ALIAS_EXISTS`, `STORE_UNAVAILABLE`.
        """
        objects = LocalObjects(store_root(None if root is None else os.fspath(root)))
        with tempfile.TemporaryDirectory(prefix="modelwright-") as folder:
            staged = self._stage(folder)
            published = publish(
                objects,
                Publication(
                    self.model_name,
                    None if self._is_automatic else self.version,
                    staged.sources,
                    staged.content_digest,
                    staged.draft["proof"]["level"],
                    lambda label, created_at: describe(staged, label, created_at),
                ),
                datetime.datetime.now(datetime.timezone.utc),
            )
        self.version = published.version
        self._is_automatic = False
        return published.version

    @classmethod
    def load(cls, folder: Union[str, "os.PathLike[str]"], *, trust: Trust = False) -> "ModelConfig":
        """Reads a version folder and repeats its proof.

        trust: pickles run code when they are loaded, so they are refused unless this is True or names what they may
        import, for example `["sklearn", "numpy"]`.
        Raises ModelwrightError `PICKLE_NOT_TRUSTED`, `PROOF_FAILED`, `STORE_CORRUPT`, `FILE_NOT_FOUND`, `PATH_ESCAPES_ROOT`.
        """
        return cls._open(read_version_folder(os.fspath(folder)), trust)

    @classmethod
    def load_from_model_store(
        cls, reference: str, root: Union[str, "os.PathLike[str]", None] = None, *, trust: Trust = False
    ) -> "ModelConfig":
        """Reads `name`, `name@version` or `name@alias` of a store as `load` does."""
        objects = LocalObjects(store_root(None if root is None else os.fspath(root)))
        found = resolve_version(objects, reference)
        return cls._open(read_version_folder(found.folder, found.manifest_digest), trust)

    def transform(self, rows: Any) -> Any:
        """Features of raw rows: a DataFrame, an array, a list of lists or of objects."""
        first = self.model if self.column_transformer is None else self.column_transformer
        return transform_with(self.column_transformer, table_of(rows, feature_names_of(first)))

    def _stage(self, folder: str) -> StagedFiles:
        policy = find_project(os.getcwd()).file.get("storeTestSet", "sample")
        test_set = kept_rows(self.test_set, policy)
        examples = self.examples
        if examples is None:
            examples = default_examples(self.model, test_set, self.column_transformer)
        parts = Parts(
            self.model_name,
            self.model,
            self.training_set,
            test_set,
            self.column_transformer,
            self.author_email,
            metrics_of(self.model, test_set),
            examples,
        )
        return stage_files(parts, folder)

    @classmethod
    def _open(cls, version: VersionFolder, trust: Trust) -> "ModelConfig":
        metadata = version.metadata
        if metadata["model_filename"] is None:
            raise ModelwrightError("FILE_NOT_FOUND", "%s names no model file." % version.folder)
        config = cls.__new__(cls)
        config.model_name, config.version = metadata["model_name"], metadata["version"]
        config.author_email = metadata["author_email"]
        config._is_automatic = False
        config.model = load_model(version.path(metadata["model_filename"]), metadata["model_class"], trust)
        transformer = metadata["column_transformer_filename"]
        config.column_transformer = None if transformer is None else load_pickle(version.path(transformer), trust)
        config.training_set = _load_set(version, metadata["training_set_filenames"], trust)
        config.test_set = _load_set(version, metadata["test_set_filenames"], trust)
        recorded = None if version.manifest is None else version.manifest["proof"].get("recorded")
        config.examples = None if not recorded else recorded["rows"]
        config.metrics, config.proof = {}, "none" if version.manifest is None else "digests"
        config._prove(version, recorded)
        return config

    def _prove(self, version: VersionFolder, recorded: Optional[Dict[str, Any]]) -> None:
        environment = {} if version.manifest is None else version.manifest.get("environment", {})
        place = (environment_digest(installed_packages()), architecture())
        is_same_place = place == (environment.get("digest"), environment.get("architecture"))
        what = "%s@%s" % (self.model_name, self.version)
        if recorded:
            self._repeat_predictions(recorded, 1e-6 if is_same_place else 1e-4, what)
            self.proof = "predictions"
        recorded_metrics = {} if version.manifest is None else version.manifest["modelMetrics"]
        known = {name: value for name, value in recorded_metrics.items() if known_metric(name)}
        stored = known or metrics_in_file(attributes_of(self.model))
        if self.test_set is not None and stored:
            self.metrics = repeat_metrics(StoredMetrics(stored, is_same_place, what), self.model, self.test_set)
            self.proof = "metrics"
        if self.proof == "none":
            message = "%s has nothing to check it against: neither a manifest nor metrics on a stored test set."
            warnings.warn(message % version.folder, stacklevel=4)

    def _repeat_predictions(self, recorded: Dict[str, Any], relative: float, what: str) -> None:
        answers = plain_value(predict_with(self.model, self.transform(recorded["rows"])))
        differences = find_differences(recorded["predictions"], answers, relative)
        if differences:
            raise ModelwrightError(
                "PROOF_FAILED",
                "%s answers recorded rows differently:\n%s" % (what, describe_differences(differences)),
                "The model or the packages are others than when it was stored.",
            )


def _load_set(version: VersionFolder, names: List[str], trust: Trust) -> Any:
    """None for what is no pair of arrays: versions of models that were trained by the tool keep rows instead."""
    if len(names) != 2 or not all(name.endswith((".npy", ".npz")) for name in names):
        return None
    features, labels = (load_array(version.path(name), trust) for name in names)
    if shape_of(features)[0] != shape_of(labels)[0]:
        raise ModelwrightError(
            "STORE_CORRUPT",
            "%s has %d rows of features and %d labels." % (version.folder, shape_of(features)[0], shape_of(labels)[0]),
        )
    return features, labels


def _require_predict(model: Any) -> Any:
    if callable(getattr(model, "predict", None)):
        return model
    raise ModelwrightError("DATA_MALFORMED", "The model is a %s, which has no predict." % type(model).__name__)


def _require_transform(transformer: Any) -> Any:
    if transformer is None or callable(getattr(transformer, "transform", None)):
        return transformer
    kind = type(transformer).__name__
    raise ModelwrightError("DATA_MALFORMED", "The column transformer is a %s, which has no transform." % kind)


def _write(path: str, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
