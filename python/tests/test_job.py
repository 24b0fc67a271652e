"""Code that runs with and without the tool."""

import json
import random
import threading

import numpy
import pytest

import modelwright


@pytest.fixture
def job(tmp_path, monkeypatch):
    """What the tool's runtime leaves for the process of a job."""
    work = tmp_path / "work"
    work.mkdir()
    spec = {"eventsFile": str(tmp_path / "events.jsonl"), "workFolder": str(work), "seed": 7}
    (tmp_path / "job.json").write_text(json.dumps(spec))
    monkeypatch.setenv("MODELWRIGHT_JOB", str(tmp_path / "job.json"))
    return tmp_path


def events_of(job):
    return [json.loads(line) for line in (job / "events.jsonl").read_text().splitlines()]


def test_progress_is_one_event_a_call(job):
    modelwright.progress(epoch=numpy.int64(3), loss=float("nan"), scores=numpy.array([1.5, 2.0]))
    (event,) = events_of(job)
    assert event["type"] == "progress" and event["at"].endswith("Z")
    assert event["fields"] == {"epoch": 3, "loss": "nan", "scores": [1.5, 2.0]}


def test_progress_of_many_threads_never_mixes(job):
    report = lambda: [modelwright.progress(text="x" * 500) for _ in range(50)]  # noqa: E731
    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events_of(job)) == 200


def test_a_report_that_is_too_long_is_left_out_and_said_so(job):
    modelwright.progress(text="x" * 100_000)
    assert "characters" in events_of(job)[0]["fields"]["omitted"]


def test_progress_without_the_tool_is_silent(capfd, tmp_path):
    modelwright.progress(epoch=1)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_costs_nothing(job, monkeypatch):
    (job / "job.json").write_text(json.dumps({"eventsFile": str(job / "gone/events.jsonl")}))
    modelwright.progress(epoch=1)


def test_seeds_are_those_of_the_run(job):
    assert modelwright.seed() == 7
    assert modelwright.set_seeds() == 7
    drawn = (random.random(), numpy.random.rand())
    modelwright.set_seeds(7)
    assert (random.random(), numpy.random.rand()) == drawn
    assert not (job / "events.jsonl").exists()
    modelwright.set_seeds(11)
    assert events_of(job)[0]["fields"] == {"seed": 11}


def test_without_a_job_there_is_no_seed_but_a_default():
    assert modelwright.seed() is None
    assert modelwright.set_seeds() == 42


def test_paths_are_those_of_the_job(job):
    assert modelwright.paths.input == job / "work/artifacts/input"
    assert modelwright.paths.output == job / "work/artifacts/output"
    assert modelwright.paths.output.is_dir() and modelwright.paths.models.is_dir()


def test_paths_without_a_job_are_below_the_working_directory(tmp_path):
    assert modelwright.paths.output == tmp_path / "artifacts/output"
