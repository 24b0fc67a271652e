"""Writes arrays of every dtype with random values into the working folder, and `cases.json` with the values as NumPy gives them."""

import json
import math

import numpy as np

rng = np.random.default_rng(20261120)
cases = []


def plain(value, dtype):
    """A value in the form in which the reader gives it."""
    if dtype.names is not None:
        return {name: nested(value[name], dtype.fields[name][0]) for name in dtype.names}
    if dtype.kind == "b":
        return bool(value)
    if dtype.kind in "iu":
        number = int(value)
        return number if abs(number) < 2**53 else "%dn" % number
    if dtype.kind == "f":
        return real(value)
    if dtype.kind == "c":
        return [real(value.real), real(value.imag)]
    if dtype.kind == "S":
        return value.decode()
    if dtype.kind == "U":
        return str(value)
    if dtype.kind == "M":
        return None if np.isnat(value) else str(np.datetime_as_string(value))
    if dtype.kind == "m":
        return None if np.isnat(value) else plain(value.astype("i8"), np.dtype("i8"))
    return value.tobytes().hex()


def real(value):
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def nested(value, dtype):
    if dtype.subdtype is not None:
        return nested(value, dtype.subdtype[0])
    if isinstance(value, np.ndarray) and value.shape != ():
        return [nested(item, dtype) for item in value]
    return plain(value[()] if isinstance(value, np.ndarray) else value, dtype)


def random_long_doubles(dtype, count):
    """Of all sizes, those included that are only just numbers of 64 bits or are half way between two of them."""
    parts = count * (2 if dtype.kind == "c" else 1)
    powers = np.concatenate([rng.integers(-1074, 1023, parts), rng.integers(-1074, -1020, parts), rng.integers(-60, 60, parts)])
    values = np.ldexp(1 + rng.random(3 * parts).astype(np.longdouble) + rng.random(3 * parts) * np.longdouble(2) ** -54, powers)
    halves = np.ldexp(rng.integers(2**52, 2**53, parts).astype(np.longdouble) + np.longdouble(0.5), rng.integers(-1126, 900, parts))
    values = np.concatenate([values, halves, np.array([0.0, -0.0, np.inf, -np.inf, np.nan], np.longdouble)])
    chosen = rng.permutation(values * rng.choice([1, -1], len(values)))[:parts]
    return (chosen.view(np.clongdouble) if dtype.kind == "c" else chosen).astype(dtype)


def random_array(dtype, shape):
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype.kind == "U":
        texts = ["", "a", "Zürich", "日本語", "\U0001f600 x", "quote'\"\\"]
        return np.array([texts[index] for index in rng.integers(len(texts), size=count)], dtype).reshape(shape)
    if dtype.kind == "S":
        texts = ["", "a", "abc", "Zü"]
        return np.array([texts[index].encode() for index in rng.integers(len(texts), size=count)], dtype).reshape(shape)
    if dtype.kind == "b":
        return (rng.integers(2, size=shape) == 1).astype(dtype)
    if dtype.kind == "M":
        unit = np.datetime_data(dtype)[0]
        # Years 1 to 9999, as far as the unit reaches.
        low, high = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")
        days = rng.integers(int(low.astype("i8")), int(high.astype("i8")), size=count)
        if unit in ("ns", "ps", "fs", "as"):
            values = rng.integers(-(2**62), 2**62, size=count).astype("i8").astype(dtype)
        else:
            values = days.astype("M8[D]").astype(dtype)
            if unit not in ("Y", "M", "W", "D"):
                values = values + rng.integers(0, 3600, size=count).astype("m8[s]").astype("m8[%s]" % unit)
        values[0] = np.datetime64("NaT")
        return values.astype(dtype).reshape(shape)
    if dtype.itemsize > (8 if dtype.kind == "f" else 16) and dtype.kind in "fc":
        return random_long_doubles(dtype, count).reshape(shape)
    raw = rng.integers(256, size=count * dtype.itemsize, dtype=np.uint8)
    return np.frombuffer(raw.tobytes(), dtype).reshape(shape).copy()


def add(name, array, version=None):
    file = "%s.npy" % name
    with open(file, "wb") as stream:
        np.lib.format.write_array(stream, array, version=version)
    cases.append({"file": file, "shape": list(array.shape), "values": nested(array, array.dtype)})


CODES = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "g", "G", "S5", "U7", "V6"]
CODES += ["M8[%s]" % unit for unit in ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "25s", "10ms")]
CODES += ["m8[%s]" % unit for unit in ("D", "ns")] + ["m8"]
for code in CODES:
    for order in "<>":
        array = random_array(order + code, (3, 4))
        add("%s-%s" % (code, "little" if order == "<" else "big"), array)
        add("%s-%s-fortran" % (code, "little" if order == "<" else "big"), np.asfortranarray(array))
for version in ((1, 0), (2, 0), (3, 0)):
    add("version-%d" % version[0], random_array("<f8", (2, 3)), version)
add("long-doubles", random_array("<g", (2000,)))
for shape in ((), (0,), (5,), (0, 4), (4, 0), (2, 3, 4), (1, 1, 1, 1)):
    add("shape-%s" % "x".join(map(str, shape)), random_array("<i4", shape))
    add("shape-f-%s" % "x".join(map(str, shape)), np.asfortranarray(random_array("<i4", shape)))
add("record", random_array([("age", "<i8"), ("weight", ">f4"), ("ok", "?")], (6,)))
add("record-matrix", random_array([("a", "<u2"), ("b", "<c8")], (2, 3)))
add("record-nested", random_array([("point", [("x", "<f4"), ("y", "<f4")]), ("grid", "<i2", (2, 3))], (4,)))
add("record-aligned", random_array(np.dtype([("a", "i1"), ("b", "f8")], align=True), (3,)))
add("record-unicode", random_array([("größe", "<f8"), ("名前", "<i4")], (2,)))
add("record-empty-texts", np.array([("", b"")] * 2, [("u", "U0"), ("s", "S0")]))
with open("cases.json", "w") as stream:
    json.dump(cases, stream)
