"""Frames made of blocks.

A frame consists of blocks: one array for all columns of a type. From blocks it takes pandas a fifth of the time that it
takes from columns, whose types it would look for. pyarrow makes its frames of blocks too; how, changed with pandas 3.
"""

import importlib


class BlockFrames:
    """Makes frames with the columns of a signature. Raises ImportError or AttributeError where pandas has other blocks."""

    def __init__(self, pandas, names, types):
        self._pandas = pandas
        self._assemble = _find_assembler(pandas)
        self._columns = pandas.Index(names)
        #: What makes each block, and the places of its columns as a list and as an array.
        self._layout = list(_layout_of(pandas, types))

    def make(self, rows):
        """The frame, or None for rows with nulls that change the type of a column."""
        cells = list(zip(*rows))
        blocks = []
        for make_block, group, places in self._layout:
            values = make_block([cells[place] for place in group])
            if values is None:
                return None
            blocks.append((values, places))
        # A model may name the columns of its frame, and the next frame must not know.
        return self._assemble(blocks, self._columns.view(), self._pandas.RangeIndex(len(rows)))


def _layout_of(pandas, types):
    numpy = importlib.import_module("numpy")
    text = pandas.Series(["text"]).dtype
    # Newer versions of pandas have a type for text, and each such column to itself.
    has_text_type = text != object

    def texts(columns):
        filled = [_fill(numpy.nan, cells) for cells in columns]
        if None in filled:
            return None
        return pandas.array(filled[0], dtype=text) if has_text_type else numpy.array(filled, dtype=object)

    makers = {
        "float": lambda columns: numpy.array(columns, dtype=numpy.float64),
        "integer": lambda columns: _integers(numpy, columns),
        "boolean": lambda columns: None if _have_nulls(columns) else numpy.array(columns, dtype=bool),
        "string": texts,
    }
    for type_, make_block in makers.items():
        places = [place for place, of_column in enumerate(types) if of_column == type_]
        groups = [[place] for place in places] if type_ == "string" and has_text_type else [places]
        yield from ((make_block, group, numpy.array(group)) for group in groups if group)


def _integers(numpy, columns):
    try:
        return numpy.array(columns, dtype=numpy.int64)
    except (TypeError, OverflowError):
        return None


def _fill(nan, cells):
    """Text with NaN for null; None where all is null, which is no text."""
    if None not in cells:
        return cells
    filled = [nan if cell is None else cell for cell in cells]
    return None if all(cell is nan for cell in filled) else filled


def _have_nulls(columns):
    return any(None in cells for cells in columns)


def _find_assembler(pandas):
    """What makes a frame of blocks (values and places), columns and an index."""
    try:
        create = importlib.import_module("pandas.api.internals").create_dataframe_from_blocks
        return lambda blocks, columns, index: create(blocks, columns=columns, index=index)
    except ImportError:
        return _assembler_before_3(pandas)


def _assembler_before_3(pandas):
    new_block = importlib.import_module("pandas.core.internals").make_block
    new_manager = importlib.import_module("pandas.core.internals.managers").BlockManager
    new_frame = getattr(pandas.DataFrame, "_from_mgr", None)

    def assemble(blocks, columns, index):
        manager = new_manager([new_block(values, placement=places, ndim=2) for values, places in blocks], [columns, index])
        return pandas.DataFrame(manager) if new_frame is None else new_frame(manager, manager.axes)

    return assemble
