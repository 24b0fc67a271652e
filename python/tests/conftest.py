"""Models of the suite: tiny, real, and made anew for every test that changes them."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict

import numpy
import pandas
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

from modelwright import ModelConfig

ROWS = pandas.DataFrame(
    {
        "age": [20 + (index * 7) % 50 for index in range(60)],
        "plan": [["basic", "plus", "pro"][index % 3] for index in range(60)],
    }
)
LABELS = numpy.array([int(age > 40) for age in ROWS["age"]])

#: What pickles of these models may import.
SCIKIT = ["sklearn", "numpy", "pandas", "scipy", "builtins.slice", "builtins.object", "copyreg._reconstructor"]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project, no store and no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in ("MODELWRIGHT_STORE", "MODELWRIGHT_HOME", "MODELWRIGHT_JOB", "STATSIG_SDK_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def make_transformer() -> Pipeline:
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), ["age"]), ("words", OneHotEncoder(handle_unknown="ignore"), ["plan"])]
    )
    return Pipeline([("columns", columns)])


def make_config(model: Any = None, *, sparse: bool = False, **fields: Any) -> ModelConfig:
    """A model behind a column transformer, with raw rows as examples."""
    transformer = make_transformer().fit(ROWS[:40])
    train, test = transformer.transform(ROWS[:40]), transformer.transform(ROWS[40:])
    if sparse:
        from scipy.sparse import csr_matrix

        train, test = csr_matrix(train), csr_matrix(test)
    model = XGBClassifier(n_estimators=4, max_depth=2, n_jobs=1) if model is None else model
    given = {
        "model_name": "iv",
        "model": model.fit(train, LABELS[:40]),
        "training_set": (train, LABELS[:40]),
        "test_set": (test, LABELS[40:]),
        "column_transformer": transformer,
        "author_email": "author@example.com",
        "examples": ROWS[:5],
    }
    return ModelConfig(**{**given, **fields})


@pytest.fixture
def make() -> Callable[..., ModelConfig]:
    return make_config


@pytest.fixture
def old_folder(tmp_path: Any) -> Callable[..., Any]:
    """A version as tools before this one wrote it: the eight keys, the metric inside the model file, no manifest."""

    def write(metadata: Dict[str, Any] = {}, attributes: Dict[str, str] = {"test_auc": "1.0"}) -> Any:
        folder = tmp_path / "old"
        folder.mkdir()
        features, labels = numpy.arange(1.0, 41.0).reshape(20, 2), numpy.array([0] * 10 + [1] * 10)
        model = XGBClassifier(n_estimators=3, max_depth=1, n_jobs=1).fit(features, labels)
        model.get_booster().set_attr(**attributes)
        model.save_model(folder / "model.json")
        for name, array in {"trainX": features, "trainY": labels, "testX": features, "testY": labels}.items():
            numpy.save(folder / (name + ".npy"), array)
        document = {
            "model_name": "iv",
            "model_filename": "model.json",
            "model_class": "XGBClassifier",
            "training_set_filenames": ["trainX.npy", "trainY.npy"],
            "test_set_filenames": ["testX.npy", "testY.npy"],
            "column_transformer_filename": None,
            "author_email": "author@example.com",
            "version": "20230111-152433PST",
        }
        (folder / "metadata.json").write_text(json.dumps({**document, **metadata}))
        return folder

    return write
