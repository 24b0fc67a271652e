"""Seeding every source of randomness that a model uses, without importing libraries that it does not use."""

import importlib.machinery
import os
import random
import sys

#: Module whose import makes a library's generator exist: the library's name, and how it is seeded. NumPy takes 32 bits.
_SEEDERS = {
    "numpy.random": ("numpy", lambda seed: seed % 2**32, lambda module, seed: module.seed(seed)),
    "torch": ("torch", lambda seed: seed, lambda module, seed: module.manual_seed(seed)),
    "tensorflow": ("tensorflow", lambda seed: seed, lambda module, seed: module.random.set_seed(seed)),
}


def seed_libraries(seed):
    """
    Seeds Python's generator now, and those of NumPy, PyTorch and TensorFlow when the model imports them.
    Returns a dict of what was seeded with what, which grows as libraries are imported.
    """
    seeded = {"random": seed}
    random.seed(seed)
    # Set by the tool before Python started: it decides on the order of sets of text, and cannot be changed later.
    hash_seed = os.environ.get("PYTHONHASHSEED", "")
    if hash_seed.isdigit():
        seeded["PYTHONHASHSEED"] = int(hash_seed)
    for name in _SEEDERS:
        if name in sys.modules:
            _seed_module(sys.modules[name], name, seeded)
    sys.meta_path.insert(0, _SeedOnImport(seeded))
    return seeded


class _SeedOnImport:
    """Finds these modules as Python would, and seeds them once their own code has run."""

    def __init__(self, seeded):
        self._seeded = seeded

    def find_spec(self, name, path=None, target=None):
        if name not in _SEEDERS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return spec
        run = spec.loader.exec_module

        def run_and_seed(module):
            run(module)
            _seed_module(module, name, self._seeded)

        # The loader stays the one that it is, but for this method: libraries look at its type and its other methods.
        spec.loader.exec_module = run_and_seed
        return spec


def _seed_module(module, name, seeded):
    """Seeds a library with what Python's own generator was seeded with, and writes down with what."""
    library, fitting, apply = _SEEDERS[name]
    try:
        seed = fitting(seeded["random"])
        apply(module, seed)
        seeded[library] = seed
    except Exception as error:
        # A library whose interface has changed still works, only without our seed.
        print("Could not seed %s: %s" % (name, error), file=sys.stderr)
