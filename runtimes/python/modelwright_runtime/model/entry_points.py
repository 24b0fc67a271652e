"""Finding what a model's package offers: its train and evaluate functions and its scorer class."""

import importlib
import importlib.util

from modelwright_runtime.model.model_fault import ModelFault

PACKAGE = "model_modules"

#: Where each entry point may stand, in the order of the search.
_PLACES = {
    "train": ("model_modules.train", "model_modules.training.train"),
    "evaluate": ("model_modules.evaluate", "model_modules.scoring.evaluate", "model_modules.evaluation.evaluate"),
    "ModelScorer": ("model_modules.ModelScorer", "model_modules.scoring.ModelScorer"),
}


def find_entry_point(name, code_root):
    """The callable of that name. An error inside the model's own modules is raised as it is.

    Raises ModelFault when no place has it, naming all that was looked for.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise ModelFault("EntryPointMissing", "There is no package %s in %s." % (PACKAGE, code_root))
    looked_for = []
    for place in _PLACES[name]:
        module_name, _, attribute = place.rpartition(".")
        if not _exists(module_name):
            looked_for.append("%s (there is no module %s)" % (place, module_name))
            continue
        value = getattr(importlib.import_module(module_name), attribute, None)
        if callable(value):
            return value
        looked_for.append(place if value is None else "%s (a %s, not callable)" % (place, type(value).__name__))
    raise ModelFault("EntryPointMissing", "The model has no %s. Looked for: %s." % (name, "; ".join(looked_for)))


def _exists(module_name):
    """Asks without running the module, so that an ImportError inside it is never taken for its absence."""
    if module_name == PACKAGE:
        return True
    try:
        return importlib.util.find_spec(module_name) is not None
    except ModuleNotFoundError:
        # model_modules is a single file, which has no submodules.
        if hasattr(importlib.import_module(PACKAGE), "__path__"):
            raise
        return False
