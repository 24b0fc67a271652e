"""Writing down how a job went."""

import json
import os

from modelwright_runtime import PROTOCOL
from modelwright_runtime.job.peak_memory import peak_memory_bytes


def write_result(spec, error, conditions=None):
    """Writes `result.json`, atomically. `error` is None or a ModelError of the contract; `conditions` are
    the `seeds` and `threads` that a job of a model ran with."""
    result = {
        "protocol": PROTOCOL,
        "status": "succeeded" if error is None else "failed",
        "error": error,
        "peakMemoryBytes": peak_memory_bytes(),
        **(conditions or {"seeds": {}, "threads": {}}),
    }
    path = spec["resultFile"]
    temporary = "%s.%d.tmp" % (path, os.getpid())
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(result, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
