"""What a model's code may ask and tell while the tool runs it: progress, seed and folders. Works without the tool too."""

from __future__ import annotations

import datetime
import importlib
import json
import os
import random
import sys
from pathlib import Path
from typing import Any, Dict, Optional

#: Set by the tool's runtime in the process of a job: the absolute path of its `job.json`.
_JOB_VARIABLE = "MODELWRIGHT_JOB"
_LONGEST_LINE = 64 * 1024


def progress(**fields: Any) -> None:
    """Reports progress of the running job, for example `progress(epoch=3, loss=0.2)`.

    Never raises. Does nothing when the tool does not run the code, so that it may stay in notebooks.
    """
    report_event("progress", fields={name: _plain(value) for name, value in fields.items()})


def report_event(kind: str, **fields: Any) -> None:
    """Appends one line to the job's events; does nothing outside of a job."""
    try:
        path = _job().get("eventsFile")
        if path is None:
            return
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps(dict({"type": kind, "at": now}, **fields))
        if len(line) > _LONGEST_LINE:
            line = json.dumps({"type": kind, "at": now, "fields": {"omitted": "%d characters" % len(line)}})
        # One write of one line: reports of several threads or processes never mix.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line.encode("utf-8") + b"\n")
        finally:
            os.close(descriptor)
    except Exception:
        # A report that cannot be written must not cost a training.
        return


def seed() -> Optional[int]:
    """The seed of the running job, for example for `random_state=`; None when there is no job."""
    value = _job().get("seed")
    return value if isinstance(value, int) else None


def set_seeds(value: Optional[int] = None) -> int:
    """Seeds Python's `random`, and NumPy, PyTorch and TensorFlow where they are imported.

    Without a value: with the job's seed, else 42. Returns the seed. A value of one's own is reported with the run.
    """
    chosen = value if value is not None else seed()
    chosen = 42 if chosen is None else int(chosen)
    random.seed(chosen)
    if "numpy" in sys.modules:
        # NumPy takes 32 bits.
        importlib.import_module("numpy.random").seed(chosen % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(chosen)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(chosen)
    if chosen != seed():
        progress(seed=chosen)
    return chosen


class Paths:
    """Folders of the job; without a job the same ones below the working directory."""

    @property
    def input(self) -> Path:
        """Artifacts of the version that is evaluated or served."""
        return self._folder("artifacts", "input")

    @property
    def output(self) -> Path:
        """Where artifacts and `metrics.json` are written. Made when it is not there."""
        return self._made("artifacts", "output")

    @property
    def models(self) -> Path:
        """The older place of both. Made when it is not there."""
        return self._made("models")

    def _folder(self, *parts: str) -> Path:
        return Path(_job().get("workFolder") or os.getcwd()).joinpath(*parts)

    def _made(self, *parts: str) -> Path:
        folder = self._folder(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


paths: Paths = Paths()


def _job() -> Dict[str, Any]:
    """`job.json`, or an empty object when the tool does not run this process."""
    path = os.environ.get(_JOB_VARIABLE)
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    """JSON of any value: arrays become lists, numbers that JSON lacks and everything else become text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return str(value)
