"""For tests of packages that use model configurations. A pytest plugin: its fixtures are there once it is installed.

Imports nothing but pytest until a fixture is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .model_config import ModelConfig


@pytest.fixture
def model_store(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> "Path":
    """The folder of an empty model store, which `save_to_model_store()` and `load_from_model_store()` use by default."""
    root = tmp_path / "model-store"
    monkeypatch.setenv("MODELWRIGHT_STORE", str(root))
    return root


@pytest.fixture
def sample_model_config() -> "ModelConfig":
    """A small configuration named `sample`: 60 rows, 3 features, two classes. XGBoost if installed, else scikit-learn."""
    return make_sample_model_config()


def make_sample_model_config() -> "ModelConfig":
    import numpy

    from .model_config import ModelConfig

    generator = numpy.random.default_rng(7)
    features = generator.normal(size=(80, 3))
    labels = (features[:, 0] + features[:, 1] > 0).astype(int)
    model = _make_classifier().fit(features[:60], labels[:60])
    return ModelConfig(
        model_name="sample",
        model=model,
        training_set=(features[:60], labels[:60]),
        test_set=(features[60:], labels[60:]),
        author_email="author@example.com",
    )


def assert_same_predictions(expected: Sequence[Any], actual: Sequence[Any], relative: float = 1e-6) -> None:
    """Fails naming rows and both values: floats that differ by more than `relative`, and everything else that differs."""
    __tracebackhide__ = True
    from .versions.comparison import describe_differences, find_differences

    differences = find_differences(expected, actual, relative)
    if differences:
        pytest.fail("%d predictions differ:\n%s" % (len(differences), describe_differences(differences)))


def _make_classifier() -> Any:
    try:
        from xgboost import XGBClassifier
    except ImportError:
        pass
    else:
        return XGBClassifier(n_estimators=5, max_depth=2, n_jobs=1, random_state=7)
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        return pytest.fail("The fixture sample_model_config needs xgboost or scikit-learn: pip install one of them.")
    return LogisticRegression()
