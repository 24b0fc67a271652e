"""Reading job.json and worker.json, and the surroundings that both describe."""

import json
import os
import sys

from modelwright_runtime import PROTOCOL
from modelwright_runtime.model.code_copy import set_copied_below


def read_spec(path):
    with open(path, encoding="utf-8") as file:
        spec = json.load(file)
    if spec["protocol"] != PROTOCOL:
        sys.exit("%s speaks protocol %r, this runtime %d." % (path, spec["protocol"], PROTOCOL))
    return spec


def enter(spec):
    """Goes to the work folder and puts the model's code first on the module path."""
    for stream in (sys.stdout, sys.stderr):
        # What a model prints must reach the log at once and never fail for an odd character.
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    set_copied_below(spec.get("copiedBelow"))
    os.chdir(spec["workFolder"])
    sys.path.insert(0, spec["codeRoot"])
