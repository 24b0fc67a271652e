"""A loaded scorer together with what is known about how it is called."""

from modelwright_runtime.model.model_fault import ModelFault
from modelwright_runtime.serving.forms import Caller, Forms, find_forms
from modelwright_runtime.serving.load_scorer import load_scorer
from modelwright_runtime.serving.rows import RowMaker, kind_of_rows

_BY_POSITION = ("array", "list")


class ScoredModel:
    """Answers rows of every kind that its scorer can take.

    What is declared, or was found with the example rows, comes first. Rows of another kind, such as objects where the
    examples are arrays, are tried for themselves: many scorers make a frame of whatever they are given.
    """

    def __init__(self, spec):
        predict = load_scorer(spec).predict
        # The publisher's examples say in which order the model takes the values of objects; a client must not.
        self._caller = Caller(predict, RowMaker(spec["columns"], order=_keys_of_first(spec["probeRows"])))
        self._declared = Forms(spec["predictForm"], spec["inputForm"])
        self._first = Forms(*self._declared) if all(self._declared) else None
        #: By kind of rows.
        self._forms = {}
        if spec["probeRows"]:
            self._try_example(spec["probeRows"][0], spec.get("probeNames"))

    def known_forms(self):
        predict_form, input_form = self._first or self._declared
        return {"predictForm": predict_form, "inputForm": input_form}

    def predict(self, rows, names):
        """One prediction a row. `names`: those of the values of rows that are arrays, or None."""
        if not rows:
            return []
        caller = self._caller_for(names)
        kind = kind_of_rows(rows, names)
        forms = self._forms.get(kind) or self._forms_for(kind, caller, rows)
        predictions = caller.call(forms, rows)
        # Remembered only now: a request that fails says nothing about the forms.
        self._forms[kind] = forms
        self._first = self._first or forms
        return predictions

    def _try_example(self, row, names):
        if self._first is None:
            self._first = find_forms(self._caller_for(names), row, self._declared)
        self._forms[kind_of_rows([row], names)] = self._first

    def _caller_for(self, names):
        return self._caller if names is None else Caller(self._caller.predict, RowMaker(None, names))

    def _forms_for(self, kind, caller, rows):
        first = self._first
        if first is None:
            return find_forms(caller, rows[0], self._declared)
        if kind == "objects" and first.input in _BY_POSITION:
            # Not as a frame: a model that takes values by position would read it in the order of the keys.
            return self._try_inputs(("records",), caller, rows)
        if kind == "arrays" and first.input not in _BY_POSITION and not caller.maker.has_names and self._forms:
            return self._try_inputs(_BY_POSITION, caller, rows)
        return first

    def _try_inputs(self, inputs, caller, rows):
        for input_ in inputs:
            try:
                return find_forms(caller, rows[0], Forms(self._first.predict, input_))
            except Exception:
                continue
        by, lacking = ("name", "an array gives no names") if "array" in inputs else ("position", "an object gives no order")
        raise ModelFault("RowsUnfit", "The model takes values by %s, and %s." % (by, lacking))


def _keys_of_first(rows):
    return list(rows[0]) if rows and isinstance(rows[0], dict) else []
