"""One job: opens the pickle in a data file that the tool has checked, and writes its rows as JSON lines."""

import hashlib
import importlib
import io
import os
import pickle

from modelwright_runtime.data.guard import only_giving_data
from modelwright_runtime.data.tables import table_of
from modelwright_runtime.job.write_result import write_result
from modelwright_runtime.jsonable import encode_json
from modelwright_runtime.model.model_error import describe_error
from modelwright_runtime.model.model_fault import ModelFault
from modelwright_runtime.process.parent_watch import watch_parent
from modelwright_runtime.read_spec import read_spec


def read_rows(job_file):
    """Runs the job; returns the exit code: 0 succeeded, 1 the file cannot be opened or holds no rows."""
    spec = read_spec(job_file)
    watch_parent(spec["parentPid"])
    os.chdir(spec["workFolder"])
    error = None
    try:
        content = _checked_content(spec["file"], spec["sha256"])
        opener = _opener(spec["format"])
        with open(spec["rowsFile"], "w", encoding="utf-8") as rows_file, only_giving_data(spec["imports"]):
            _write_rows(rows_file, *table_of(opener(io.BytesIO(content))))
    except BaseException as raised:
        error = raised
    described = None if error is None else describe_error(error, spec["workFolder"])
    write_result(spec, described)
    return 0 if error is None else 1


def _checked_content(path, sha256):
    """The whole file, so that what is opened is what was hashed, whatever happens to the file."""
    with open(path, "rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelFault("FileChanged", "the file is no longer the one that was checked")
    return content


def _opener(form):
    """What opens files of a format; its library is imported here, outside the guard, which is for what the file does."""
    if form == "pickle":
        return pickle.load
    if form == "joblib":
        return importlib.import_module("joblib").load
    numpy = importlib.import_module("numpy")
    return lambda file: _arrays_in(numpy.load(file, allow_pickle=True), form)


def _arrays_in(opened, form):
    return {name: opened[name] for name in opened.files} if form == "npz" else opened


def _write_rows(file, names, rows):
    file.write(encode_json({"names": names}) + "\n")
    for row in rows:
        file.write(encode_json(row) + "\n")
