"""Finding out how a scorer takes its rows, by trying one."""

import copy
import math
import sys
import warnings
from typing import NamedTuple

from modelwright_runtime.jsonable import to_plain
from modelwright_runtime.model.model_error import message_of, name_of
from modelwright_runtime.model.model_fault import ModelFault
from modelwright_runtime.serving.predictions import prediction_of_row, predictions_of_rows
from modelwright_runtime.serving.rows import RowMaker, is_installed

_COPIES = 3
#: Between copies of one row; arithmetic over many rows may round differently from row to row.
_RELATIVE_DIFFERENCE = 1e-4
#: Part of what scikit-learn says when a model that was trained on named columns gets nameless ones.
_NAMES_WARNING = "valid feature names"
#: Part of what it says when a model that was trained on nameless columns gets named ones, which it takes in their order.
_ORDER_WARNING = "has feature names, but"


class Forms(NamedTuple):
    """How a scorer takes rows; None is what is not known yet."""

    #: "rows": many at once. "row": one at a time.
    predict: str
    #: "array", "list", "frame" or "records".
    input: str


class Caller(NamedTuple):
    """How wire rows get to a scorer."""

    #: The scorer's method.
    predict: object
    maker: RowMaker

    def call(self, forms, rows):
        """One prediction for each row, in order."""
        if forms.predict == "rows":
            return predictions_of_rows(self.predict(self.maker.many(forms.input, rows)), len(rows))
        return [prediction_of_row(self.predict(value)) for value in self.maker.singles(forms.input, rows)]


def find_forms(caller, row, declared):
    """The first candidate that gives one prediction a row; what is declared is not tried otherwise.

    Raises the error of the first candidate when none fits, saying what was tried; where the kind of the row is to
    blame, that.
    """
    candidates = _candidates(caller.maker, row, declared)
    first_error = unfit = doubtful = None
    for forms in candidates:
        try:
            predictions, has_doubt = _try_forms(caller, forms, row)
            if predictions == [None] and declared.predict is None:
                # With one row a time anything is an answer, also that of a function without `return`.
                raise ModelFault("PredictionMismatch", "predict returned None; is a return missing?")
            if not has_doubt:
                return forms
            doubtful = doubtful or forms
        except Exception as error:
            first_error = first_error or error
            if name_of(error) == "RowsUnfit":
                unfit = unfit or error
    if doubtful is not None:
        return doubtful
    raise (unfit or _explain(first_error, candidates)) from None


def _candidates(maker, row, declared):
    predict_forms = [declared.predict] if declared.predict else ["rows", "row"]
    input_forms = [declared.input] if declared.input else _input_forms(maker, row)
    return [Forms(predict, input_) for predict in predict_forms for input_ in input_forms]


def _input_forms(maker, row):
    frame = ["frame"] if is_installed("pandas") else []
    if isinstance(row, dict):
        return ["records"] + frame
    if not isinstance(row, list):
        return ["list"]
    array = ["array"] if is_installed("numpy") else []
    records = ["records"] if maker.has_names else []
    # A model that has not imported NumPy by now is written for lists, on which + and * mean something else.
    if maker.is_numeric(row) and "numpy" in sys.modules:
        return array + ["list"] + frame + records
    return ["list"] + array + frame + records


def _try_forms(caller, forms, row):
    """The prediction of a row in a list, and whether there is a doubt: copies of the row are answered otherwise, or the
    scorer warns of names.

    Three copies unmask a scorer that takes a single row and would swallow a table of one row by accident.
    Raises what the scorer raises, and ModelFault for a wrong number of predictions.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        single = to_plain(caller.call(forms, _copies_of(row, 1)))
        are_equal = True
        if forms.predict == "rows":
            copies = to_plain(caller.call(forms, _copies_of(row, _COPIES)))
            are_equal = all(_agree(copies[0], other) for other in copies[1:])
    said = [str(warning.message) for warning in caught]
    if isinstance(row, dict) and not caller.maker.has_order and any(_ORDER_WARNING in text for text in said):
        raise ModelFault("RowsUnfit", "The model takes values by position, and an object gives no order.")
    # Without names nothing checks the order of the columns, so a form with names is better if there is one.
    return single, not are_equal or any(_NAMES_WARNING in text for text in said)


def _copies_of(row, count):
    # A scorer may change the rows that it is given.
    return [copy.deepcopy(row) for _ in range(count)]


def _agree(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_RELATIVE_DIFFERENCE, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_agree, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_agree(value, other[key]) for key, value in one.items())
    return one == other


def _explain(error, candidates):
    tried = ", ".join("%s as %s" % forms for forms in candidates)
    remedy = 'Set "predict" ("rows" or "row") and "input" ("array", "list", "frame" or "records") in model.json.'
    message = "%s\nTried predict with %s: none gave one prediction a row. %s" % (message_of(error), tried, remedy)
    return ModelFault(name_of(error), message).with_traceback(error.__traceback__)
