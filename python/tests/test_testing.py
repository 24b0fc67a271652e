"""The fixtures that other packages use."""

import pytest

from modelwright import ModelConfig
from modelwright.testing import assert_same_predictions


def test_the_store_of_the_fixture_is_the_default_one(model_store, sample_model_config):
    sample_model_config.save_to_model_store()
    assert (model_store / "models/sample").is_dir()
    assert ModelConfig.load_from_model_store("sample").proof == "metrics"


def test_same_predictions_are_those_within_the_tolerance():
    assert_same_predictions([1.0, "a", [0.5, None]], [1.0 + 1e-9, "a", [0.5, None]])


@pytest.mark.parametrize(
    "expected, actual, message",
    [
        ([1.0, 2.0], [1.0, 2.1], r"row 1: expected 2\.0, got 2\.1"),
        (["a"], ["b"], "row 0: expected 'a', got 'b'"),
        ([1, 2], [1], "row 1: expected 2, got None"),
        ([True], [1], "row 0"),
    ],
)
def test_other_predictions_fail_with_row_and_values(expected, actual, message):
    with pytest.raises(pytest.fail.Exception, match=message):
        assert_same_predictions(expected, actual)
