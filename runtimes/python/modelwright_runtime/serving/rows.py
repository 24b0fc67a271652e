"""Turning rows as they arrive into the Python values that scorers take."""

import functools
import importlib
import importlib.util
import sys

from modelwright_runtime.model.model_fault import ModelFault
from modelwright_runtime.serving.columns import integers
from modelwright_runtime.serving.frames import FrameMaker, plain_frame

#: Column types and, where there are no columns, the types that JSON values have in Python.
_INTEGERS = {"integer", int, type(None)}
_NUMBERS = _INTEGERS | {"float", "boolean", float, bool}


@functools.lru_cache(maxsize=None)
def is_installed(library):
    """Whether the model's environment has the library; does not import it."""
    return library in sys.modules or importlib.util.find_spec(library) is not None


def kind_of_rows(rows, names):
    """Rows of one kind can be given to a scorer in the same form: "objects", "named arrays" or "arrays", which with a
    signature all are. Raises ModelFault for objects among others.
    """
    objects = sum(isinstance(row, dict) for row in rows)
    if objects:
        if objects < len(rows):
            _refuse_mixed(rows)
        return "objects"
    return "arrays" if names is None else "named arrays"


class RowMaker:
    """Makes the input of `predict` from wire rows.

    With a signature a wire row is an array in column order, null is None, and the strings NaN, Infinity and -Infinity
    in a float column are floats. Without one a row is whatever the client sent, and `names` are those that the client
    gave to the values of rows that are arrays.
    """

    def __init__(self, columns, names=None, order=()):
        """`order`: names in the order in which frames that are made of objects have them, as far as it is known."""
        self._names = names if columns is None else [column["name"] for column in columns]
        self._order = order
        self._types = None if columns is None else [column["type"] for column in columns]
        #: Once a frame has been asked for.
        self._frames = None
        self._makers = {
            "array": self._array,
            "list": self._lists,
            "frame": self._frame,
            "records": self._records,
        }

    @property
    def has_names(self):
        return self._names is not None

    @property
    def has_order(self):
        """Whether something other than the keys of its own rows gives the order of a frame's columns."""
        return self.has_names or bool(self._order)

    def is_numeric(self, row):
        """True for an array of numbers (and nulls)."""
        return (_cell_types([row]) if self._types is None else set(self._types)) <= _NUMBERS

    def many(self, form, rows):
        """One value for all rows."""
        return self._makers[form](rows)

    def singles(self, form, rows):
        """One value for each row: a frame of one row, an array of one dimension, a list or a dict."""
        if form == "frame":
            return [self._frame([row]) for row in rows]
        return list(self._makers[form](rows))

    def _lists(self, rows):
        if self._types is None:
            if any(isinstance(row, dict) for row in rows):
                # The order of keys is the client's whim, so it never decides which value is which.
                message = "The model takes values by position, and an object gives no order."
                raise ModelFault("RowsUnfit", message)
            return rows
        if "float" not in self._types:
            return rows
        # JSON writes 1.0 as 1.
        columns = [
            [None if cell is None else float(cell) for cell in cells] if type_ == "float" else cells
            for type_, cells in zip(self._types, zip(*rows))
        ]
        return [list(row) for row in zip(*columns)]

    def _array(self, rows):
        if not is_installed("numpy"):
            return self._lists(rows)
        numpy = importlib.import_module("numpy")
        # Numbers become float64, as models are trained on; only where every column is an integer, int64.
        # Anything else stays what it is, in an array of objects.
        types = _cell_types(rows) if self._types is None else set(self._types)
        if not types <= _NUMBERS:
            return numpy.array(self._lists(rows), dtype=object)
        if self._types is None:
            _refuse_ragged(rows)
        return integers(numpy, rows) if types <= _INTEGERS else numpy.array(rows, dtype=numpy.float64)

    def _frame(self, rows):
        if not is_installed("pandas"):
            raise ModelFault("InputImpossible", "Input as a frame needs pandas, which the model's environment lacks.")
        if self._types is not None:
            self._frames = self._frames or FrameMaker(self._names, self._types)
            return self._frames.make(rows)
        names, rows = self._as_table(rows)
        if names is None:
            return importlib.import_module("pandas").DataFrame(rows)
        return plain_frame(names, [_column_type(column) for column in zip(*rows)], rows)

    def _as_table(self, rows):
        """Names of values, or None where nothing gives them, and rows as arrays."""
        if not rows or not all(isinstance(row, dict) for row in rows):
            return self._names, rows
        keys = dict.fromkeys(name for row in rows for name in row)
        names = [name for name in self._order if name in keys]
        names += [name for name in keys if name not in self._order]
        return names, [[row.get(name) for name in names] for row in rows]

    def _records(self, rows):
        if all(isinstance(row, dict) for row in rows):
            return rows
        if self._names is None or any(isinstance(row, dict) for row in rows):
            message = "The model takes values by name, and an array gives no names."
            raise ModelFault("RowsUnfit", message)
        return [dict(zip(self._names, row)) for row in self._lists(rows)]


def _cell_types(rows):
    """The types of all cells; of rows that are no arrays the types of the rows."""
    types = set()
    for row in rows:
        types.update(map(type, row) if isinstance(row, list) else (type(row),))
    return types


def _column_type(cells):
    """The type that pandas gives a column of a file, from its cells."""
    types = set(map(type, cells))
    if types <= {bool, type(None)} and bool in types:
        return "boolean"
    if types <= _INTEGERS and int in types:
        return "integer"
    return "float" if types <= {int, float, type(None)} else "string"


def _refuse_mixed(rows):
    kinds = {dict: "objects", list: "arrays"}
    found = sorted({kinds.get(type(row), "plain values") for row in rows})
    raise ModelFault("RowsUnfit", "Rows of one request must be of one kind, not %s." % " and ".join(found))


def _refuse_ragged(rows):
    lengths = sorted({len(row) for row in rows if isinstance(row, list)})
    if len(lengths) > 1:
        message = "Rows of one request must have equally many values, not %s." % " and ".join(map(str, lengths))
        raise ModelFault("RowsUnfit", message)
