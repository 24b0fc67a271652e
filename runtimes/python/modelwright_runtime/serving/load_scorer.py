"""Making the object that predicts."""

import inspect

from modelwright_runtime.model.bind_arguments import bind_arguments, parameters_of
from modelwright_runtime.model.entry_points import find_entry_point
from modelwright_runtime.model.model_fault import ModelFault


def load_scorer(spec):
    """`ModelScorer(config)`, with the whole config.json as a dict, or `ModelScorer()`.

    Raises whatever the model's code raises, and ModelFault when there is no scorer or it has no `predict`.
    """
    scorer_class = find_entry_point("ModelScorer", spec["codeRoot"])
    identifiers = spec["identifiers"]
    offered = {
        "config": spec["modelConf"],
        "model_id": identifiers["modelId"],
        "model_version": identifiers["modelVersion"],
        "model_table": identifiers["modelTable"],
    }
    leading = ["config"]
    if not _takes_config(parameters_of(scorer_class)):
        del offered["config"]
        leading = []
    positional, keywords = bind_arguments(scorer_class, leading, offered)
    scorer = scorer_class(*positional, **keywords)
    if not callable(getattr(scorer, "predict", None)):
        raise ModelFault("EntryPointMissing", "ModelScorer has no method predict(data).")
    return scorer


def _takes_config(parameters):
    """Whether the first parameter is a configuration: required, or by default None, or called so.

    A first parameter with another default, such as a path, is a setting of the scorer's own.
    """
    if not parameters or parameters[0].kind is inspect.Parameter.VAR_KEYWORD:
        return False
    first = parameters[0]
    if first.name in ("model_id", "model_version", "model_table"):
        return False
    return first.default in (inspect.Parameter.empty, None) or "conf" in first.name or "cfg" in first.name
