"""How many threads a job computed with: with another number sums come out otherwise, in their last digits."""

import os
import sys

#: Variables that the libraries of numerical code heed.
_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


def count_threads():
    """Processors that may be used, limits that are set, and what the libraries say that were imported, by name."""
    threads = {"processors": _usable_processors()}
    for name in _VARIABLES:
        value = os.environ.get(name, "")
        if value.isdigit():
            threads[name] = int(value)
    for ask in (_ask_torch, _ask_threadpools):
        try:
            threads.update(ask())
        except Exception as error:
            # A library whose interface has changed, or that the model has replaced.
            print("Could not count threads: %s" % error, file=sys.stderr)
    return threads


def _usable_processors():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _ask_torch():
    count = getattr(sys.modules.get("torch"), "get_num_threads", None)
    return {} if count is None else {"torch": int(count())}


def _ask_threadpools():
    """BLAS and OpenMP as scikit-learn's threadpoolctl finds them."""
    describe = getattr(sys.modules.get("threadpoolctl"), "threadpool_info", None)
    return {} if describe is None else {pool["internal_api"]: int(pool["num_threads"]) for pool in describe()}
