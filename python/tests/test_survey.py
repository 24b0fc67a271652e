"""What the tool asks about the files of a model configuration."""

import numpy
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from modelwright.errors import ModelwrightError
from modelwright.model_files.pickles import save_pickle
from modelwright.survey import ModelScorer

ROWS = 10_050


@pytest.fixture
def request_for(tmp_path, monkeypatch):
    """Writes model and test set where a worker finds them; returns what the tool asks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "kept").mkdir()

    def make(model, labels, **asked):
        features = numpy.arange(ROWS, dtype=float).reshape(-1, 1)
        save_pickle(model.fit(features, labels(features.ravel())), "models/model.pkl")
        numpy.save("models/x.npy", features)
        numpy.save("models/y.npy", labels(features.ravel()))
        files = {"model": "model.pkl", "modelClass": None, "columnTransformer": None, "testSet": ["x.npy", "y.npy"]}
        rest = {"modelName": "m", "storeTestSet": "sample", "trust": True, "folder": str(tmp_path / "kept")}
        return {"survey": {**files, **rest, "metrics": None, "examples": None, **asked}}

    return make


def test_a_sample_is_kept_of_a_large_test_set_and_measured(request_for, tmp_path):
    [found] = ModelScorer(request_for(LinearRegression(), lambda x: 2 * x)).predict([[0]])
    assert found["modelClass"] == "LinearRegression"
    assert found["testSet"] == ["testX.npy", "testY.npy"]
    assert numpy.load(str(tmp_path / "kept" / "testX.npy")).shape == (10_000, 1)
    assert list(found["metrics"]) == ["rmse"] and found["metrics"]["rmse"] < 1e-6
    assert found["repeated"] == {} and found["inputForm"] is None
    assert found["examples"] == [[float(row)] for row in range(10)]


def test_given_metrics_are_repeated_on_all_rows_and_kept_for_the_sample(request_for):
    threshold = LogisticRegression(max_iter=1000)
    asked = request_for(threshold, lambda x: (x > 5000).astype(int), metrics={"accuracy": 1.0})
    [found] = ModelScorer(asked).predict([[0]])
    assert found["repeated"] == pytest.approx({"accuracy": 1.0}, abs=1e-3)
    assert list(found["metrics"]) == ["accuracy"]
    asked["survey"]["metrics"] = {"accuracy": 0.5}
    with pytest.raises(ModelwrightError) as raised:
        ModelScorer(asked)
    assert raised.value.code == "PROOF_FAILED"
    asked["survey"]["metrics"] = {"beauty": 0.5}
    with pytest.raises(ModelwrightError, match="no metric named beauty") as raised:
        ModelScorer(asked)
    assert "accuracy" in raised.value.hint


def test_without_a_test_set_no_metric_is_repeated_whatever_it_is_called(request_for):
    asked = request_for(LinearRegression(), lambda x: x, testSet=[], metrics={"loss": 0.3})
    [found] = ModelScorer(asked).predict([[0]])
    assert found["repeated"] == found["metrics"] == {}


@pytest.mark.parametrize("policy, files", [("digest", []), ("full", None)])
def test_the_policy_decides_what_is_kept(request_for, policy, files):
    [found] = ModelScorer(request_for(LinearRegression(), lambda x: x, storeTestSet=policy)).predict([[0]])
    assert found["testSet"] == files
    assert (found["metrics"] == {}) == (policy == "digest")


def test_a_pickle_is_opened_only_as_far_as_it_is_trusted(request_for):
    with pytest.raises(ModelwrightError) as raised:
        ModelScorer(request_for(LinearRegression(), lambda x: x, trust=["numpy"]))
    assert raised.value.code == "PICKLE_NOT_TRUSTED"
    ModelScorer(request_for(LinearRegression(), lambda x: x, trust=["numpy", "sklearn"]))
