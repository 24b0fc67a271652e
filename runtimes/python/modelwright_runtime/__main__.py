"""Starts a job, a job that opens a data file, or a worker: `python __main__.py job|rows|worker <job.json or worker.json>`."""

import os
import sys


def main():
    _, command, spec_file = sys.argv
    run = _import_command(command)
    # A model that parses the command line must not find ours.
    del sys.argv[1:]
    sys.exit(run(spec_file))


def _import_command(command):
    """Imports the package without leaving any folder of ours on the module path, where it could shadow the model's."""
    here = os.path.dirname(os.path.realpath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != here]
    sys.path.insert(0, os.path.dirname(here))
    if command == "job":
        from modelwright_runtime.job.run_job import run_job as run
    elif command == "rows":
        from modelwright_runtime.data.read_rows import read_rows as run
    elif command == "worker":
        from modelwright_runtime.serving.run_worker import run_worker as run
    else:
        sys.exit("Unknown command %r: expected job, rows or worker." % command)
    del sys.path[0]
    if command != "rows":
        _offer_author_package(here)
    return run


def _offer_author_package(here):
    """Lets the model import `modelwright`. Last on the path: one that is installed, or the model's own, comes first."""
    tool = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    sys.path.append(os.path.join(tool, "python", "src"))


# Child processes that multiprocessing spawns import this file under another name.
if __name__ == "__main__":
    main()
