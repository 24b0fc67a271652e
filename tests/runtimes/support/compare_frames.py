"""Prints "same" when frames of many kinds of rows are those that pandas makes of a dict of columns."""

import random

import pandas
from modelwright_runtime.serving.frames import FrameMaker, plain_frame
from pandas.testing import assert_frame_equal

VALUES = {
    "integer": [1, 2, -5, 0, 2**53 + 1, 2**60, 2**63],
    "float": [1, 2.5, "NaN", "Infinity", "-Infinity", -0.0],
    "string": ["", "a", "2020-01-01", "NaN", "é"],
    "boolean": [True, False],
}


def cell(type_):
    # Rarely null, so that there are also columns without.
    return None if random.random() < 0.1 else random.choice(VALUES[type_])


def rows_of(types):
    return [[cell(type_) for type_ in types] for _ in range(random.randrange(1, 4))]


def check(maker, names, types):
    rows = rows_of(types)
    made, plain = maker.make(rows), plain_frame(names, types, rows)
    assert_frame_equal(made, plain, check_exact=True)
    assert list(map(type, made.iloc[0].tolist())) == list(map(type, plain.iloc[0].tolist()))
    assert sum(1 for _ in made._mgr.blocks) == sum(1 for _ in plain._mgr.blocks)
    # What a model does to its frame is not seen in the next one.
    made.columns.name = "changed"
    made["added"] = 1
    made.iloc[0, 0] = made.iloc[0, 0]


random.seed(7)
of_blocks = 0
for _ in range(500):
    types = random.choices(list(VALUES), k=random.randrange(1, 8))
    names = ["column %d" % place for place in range(len(types))]
    maker = FrameMaker(names, types)
    for _ in range(4):
        check(maker, names, types)
    # A frame of floats alone is one array as it is.
    assert maker.makes_of_blocks or set(types) == {"float"}, types
    of_blocks += maker.makes_of_blocks
assert of_blocks > 400, of_blocks
assert maker.make(rows_of(types)).columns.name is None
print("same")
