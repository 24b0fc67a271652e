"""A warm worker: loads a scorer once and answers requests until the tool closes the channel."""

import json
import re
import time

from modelwright_runtime.jsonable import encode_json
from modelwright_runtime.model.model_error import describe_error, print_error
from modelwright_runtime.process.parent_watch import CHANNEL_DESCRIPTOR, watch_parent
from modelwright_runtime.read_spec import enter, read_spec
from modelwright_runtime.serving.channel import Channel
from modelwright_runtime.serving.scored_model import ScoredModel

_LEADING_ID = re.compile(rb'\{"id":(\d+)')


def run_worker(worker_file):
    """Serves until the channel closes; returns the exit code: 0, or 1 when the scorer could not be loaded."""
    spec = read_spec(worker_file)
    watch_parent(spec["parentPid"])
    channel = Channel(CHANNEL_DESCRIPTOR)
    enter(spec)
    started = time.monotonic()
    try:
        model = ScoredModel(spec)
    except BaseException as error:
        print_error(error, spec["codeRoot"])
        channel.write(encode_json({"type": "failed", "error": describe_error(error, spec["codeRoot"])}))
        return 1
    load_ms = round((time.monotonic() - started) * 1000)
    channel.write(encode_json(dict(model.known_forms(), type="ready", loadMs=load_ms)))
    while True:
        frame = channel.read()
        if frame is None:
            return 0
        channel.write(_answer(model, frame, spec["codeRoot"]))


def _answer(model, frame, code_root):
    """The reply to one request. Nothing that a model raises ends the worker, not even sys.exit()."""
    # Read from the bytes: the rest may be what cannot be parsed, for example when it is nested too deep.
    request_id = int(_LEADING_ID.match(frame).group(1))
    try:
        request = json.loads(frame)
        predictions = encode_json(model.predict(request["rows"], request.get("names")))
        return '{"type":"predictions","id":%d,"predictions":%s}' % (request_id, predictions)
    except BaseException as error:
        return encode_json({"type": "error", "id": request_id, "error": describe_error(error, code_root)})
