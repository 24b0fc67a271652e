"""Bytes that JavaScript writes, too."""

import datetime

import pytest

from modelwright.formats import canonical_json, print_json, version_label


@pytest.mark.parametrize(
    "value, text",
    [
        (0.1, "0.1"),
        (1.0, "1"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e-7, "1e-7"),
        (1.5e-7, "1.5e-7"),
        (1e-6, "0.000001"),
        (1.25e-5, "0.0000125"),
        (-1.25e-5, "-0.0000125"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (True, "true"),
        (None, "null"),
        ('é\n\u2028"', '"é\\n\u2028\\""'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_values_are_printed_as_javascript_prints_them(value, text):
    assert print_json(value) == text


def test_keys_are_sorted_as_javascript_sorts_them():
    # U+1F600 is two code units, the first of which is less than U+FF5E.
    assert canonical_json({"\uff5e": 1, "\U0001f600": 2, "b": [1.0, {"a": None}]}) == (
        '{"b":[1,{"a":null}],"\U0001f600":2,"\uff5e":1}'
    )


def test_labels_are_in_utc():
    zone = datetime.timezone(datetime.timedelta(hours=-8))
    assert version_label(datetime.datetime(2023, 1, 11, 15, 24, 33, tzinfo=zone)) == "20230111-232433UTC"
