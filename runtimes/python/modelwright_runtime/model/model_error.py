"""Describing an error that a model's code raised, for people who know that code and not this runtime."""

import linecache
import os
import sys
import traceback

from modelwright_runtime.model.code_copy import in_original_places
from modelwright_runtime.model.model_fault import ModelFault

_LONGEST_MESSAGE = 4000
_LONGEST_SOURCE = 200
#: Of a traceback that is longer the first and the last frames are kept.
_FIRST_FRAMES = 10
_LAST_FRAMES = 30
_MOST_CAUSES = 3
_RUNTIME_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "")


def describe_error(error, code_root):
    """The ModelError of the contract: type, message, and the frames from the first of the model's own on."""
    description = {
        "type": name_of(error),
        "message": _shorten(in_original_places(message_of(error) + _causes_of(error)), _LONGEST_MESSAGE),
        "frames": _frames_of(error, code_root),
    }
    # The author package tells its own faults by the codes of the tool.
    if description["type"] == "ModelwrightError" and isinstance(getattr(error, "code", None), str):
        description["code"] = error.code
    return description


def print_error(error, code_root):
    """Writes the whole traceback to the log, without what came before the model's first frame."""
    root = _folder_prefix(code_root)
    frames = error.__traceback__
    while frames is not None and not _is_user(frames.tb_frame.f_code.co_filename, root):
        frames = frames.tb_next
    try:
        text = "".join(traceback.format_exception(type(error), error, frames))
        sys.stderr.write(in_original_places(text))
        sys.stderr.flush()
    except Exception:
        # The model may have closed or replaced the stream; the outcome says the same.
        pass


def name_of(error):
    """The error's class, as people know it."""
    return error.kind if isinstance(error, ModelFault) else type(error).__name__


def message_of(error):
    """The error's own text; never raises."""
    if isinstance(error, SystemExit):
        return "The model called sys.exit(%r)." % (error.code,)
    try:
        return str(error)
    except BaseException as problem:
        return "(the error has no readable message: its __str__ raised %s)" % type(problem).__name__


def _causes_of(error):
    text, told = "", _summary(error)
    cause = error.__cause__
    for _ in range(_MOST_CAUSES):
        if cause is None:
            break
        # Libraries wrap an error into one that says the same.
        if _summary(cause) != told:
            told = _summary(cause)
            text += "\nCaused by %s" % told
        cause = cause.__cause__
    return text


def _summary(error):
    return "%s: %s" % (name_of(error), message_of(error))


def _shorten(text, longest):
    if len(text) <= longest:
        return text
    return "%s… (%d characters in all)" % (text[:longest], len(text))


def _frames_of(error, code_root):
    root = _folder_prefix(code_root)
    frames = [
        dict(_place(frame.f_code.co_filename, line, root), **_content(frame.f_code.co_name, _source_line(frame, line)))
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not frame.f_code.co_filename.startswith("<frozen importlib")
    ]
    if isinstance(error, SyntaxError) and error.filename:
        # The line at fault never ran, so it has no frame.
        frames.append(dict(_place(error.filename, error.lineno, root), **_content(None, error.text)))
    first = next((index for index, frame in enumerate(frames) if frame["isUser"]), None)
    frames = frames[first:] if first is not None else [f for f in frames if not _is_runtime(f["file"])]
    if len(frames) > _FIRST_FRAMES + _LAST_FRAMES:
        frames = frames[:_FIRST_FRAMES] + frames[-_LAST_FRAMES:]
    return frames


def _place(file, line, root):
    return {"file": in_original_places(file), "line": line, "isUser": _is_user(file, root)}


def _content(function, source):
    return {"function": function, "source": _shorten(source.strip(), _LONGEST_SOURCE) if source else None}


def _folder_prefix(folder):
    return os.path.realpath(folder) + os.sep


def _is_user(file, root):
    path = os.path.realpath(file)
    return path.startswith(root) and os.sep + "site-packages" + os.sep not in path


def _source_line(frame, line):
    try:
        return linecache.getline(frame.f_code.co_filename, line, frame.f_globals)
    except Exception:
        return None


def _is_runtime(file):
    return os.path.realpath(file).startswith(_RUNTIME_FOLDER)
