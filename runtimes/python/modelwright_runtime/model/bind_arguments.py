"""Deciding with which arguments a model's function is called, from what its signature names."""

import inspect

from modelwright_runtime.model.model_fault import ModelFault

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def parameters_of(function):
    """The parameters that a call may use, or None when the callable does not tell (some are written in C)."""
    signature = _signature_of(function)
    return None if signature is None else list(signature.parameters.values())


def bind_arguments(function, leading, offered):
    """Positional and keyword arguments for a call.

    `offered` maps names to values: a parameter of such a name gets the value. `leading` are the names whose values
    go to the first parameters by position when those are called otherwise. A function with **kwargs gets everything.
    Raises ModelFault when a parameter without a default is left.
    """
    signature = _signature_of(function)
    if signature is None:
        return [offered[name] for name in leading], {}
    arguments = _assign(list(signature.parameters.values()), leading, offered)
    try:
        signature.bind(*arguments[0], **arguments[1])
    except TypeError as error:
        name = getattr(function, "__qualname__", repr(function))
        message = "%s%s cannot be called: %s. Offered are: %s." % (name, signature, error, ", ".join(offered))
        raise ModelFault("EntryPointMismatch", message) from None
    return arguments


def _signature_of(function):
    try:
        own = inspect.signature(function, follow_wrapped=False)
        # A decorator that takes anything tells through `functools.wraps` what the function inside takes; one that
        # names its parameters takes these and no others.
        takes_anything = any(parameter.kind in _VARIABLE for parameter in own.parameters.values())
        return inspect.signature(function) if takes_anything else own
    except (TypeError, ValueError):
        return None


def _assign(parameters, leading, offered):
    named = {parameter.name for parameter in parameters if parameter.kind not in _VARIABLE}
    by_position = [name for name in leading if name not in named]
    rest = [name for name in offered if name not in named]
    positional, keywords, is_gapless = [], {}, True
    for index, parameter in enumerate(parameters):
        name = parameter.name
        if parameter.kind in _POSITIONAL:
            if name not in offered:
                if index >= len(leading) or not by_position:
                    is_gapless = False
                    continue
                name = by_position.pop(0)
                rest.remove(name)
            if is_gapless:
                positional.append(offered[name])
            elif parameter.kind is not inspect.Parameter.POSITIONAL_ONLY:
                keywords[parameter.name] = offered[name]
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL and is_gapless:
            positional.extend(offered[name] for name in by_position)
            rest = [name for name in rest if name not in by_position]
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY and name in offered:
            keywords[name] = offered[name]
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            keywords.update((name, offered[name]) for name in rest)
    return positional, keywords
