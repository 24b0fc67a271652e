"""Progress events: what a model reports while it trains."""

import datetime
import json
import os

from modelwright_runtime.jsonable import encode_json, to_plain

_LONGEST_LINE = 64 * 1024


def progress_reporter(events_file):
    """The `progress_callback_handler` of a job: takes anything, appends one line to the events file, never raises."""

    def progress_callback_handler(*values, **fields):
        try:
            _append(events_file, _event_line(values, fields))
        except Exception:
            # A report that cannot be written must not cost a training.
            pass

    return progress_callback_handler


def _event_line(values, fields):
    if values:
        fields = dict(fields, values=list(values))
    now = datetime.datetime.now(datetime.timezone.utc)
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = encode_json({"type": "progress", "at": at, "fields": to_plain(fields, of_unknown=_text_of)})
    if len(line) > _LONGEST_LINE:
        line = json.dumps({"type": "progress", "at": at, "fields": {"omitted": "%d characters" % len(line)}})
    return line


def _text_of(value):
    try:
        return str(value)
    except Exception:
        return "(a %s)" % type(value).__name__


def _append(path, line):
    # One write of one line: reports of several threads or forked processes never mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode("ascii") + b"\n")
    finally:
        os.close(descriptor)
