"""Taking rows out of what a pickle holds, without importing the libraries that it comes from."""

import math

from modelwright_runtime.jsonable import is_frame, to_plain
from modelwright_runtime.model.model_fault import ModelFault


def table_of(value):
    """Names of the columns, or None where nothing names them, and the rows as lists of plain values."""
    names, rows = _find_table(value)
    return names, ([_cell(item) for item in row] for row in rows)


def _find_table(value):
    if is_frame(value):
        return [str(name) for name in value.columns], value.itertuples(index=False, name=None)
    if callable(getattr(value, "toarray", None)):
        return None, value.toarray()
    if isinstance(value, dict):
        return _table_of_columns(value)
    if isinstance(value, (list, tuple)):
        return _table_of_rows(value)
    return _table_of_array(value)


def _table_of_array(array):
    shape = getattr(array, "shape", None)
    if shape is None:
        raise _no_table("it holds an object of type %s" % type(array).__name__)
    fields = getattr(array.dtype, "names", None)
    if shape == ():
        # numpy.save of anything that is no array.
        return _find_table(array.item())
    if len(shape) == 1 and fields is not None:
        return list(fields), zip(*[list(array[name]) for name in fields])
    if len(shape) == 1:
        raise _no_table("it holds an array of shape (%d)" % shape)
    return None, array


def _table_of_columns(columns):
    if len(columns) == 1:
        [only] = columns.values()
        if len(getattr(only, "shape", ())) > 1 or getattr(getattr(only, "dtype", None), "names", None):
            return _table_of_array(only)
    for name, column in columns.items():
        if len(getattr(column, "shape", (0,))) != 1 or isinstance(column, (str, bytes)) or not hasattr(column, "__len__"):
            raise _no_table("%s in it is no column of values" % name)
    if len({len(column) for column in columns.values()}) > 1:
        raise _no_table("the columns in it have not as many values as each other")
    return [str(name) for name in columns], zip(*[list(column) for column in columns.values()])


def _table_of_rows(rows):
    if all(isinstance(row, dict) for row in rows) and rows:
        names = list(rows[0])
        if any(set(row) != set(names) for row in rows):
            raise _no_table("the objects in it have not the same names")
        return [str(name) for name in names], ([row[name] for name in names] for row in rows)
    if not all(isinstance(row, (list, tuple)) or len(getattr(row, "shape", ())) > 0 for row in rows):
        raise _no_table("it holds a list whose items are no rows")
    return None, rows


def _cell(value):
    number = value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value
    if isinstance(number, float) and not math.isfinite(number):
        # JSON has no such numbers; a word alone could be a text of the data.
        return {"float": to_plain(number)}
    try:
        return to_plain(value)
    except TypeError as problem:
        raise _no_table(str(problem))


def _no_table(problem):
    return ModelFault("NoTable", problem)
