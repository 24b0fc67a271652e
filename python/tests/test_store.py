"""The store's protocol: what two publishers, a killed one and a damaged file may not do."""

import enum
import json
import multiprocessing
import os
import signal
import stat

import pytest

from modelwright import ModelConfig, ModelwrightError
from modelwright.store.objects import LocalObjects
from modelwright.store.records import seal_record
from modelwright.testing import make_sample_model_config


def code_of(error):
    return error.value.code


def files_of(root):
    return sorted(os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names)


def test_the_same_thing_published_twice_is_one_version(model_store):
    first, second = make_sample_model_config(), make_sample_model_config()
    assert first.save_to_model_store() == second.save_to_model_store() == second.version
    assert len(os.listdir(model_store / "models/sample/commits")) == 1


def test_the_same_thing_with_a_stronger_proof_is_another_version(model_store, sample_model_config):
    sample_model_config.training_set = sample_model_config.test_set = None
    sample_model_config.examples = []
    weak = sample_model_config.save_to_model_store()
    stronger = make_sample_model_config()
    stronger.training_set = stronger.test_set = None
    stronger.examples = [[1.0, 2.0, 3.0]]
    assert stronger.save_to_model_store() != weak
    weaker = make_sample_model_config()
    weaker.training_set = weaker.test_set = None
    assert weaker.save_to_model_store() in (weak, stronger.version)


def test_a_label_that_is_taken_stays_what_it_was(model_store, sample_model_config):
    sample_model_config.version = "v1"
    sample_model_config._is_automatic = False
    sample_model_config.save_to_model_store()
    before = files_of(model_store)
    other = make_sample_model_config()
    other.author_email = "other@example.com"
    other.model.set_params(n_estimators=1).fit(*other.training_set)
    other.version, other._is_automatic = "v1", False
    with pytest.raises(ModelwrightError) as error:
        other.save_to_model_store()
    assert code_of(error) == "VERSION_EXISTS"
    assert files_of(model_store) == before


def test_an_automatic_label_that_is_taken_becomes_the_next_second(model_store, monkeypatch):
    labels = []
    for trees in (1, 2, 3):
        config = make_sample_model_config()
        config.model.set_params(n_estimators=trees).fit(*config.training_set)
        labels.append(config.save_to_model_store())
    assert len(set(labels)) == 3 and labels == sorted(labels)


def _publish(root, trees, results):
    config = make_sample_model_config()
    config.model.set_params(n_estimators=trees).fit(*config.training_set)
    config.version, config._is_automatic = "v1", False
    try:
        results.put(config.save_to_model_store(root))
    except ModelwrightError as error:
        results.put(error.code)


def test_of_publishers_that_want_one_label_exactly_one_gets_it(model_store):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=_publish, args=(str(model_store), trees, results)) for trees in (1, 2, 3)]
    for process in processes:
        process.start()
    outcomes = sorted(results.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(timeout=60)
    assert outcomes.count("v1") == 1
    assert set(outcomes) <= {"v1", "VERSION_EXISTS", "VERSION_CLAIMED"}
    assert ModelConfig.load_from_model_store("sample@v1").proof == "metrics"


def _die_before_commit(root):
    original = LocalObjects.create

    def create(self, key, body):
        if "/commits/" in key:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, key, body)

    LocalObjects.create = create
    make_sample_model_config().save_to_model_store(root)


def test_a_publisher_that_is_killed_before_the_commit_leaves_no_version(model_store):
    process = multiprocessing.get_context("spawn").Process(target=_die_before_commit, args=(str(model_store),))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    assert os.path.exists(model_store / "models/sample/claims")
    with pytest.raises(ModelwrightError) as error:
        ModelConfig.load_from_model_store("sample")
    assert code_of(error) == "MODEL_NOT_FOUND"


def test_a_label_that_the_collector_gave_up_is_never_used_again(model_store, sample_model_config):
    os.makedirs(model_store / "models/sample/commits")
    (model_store / "models/sample/commits/v1.json").write_bytes(b"")
    sample_model_config.version, sample_model_config._is_automatic = "v1", False
    with pytest.raises(ModelwrightError) as error:
        sample_model_config.save_to_model_store()
    assert code_of(error) == "VERSION_ABANDONED"


def test_a_failed_publication_takes_back_what_it_wrote(model_store, sample_model_config):
    alias = model_store / "models/sample/aliases/v1"
    os.makedirs(alias)
    fields = {"version": "v0", "createdAt": "2026-01-01T00:00:00.000Z", "publisher": "test", "nonce": "n"}
    (alias / "9999999998.json").write_bytes(seal_record(fields))
    before = files_of(model_store)
    sample_model_config.version, sample_model_config._is_automatic = "v1", False
    with pytest.raises(ModelwrightError) as error:
        sample_model_config.save_to_model_store()
    assert code_of(error) == "ALIAS_EXISTS"
    assert files_of(model_store) == before


def test_references_mean_a_label_an_alias_or_the_newest_version(model_store):
    first = make_sample_model_config()
    first.version, first._is_automatic = "v1", False
    first.save_to_model_store()
    second = make_sample_model_config()
    second.model.set_params(n_estimators=1).fit(*second.training_set)
    second.version, second._is_automatic = "v2", False
    second.save_to_model_store()
    alias = model_store / "models/sample/aliases/champion"
    os.makedirs(alias)
    for number, version in (("9999999998", "v2"), ("9999999997", "v1")):
        fields = {"version": version, "createdAt": "2026-01-01T00:00:00.000Z", "publisher": "test", "nonce": "n"}
        (alias / (number + ".json")).write_bytes(seal_record(fields))
    versions = {
        name: ModelConfig.load_from_model_store(name).version for name in ("sample", "sample@v1", "sample@champion")
    }
    assert versions == {"sample": "v2", "sample@v1": "v1", "sample@champion": "v1"}
    with pytest.raises(ModelwrightError, match="It has v1, v2") as error:
        ModelConfig.load_from_model_store("sample@v3")
    assert code_of(error) == "VERSION_NOT_FOUND"


def test_a_name_may_be_a_member_of_an_enumeration(model_store, sample_model_config):
    class ModelName(str, enum.Enum):
        IV = "iv"

    parts = ("model", "test_set", "author_email")
    config = ModelConfig(ModelName.IV, **{name: getattr(sample_model_config, name) for name in parts})
    config.save_to_model_store()
    assert os.listdir(model_store / "models") == ["iv"]
    assert ModelConfig.load_from_model_store(ModelName.IV).model_name == "iv"


def test_a_version_of_an_older_tool_is_found_in_the_store(old_folder, tmp_path):
    store = tmp_path / "store"
    os.makedirs(store / "iv")
    os.rename(old_folder(), store / "iv" / "20230111-152433PST")
    assert ModelConfig.load_from_model_store("iv", store).proof == "metrics"


@pytest.mark.parametrize("name", ["manifest.json", "commits"])
def test_a_damaged_document_is_named(model_store, sample_model_config, name):
    label = sample_model_config.save_to_model_store()
    model = model_store / "models/sample"
    path = model / "commits" / (label + ".json") if name == "commits" else model / "versions" / label / name
    path.write_bytes(path.read_bytes().replace(b'"accuracy"', b'"accuracz"'))
    with pytest.raises(ModelwrightError, match=name) as error:
        ModelConfig.load_from_model_store("sample")
    assert code_of(error) == "STORE_CORRUPT"


def test_a_record_of_a_newer_tool_says_to_update(model_store, sample_model_config):
    label = sample_model_config.save_to_model_store()
    path = model_store / "models/sample/commits" / (label + ".json")
    fields = json.loads(path.read_bytes())
    del fields["digest"]
    path.write_bytes(seal_record({**fields, "schemaVersion": 2}))
    with pytest.raises(ModelwrightError, match="Update the package") as error:
        ModelConfig.load_from_model_store("sample")
    assert code_of(error) == "FORMAT_TOO_NEW"


def test_a_link_out_of_the_store_is_not_followed(model_store, sample_model_config, tmp_path):
    os.makedirs(model_store / "models/sample")
    os.makedirs(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", model_store / "models/sample/versions")
    with pytest.raises(ModelwrightError) as error:
        sample_model_config.save_to_model_store()
    assert code_of(error) == "PATH_ESCAPES_ROOT"
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_file_where_the_store_should_be_is_told(tmp_path, sample_model_config):
    (tmp_path / "store").write_text("no folder")
    with pytest.raises(ModelwrightError) as error:
        sample_model_config.save_to_model_store(tmp_path / "store")
    assert code_of(error) == "STORE_UNAVAILABLE"


def test_the_store_is_where_the_tool_would_have_it(tmp_path, monkeypatch, sample_model_config):
    from modelwright.store.project import store_root

    assert store_root(None) == str(tmp_path / "data/modelwright/store")
    (tmp_path / "modelwright.json").write_text("{}")
    assert store_root(None) == str(tmp_path / ".modelwright/store")
    monkeypatch.setenv("MODELWRIGHT_HOME", str(tmp_path / "home"))
    assert store_root(None) == str(tmp_path / "home/store")
    (tmp_path / "modelwright.json").write_text('{"store": "../models"}')
    assert store_root(None) == str(tmp_path.parent / "models")
    monkeypatch.setenv("MODELWRIGHT_STORE", "given")
    assert store_root(None) == str(tmp_path / "given")
    with pytest.raises(ModelwrightError) as error:
        store_root("s3://bucket/models")
    assert code_of(error) == "CONFIG_INVALID"


def test_stored_files_can_be_read_by_others(model_store, sample_model_config):
    label = sample_model_config.save_to_model_store()
    mode = os.stat(model_store / "models/sample/versions" / label / "model.json").st_mode
    assert stat.S_IMODE(mode) == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
