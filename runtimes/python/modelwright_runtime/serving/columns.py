"""Columns of wire values with the types that pandas itself gives them when it reads a file."""

#: Integers up to this size are exact as floats.
_EXACT_IN_FLOAT = 2**53


def typed_column(numpy, type_, cells):
    """One column, so that nulls are NaN: an array, or text as a list."""
    if type_ == "float":
        return floats(numpy, cells)
    if type_ == "integer":
        return integers(numpy, cells)
    has_nulls = None in cells
    filled = [numpy.nan if cell is None else cell for cell in cells] if has_nulls else list(cells)
    if type_ == "boolean" and not has_nulls:
        return numpy.array(filled, dtype=bool)
    # Text is left to pandas, whose newer versions have a type for it; a column of nulls only would become numbers.
    is_empty = has_nulls and all(cell is None for cell in cells)
    return numpy.array(filled, dtype=object) if is_empty or type_ == "boolean" else filled


def floats(numpy, rows):
    """float64, of cells or of rows of them; None is NaN, and so is its name."""
    return numpy.array(rows, dtype=numpy.float64)


def integers(numpy, cells):
    """int64; with nulls float64 and NaN; an array of objects where either would lose digits."""
    try:
        return numpy.array(cells, dtype=numpy.int64)
    except (TypeError, OverflowError):
        exact = numpy.array(cells, dtype=object)
    if all(cell is None or abs(cell) <= _EXACT_IN_FLOAT for cell in exact.flat):
        return exact.astype(numpy.float64)
    return exact
