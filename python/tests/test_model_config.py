"""Saving and loading: what goes in comes out, and what does not belong together is refused."""

import json
import os
import pickle
import sys

import numpy
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.linear_model import LinearRegression, LogisticRegression

from modelwright import BaseMLModel, ModelConfig, ModelwrightError
from modelwright.testing import assert_same_predictions

from .conftest import LABELS, ROWS, SCIKIT

CLASSIC = """{
    "model_name": "iv",
    "model_filename": "model.json",
    "model_class": "XGBClassifier",
    "training_set_filenames": [
        "trainX.npy",
        "trainY.npy"
    ],
    "test_set_filenames": [
        "testX.npy",
        "testY.npy"
    ],
    "column_transformer_filename": "transformer.pkl",
    "author_email": "author@example.com",
    "version": "20230111-152433UTC"
}
"""


def code_of(error):
    return error.value.code


def test_a_version_folder_has_the_eight_keys_and_every_file_that_they_name(make, tmp_path):
    folder = make(version="20230111-152433UTC").save(tmp_path / "v1")
    assert open(os.path.join(folder, "metadata.json")).read() == CLASSIC
    files = {"trainX.npy", "trainY.npy", "testX.npy", "testY.npy", "model.json", "transformer.pkl"}
    assert set(os.listdir(folder)) == files | {"metadata.json", "manifest.json", "code"}


def test_the_version_is_a_timestamp_unless_one_is_given(make):
    assert make().version.endswith("UTC") and len(make().version) == len("20230111-152433UTC")
    assert make(version="v1").version == "v1"


@pytest.mark.parametrize(
    "model", [None, LogisticRegression(), LinearRegression()], ids=["xgboost", "logistic", "linear"]
)
@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_what_is_loaded_predicts_as_what_was_saved(make, tmp_path, model, sparse):
    saved = make(model, sparse=sparse)
    loaded = ModelConfig.load(saved.save(tmp_path / "v"), trust=True)
    assert loaded.proof == "metrics"
    assert issparse(loaded.test_set[0]) == sparse
    assert_same_predictions(BaseMLModel(saved).predict(ROWS), BaseMLModel(loaded).predict(ROWS))


def test_sparse_sets_are_npz_files(make, tmp_path):
    folder = make(sparse=True).save(tmp_path / "v")
    metadata = json.load(open(os.path.join(folder, "metadata.json")))
    assert metadata["training_set_filenames"] == ["trainX.npz", "trainY.npy"]


def test_saving_leaves_the_model_as_it_was_and_keeps_the_metric_in_the_file(make, tmp_path):
    config = make()
    folder = config.save(tmp_path / "v")
    assert "accuracy" not in config.model.get_booster().attributes()
    loaded = ModelConfig.load(folder, trust=True)
    assert loaded.model.get_booster().attributes()["accuracy"] == repr(loaded.metrics["accuracy"])


def test_labels_of_text_and_rows_of_objects_come_back(tmp_path, make):
    words = numpy.array(["yes" if label else "no" for label in LABELS], dtype=object)
    features = ROWS[["age"]]
    model = LogisticRegression().fit(features[:40], words[:40])
    config = ModelConfig("iv", model, (features[:40], words[:40]), (features[40:], words[40:]), author_email="a@b.org")
    loaded = ModelConfig.load(config.save(tmp_path / "v"), trust=True)
    assert loaded.proof == "metrics" and loaded.examples[0] == {"age": int(ROWS["age"][40])}
    assert list(BaseMLModel(loaded).predict([{"age": 65}, {"age": 21}])) == ["yes", "no"]


def test_a_folder_of_an_older_tool_is_checked_by_the_metric_in_its_model_file(old_folder):
    loaded = ModelConfig.load(old_folder())
    assert (loaded.proof, loaded.metrics, loaded.version) == ("metrics", {"test_auc": 1.0}, "20230111-152433PST")


def test_an_older_folder_with_a_false_metric_is_refused_with_both_values(old_folder):
    with pytest.raises(ModelwrightError, match=r"test_auc: 0\.87 when stored, 1\.0 now") as error:
        ModelConfig.load(old_folder(attributes={"test_auc": "0.87"}))
    assert code_of(error) == "PROOF_FAILED"


def test_a_folder_without_any_metric_is_loaded_with_a_warning(old_folder):
    with pytest.warns(UserWarning, match="nothing to check it against"):
        assert ModelConfig.load(old_folder(attributes={"owner": "someone"})).proof == "none"


def test_a_sparse_matrix_that_was_pickled_into_an_npy_file_is_read(old_folder):
    folder = old_folder()
    numpy.save(folder / "testX.npy", csr_matrix(numpy.load(folder / "testX.npy")), allow_pickle=True)
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(folder)
    assert code_of(error) == "PICKLE_NOT_TRUSTED"
    trust = ["scipy.sparse", "numpy"]
    assert issparse(ModelConfig.load(folder, trust=trust).test_set[0])


class Trace:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")

    def transform(self, rows):
        return rows


@pytest.mark.parametrize("trust", [False, [], ["sklearn", "numpy"]])
def test_a_pickle_that_is_not_trusted_is_never_run(make, tmp_path, trust):
    config = make()
    folder = config.save(tmp_path / "v")
    os.unlink(os.path.join(folder, "manifest.json"))
    trace = str(tmp_path / "trace")
    with open(os.path.join(folder, "transformer.pkl"), "wb") as file:
        pickle.dump(Trace(trace), file)
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(folder, trust=trust)
    assert code_of(error) == "PICKLE_NOT_TRUSTED"
    assert not os.path.exists(trace)


def test_a_pickle_loads_when_all_that_it_imports_is_named(make, tmp_path):
    folder = make(LogisticRegression()).save(tmp_path / "v")
    assert ModelConfig.load(folder, trust=SCIKIT).proof == "metrics"


@pytest.mark.parametrize("name", ["../secret.npy", "/etc/passwd", "a//b", "", ".", "..\\x", "a\0b"])
@pytest.mark.parametrize("key", ["model_filename", "column_transformer_filename", "test_set_filenames"])
def test_a_name_that_leads_out_of_the_folder_is_refused(old_folder, name, key):
    folder = old_folder({key: [name, "testY.npy"] if key.startswith("test") else name})
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(folder, trust=True)
    assert code_of(error) == "PATH_ESCAPES_ROOT"


def test_a_link_that_leads_out_of_the_folder_is_refused(old_folder, tmp_path):
    folder = old_folder()
    os.rename(folder / "testX.npy", tmp_path / "elsewhere.npy")
    os.symlink(tmp_path / "elsewhere.npy", folder / "testX.npy")
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(folder)
    assert code_of(error) == "PATH_ESCAPES_ROOT"


def test_missing_files_are_all_named(old_folder):
    folder = old_folder()
    for name in ("testX.npy", "model.json"):
        os.unlink(folder / name)
    with pytest.raises(ModelwrightError, match="model.json, testX.npy") as error:
        ModelConfig.load(folder)
    assert code_of(error) == "FILE_NOT_FOUND"


@pytest.mark.parametrize(
    "text, code",
    [
        ("{", "STORE_CORRUPT"),
        ("[]", "STORE_CORRUPT"),
        ('{"model_name": 5}', "STORE_CORRUPT"),
    ],
)
def test_metadata_that_are_none_are_refused(old_folder, text, code):
    folder = old_folder()
    (folder / "metadata.json").write_text(text)
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(folder)
    assert code_of(error) == code


def test_a_folder_without_metadata_is_no_version(tmp_path):
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(tmp_path)
    assert code_of(error) == "FILE_NOT_FOUND"


@pytest.mark.parametrize(
    "name", ["model.json", "testX.npy", "transformer.pkl", "metadata.json", "code/model_modules/scoring.py"]
)
def test_one_changed_byte_of_any_file_is_found_before_it_is_opened(make, tmp_path, name):
    folder = make().save(tmp_path / "v")
    path = os.path.join(folder, name)
    data = bytearray(open(path, "rb").read())
    # In metadata.json within a value, so that it stays readable.
    at = data.index(b"author@") if name == "metadata.json" else len(data) // 2
    data[at] ^= 1
    open(path, "wb").write(data)
    with pytest.raises(ModelwrightError, match=name) as error:
        ModelConfig.load(folder, trust=True)
    assert code_of(error) == "STORE_CORRUPT"


def test_a_model_class_from_metadata_is_only_ever_one_of_xgboost(old_folder):
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load(old_folder({"model_class": "build_info"}))
    assert code_of(error) == "SCHEMA_MISMATCH"


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"test_set": ([[1.0, 2.0]], [1, 0])}, "test_set has 1 rows of features and 2 labels"),
        ({"test_set": ([1.0, 2.0], [1, 0])}, r"features of test_set have the shape \(2,\)"),
        ({"training_set": ([[1.0, 2.0]], [1])}, "training_set has 2 columns of features, test_set has 4"),
        ({"test_set": [[1.0]]}, "test_set is no pair"),
        ({"test_set": (numpy.empty((0, 4)), [])}, "test_set has no rows"),
        ({"model": object()}, "has no predict"),
        ({"column_transformer": object()}, "has no transform"),
    ],
)
def test_sets_that_do_not_fit_are_refused_with_their_shapes(make, fields, message):
    with pytest.raises(ModelwrightError, match=message) as error:
        ModelConfig(**{**vars_of(make()), **fields})
    assert code_of(error) == "DATA_MALFORMED"


def vars_of(config):
    names = ("model_name", "model", "training_set", "test_set", "column_transformer", "author_email")
    return {name: getattr(config, name) for name in names}


@pytest.mark.parametrize("name", ["", "a/b", "..", "-iv", "iv.", None, "x" * 129])
def test_names_that_folders_cannot_have_are_refused(make, name):
    with pytest.raises(ModelwrightError) as error:
        make(model_name=name)
    assert code_of(error) == "NAME_INVALID"
    with pytest.raises(ModelwrightError) as error:
        make(version="" if name is None else name)
    assert code_of(error) == "NAME_INVALID"


def test_a_project_decides_which_addresses_authors_may_have(make, tmp_path):
    # Comments and trailing commas as the tool allows them.
    (tmp_path / "modelwright.json").write_text('{ // policy\n "allowedEmailDomains": ["example.org",], /* end */ }')
    assert make(author_email="author@EXAMPLE.org").author_email == "author@EXAMPLE.org"
    for address in ("author@example.com", "author@evil-example.org", "author@example.org.evil.com"):
        with pytest.raises(ModelwrightError, match="none of the allowed domains") as error:
            make(author_email=address)
        assert code_of(error) == "CONFIG_INVALID"
    with pytest.raises(ModelwrightError, match="is not known"):
        make(author_email=None)


@pytest.mark.parametrize("address", ["nobody", "a@b", "a b@c.org", 5])
def test_what_is_no_address_is_refused(make, address):
    with pytest.raises(ModelwrightError) as error:
        make(author_email=address)
    assert code_of(error) == "CONFIG_INVALID"


def test_a_project_that_keeps_digests_only_stores_no_test_set(make, tmp_path):
    (tmp_path / "modelwright.json").write_text('{"storeTestSet": "digest"}')
    folder = make().save(tmp_path / "v")
    assert json.load(open(os.path.join(folder, "metadata.json")))["test_set_filenames"] == []
    loaded = ModelConfig.load(folder, trust=True)
    assert (loaded.proof, loaded.test_set) == ("predictions", None)


def test_a_large_test_set_is_sampled_evenly(tmp_path):
    features = numpy.arange(25_000.0).reshape(-1, 1)
    labels = (features[:, 0] > 12_000).astype(int)
    model = LogisticRegression().fit(features, labels)
    config = ModelConfig("iv", model, None, (features, labels), author_email="a@b.org")
    loaded = ModelConfig.load(config.save(tmp_path / "v"), trust=True)
    assert loaded.test_set[0].shape == (10_000, 1)
    assert loaded.test_set[0][:3].ravel().tolist() == [0.0, 2.0, 5.0]


def test_a_folder_with_something_in_it_is_left_alone(make, tmp_path):
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "notes.txt").write_text("mine")
    with pytest.raises(ModelwrightError) as error:
        make().save(tmp_path / "v")
    assert code_of(error) == "TARGET_EXISTS"
    assert sorted(os.listdir(tmp_path)) == ["v"]


def test_saving_that_fails_leaves_nothing_behind(make, tmp_path):
    config = make(column_transformer=Unpicklable())
    with pytest.raises(ModelwrightError, match="The Unpicklable cannot be stored: TypeError: not me"):
        config.save(tmp_path / "v")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("note", ["", "__main__"])
def test_what_only_this_program_has_is_not_stored(make, tmp_path, monkeypatch, note):
    config = make(column_transformer=Noted(make().column_transformer, note), examples=[])
    config.save(tmp_path / "of-a-module")
    monkeypatch.setattr(sys.modules["__main__"], "Noted", Noted, raising=False)
    monkeypatch.setattr(Noted, "__module__", "__main__")
    with pytest.raises(ModelwrightError, match="The Noted needs Noted of this very program") as error:
        config.save(tmp_path / "of-main")
    assert code_of(error) == "DATA_MALFORMED"
    assert os.listdir(tmp_path) == ["of-a-module"]


class Noted:
    def __init__(self, inner, note):
        self.inner, self.note = inner, note

    def transform(self, rows):
        return self.inner.transform(rows)


class Unpicklable:
    def transform(self, rows):
        return numpy.zeros((len(rows), 4))

    def __reduce__(self):
        raise TypeError("not me")


def test_hooks_see_raw_rows_and_predictions(make):
    class Named(BaseMLModel):
        def prepare(self, rows):
            return rows.assign(age=rows["age"] + 100)

        def finish(self, predictions, rows):
            return [(int(age), ["no", "yes"][label]) for age, label in zip(rows["age"], predictions)]

    assert Named(make()).predict(ROWS[:2]) == [(20, "yes"), (27, "yes")]


def test_a_model_is_loaded_with_its_preprocessing(make, tmp_path):
    folder = make().save(tmp_path / "v")
    model = BaseMLModel.load(folder, trust=True)
    assert model.predict([{"plan": "pro", "age": 60}, {"plan": "basic", "age": 20}]).tolist() == [1, 0]
    assert model.predict_proba(ROWS[:3]).shape == (3, 2)
    more = ROWS[:3].assign(region="eu")[["region", "plan", "age"]]
    assert_same_predictions(model.predict(ROWS[:3]), model.predict(more))
    with pytest.raises(ModelwrightError, match="Row 0 lacks the columns plan"):
        model.predict([{"age": 60}])
    with pytest.raises(ModelwrightError, match="Row 1 lacks the columns age"):
        model.predict([{"plan": "pro", "age": 60}, {"plan": "basic"}])
