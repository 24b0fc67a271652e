"""Readers, with the official SDK of Statsig and without a network."""

import json
import os
import subprocess
import sys
import time

import pytest

from modelwright import LocalConfigReader, ModelwrightError, StatsigConfigReader

#: What the project's config specs look like: one dynamic config, the same for everybody.
SPECS = {
    "has_updates": True,
    "time": 1700000000000,
    "feature_gates": [],
    "layer_configs": [],
    "layers": {},
    "dynamic_configs": [
        {
            "name": "thresholds",
            "type": "dynamic_config",
            "salt": "salt",
            "enabled": True,
            "defaultValue": {"review": 0.7, "tiers": [1, 2]},
            "rules": [],
            "isDeviceBased": False,
            "idType": "userID",
            "entity": "dynamic_config",
        }
    ],
}


def code_of(error):
    return error.value.code


@pytest.fixture
def specs(tmp_path):
    path = tmp_path / "specs.json"
    path.write_text(json.dumps(SPECS))
    return path


@pytest.fixture
def job(tmp_path, monkeypatch):
    (tmp_path / "job.json").write_text(json.dumps({"eventsFile": str(tmp_path / "events.jsonl")}))
    monkeypatch.setenv("MODELWRIGHT_JOB", str(tmp_path / "job.json"))
    return lambda: [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]


@pytest.fixture
def configs(tmp_path):
    folder = tmp_path / "configs"
    (folder / "eu").mkdir(parents=True)
    (folder / "test_config.json").write_text('{"threshold": 0.5}')
    (folder / "eu/limits.json").write_text("[1, 2]")
    (folder / "broken.json").write_text('{"threshold": ')
    (tmp_path / "secret.json").write_text('"secret"')
    os.symlink(tmp_path / "secret.json", folder / "link.json")
    return folder


def test_a_local_configuration_is_read_by_its_name(configs, job):
    reader = LocalConfigReader(config_dir=configs)
    assert reader.read("test_config.json") == reader.read("test_config") == {"threshold": 0.5}
    assert reader.read("eu/limits") == [1, 2]
    assert LocalConfigReader("/").read(str(configs / "eu/limits")[1:]) == [1, 2]
    event = job()[0]
    assert (event["type"], event["source"], event["name"]) == ("configuration", "local", "test_config.json")
    assert len(event["digest"]) == 64


@pytest.mark.parametrize(
    "name, code",
    [
        ("gone", "FILE_NOT_FOUND"),
        ("broken", "JSON_MALFORMED"),
        ("../secret", "PATH_ESCAPES_ROOT"),
        ("link", "PATH_ESCAPES_ROOT"),
        ("/etc/hosts", "PATH_ESCAPES_ROOT"),
        ("", "FILE_NOT_FOUND"),
        ("eu", "FILE_NOT_FOUND"),
    ],
)
def test_a_local_configuration_that_cannot_be_read_is_told(configs, name, code):
    with pytest.raises(ModelwrightError) as error:
        LocalConfigReader(configs).read(name)
    assert code_of(error) == code


def test_a_missing_configuration_names_those_that_are_there(configs):
    with pytest.raises(ModelwrightError, match="broken.json, link.json, test_config.json"):
        LocalConfigReader(configs).read("gone")


def test_a_dynamic_config_is_read_from_specs_without_a_network(specs, job):
    with StatsigConfigReader(specs_file=specs) as reader:
        assert reader.read("thresholds") == {"review": 0.7, "tiers": [1, 2]}
        with pytest.raises(ModelwrightError) as error:
            reader.read("gone")
    assert code_of(error) == "CONFIGURATION_NOT_FOUND"
    # As the SDK for Node downloads them.
    configs = {config["name"]: config for config in SPECS["dynamic_configs"]}
    specs.write_text(json.dumps(dict(SPECS, dynamic_configs=configs)))
    with StatsigConfigReader(specs_file=specs) as reader, pytest.raises(ModelwrightError, match="specs.json") as error:
        reader.read("thresholds")
    assert code_of(error) == "FILE_UNREADABLE"
    assert [(event["source"], event["name"]) for event in job()] == [("statsig", "thresholds")]


def test_statsig_that_cannot_be_reached_gives_the_last_good_value_in_time(specs, job, unreachable):
    with StatsigConfigReader("secret-key", specs_file=specs) as reader:
        value = reader.read("thresholds")
    begun = time.monotonic()
    with StatsigConfigReader("secret-key", timeout_s=1, api=unreachable) as reader:
        assert reader.read("thresholds") == value
        assert time.monotonic() - begun < 10
        with pytest.raises(ModelwrightError, match="did not answer within 1 s") as error:
            reader.read("never-read")
    assert code_of(error) == "CONFIGURATION_UNAVAILABLE"
    first, second = job()
    assert (first["source"], second["source"]) == ("statsig", "statsig-cache")
    assert first["digest"] == second["digest"]


@pytest.fixture
def unreachable():
    """An address where connections are accepted and nothing is ever answered."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield "http://127.0.0.1:%d/v1/" % listener.getsockname()[1]


def test_a_reader_without_a_key_says_where_it_is_looked_for():
    with pytest.raises(ModelwrightError, match="STATSIG_SDK_KEY") as error:
        StatsigConfigReader().read("thresholds")
    assert code_of(error) == "CONFIG_INVALID"


def test_a_missing_sdk_is_told_with_the_command_that_installs_it():
    # -S: an interpreter without any installed package.
    program = "import modelwright; modelwright.StatsigConfigReader('secret-k').read('x')"
    source = os.path.dirname(os.path.dirname(os.path.abspath(sys.modules["modelwright"].__file__)))
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env={"PYTHONPATH": source}, capture_output=True, text=True
    )
    assert "Run: pip install statsig" in done.stderr
