"""One job: calls a model's train or evaluate function and writes down how that went."""

import os
import sys

from modelwright_runtime.job.progress import progress_reporter
from modelwright_runtime.job.seeding import seed_libraries
from modelwright_runtime.job.threads import count_threads
from modelwright_runtime.job.write_result import write_result
from modelwright_runtime.model.bind_arguments import bind_arguments, parameters_of
from modelwright_runtime.model.entry_points import find_entry_point
from modelwright_runtime.model.model_context import model_context
from modelwright_runtime.model.model_error import describe_error, print_error
from modelwright_runtime.model.model_fault import ModelFault
from modelwright_runtime.process.parent_watch import watch_parent
from modelwright_runtime.read_spec import enter, read_spec


def run_job(job_file):
    """Runs the job; returns the exit code: 0 succeeded, 1 the model failed."""
    spec = read_spec(job_file)
    watch_parent(spec["parentPid"])
    # Where the author package finds what the job is; processes that the model starts inherit it.
    os.environ["MODELWRIGHT_JOB"] = os.path.abspath(job_file)
    enter(spec)
    seeds = seed_libraries(spec["seed"])
    job_process = os.getpid()
    error = _run_model(spec)
    exit_code = 0 if error is None else 1
    _flush_output()
    if os.getpid() != job_process:
        # The model forked and its child came back here too: only one of them is the job.
        os._exit(exit_code)
    write_result(spec, error, {"seeds": seeds, "threads": count_threads()})
    return exit_code


def _run_model(spec):
    """None, or the error that the model raised."""
    error = None
    try:
        function, positional, keywords = _plan_call(spec)
        try:
            function(*positional, **keywords)
        except SystemExit as ending:
            # A script that ends itself with success has succeeded.
            if ending.code is not None and ending.code != 0:
                raise
    except BaseException as raised:
        error = raised
        print_error(error, spec["codeRoot"])
    return None if error is None else describe_error(error, spec["codeRoot"])


def _plan_call(spec):
    function = find_entry_point(spec["kind"], spec["codeRoot"])
    identifiers = spec["identifiers"]
    offered = {
        "model_id": identifiers["modelId"],
        "model_version": identifiers["modelVersion"],
        "model_table": identifiers["modelTable"],
        "progress_callback_handler": progress_reporter(spec["eventsFile"]),
    }
    first = _first_parameter(function)
    if first == "spark":
        message = "%s(spark, …) asks for a Spark session, which jobs of language python do not have." % spec["kind"]
        raise ModelFault("SparkUnsupported", message)
    if first == "context":
        leading = {"context": model_context(spec)}
    else:
        leading = {"data_conf": spec["dataConf"], "model_conf": spec["modelConf"]}
    offered = dict(leading, **offered)
    return (function,) + tuple(bind_arguments(function, list(leading), offered))


def _first_parameter(function):
    parameters = parameters_of(function)
    return parameters[0].name if parameters else None


def _flush_output():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # Closed or replaced by the model.
            pass
