"""Prints as JSON which modules a pickle would import: `python list_pickle_imports.py <file>`.

    {"modules": ["numpy", "sklearn.pipeline"], "error": null}

Nothing of the pickle is executed: its instructions are read with pickletools and followed only as far as needed to
know the names they use. joblib's files are read too, also compressed ones. `error` says where reading had to end;
`modules` then holds what was found before.
"""

import bz2
import gzip
import io
import json
import lzma
import math
import pickletools
import sys
import zlib

_JOBLIB_ARRAY = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_STORES = ("PUT", "BINPUT", "LONG_BINPUT")
_LOADS = ("GET", "BINGET", "LONG_BINGET")


class _Thing:
    """A class, a function or an object that the pickle would make."""

    def __init__(self, name, arguments=()):
        #: (module, qualified name) of the class or function.
        self.name = name
        self.arguments = arguments
        self.state = None


class _Reader:
    """Follows one pickle. Values that do not matter stand on the stack as None."""

    def __init__(self, file, modules):
        self._file = file
        self._modules = modules
        self._stack = []
        self._memo = {}

    def read(self):
        for opcode, argument, _ in pickletools.genops(self._file):
            self._step(opcode, argument)

    def _step(self, opcode, argument):
        name, stack = opcode.name, self._stack
        if name == "MEMOIZE":
            self._memo[len(self._memo)] = stack[-1]
        elif name in _STORES:
            self._memo[int(argument)] = stack[-1]
        elif name in _LOADS:
            stack.append(self._memo.get(int(argument)))
        elif name == "STACK_GLOBAL":
            attribute, module = stack.pop(), stack.pop()
            self._import(module, attribute)
        elif name == "GLOBAL":
            self._import(*argument.split(" ", 1))
        elif name == "INST":
            self._pop_to_mark()
            self._import(*argument.split(" ", 1))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, made_by = stack.pop(), stack.pop()
            stack.append(_Thing(made_by.name, arguments) if isinstance(made_by, _Thing) else None)
        elif name == "BUILD":
            self._build(stack.pop(), stack[-1])
        else:
            self._move(opcode, argument)

    def _move(self, opcode, argument):
        """Everything else: tuples and dicts are kept, and what an instruction brings with it."""
        name, stack = opcode.name, self._stack
        if name == "MARK":
            stack.append(_MARK)
        elif name in ("EMPTY_DICT", "EMPTY_TUPLE"):
            stack.append({} if name == "EMPTY_DICT" else ())
        elif name == "TUPLE":
            stack.append(tuple(self._pop_to_mark()))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            size = int(name[-1])
            stack[-size:] = [tuple(stack[-size:])]
        elif name in ("SETITEM", "SETITEMS"):
            items = self._pop_to_mark() if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
            if isinstance(stack[-1], dict):
                pairs = zip(items[::2], items[1::2])
                stack[-1].update((key, value) for key, value in pairs if isinstance(key, str))
        else:
            before, after = opcode.stack_before, opcode.stack_after
            if pickletools.markobject in before:
                self._pop_to_mark()
                before = before[: before.index(pickletools.markobject)]
            del stack[len(stack) - len(before) :]
            stack.extend([argument if not before else None] * len(after))

    def _pop_to_mark(self):
        items = []
        while self._stack[-1] is not _MARK:
            items.append(self._stack.pop())
        self._stack.pop()
        return items[::-1]

    def _import(self, module, attribute):
        if not isinstance(module, str):
            raise ValueError("a module's name is computed")
        self._modules.add(module)
        self._stack.append(_Thing((module, attribute)))

    def _build(self, state, thing):
        if not isinstance(thing, _Thing):
            return
        thing.state = state
        if thing.name == _JOBLIB_ARRAY:
            self._skip_array(state)

    def _skip_array(self, wrapper):
        """joblib puts an array's bytes between the instructions, right after the object that describes it."""
        code = wrapper["dtype"].arguments[0]
        if code.startswith("O"):
            _Reader(self._file, self._modules).read()
            return
        if wrapper.get("numpy_array_alignment_bytes") is not None:
            self._file.read(self._file.read(1)[0])
        item_bytes = int(code[1:]) * (4 if code[0] == "U" else 1)
        self._file.seek(item_bytes * math.prod(wrapper["shape"]), io.SEEK_CUR)


_MARK = object()


def list_modules(path):
    """The modules' names in order, and None or why reading ended early."""
    modules = set()
    try:
        with _open(path) as file:
            _Reader(file, modules).read()
    except Exception as error:
        return sorted(modules), "%s: %s" % (type(error).__name__, error)
    return sorted(modules), None


def _open(path):
    with open(path, "rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(path)
    if start.startswith(b"BZh"):
        return bz2.open(path)
    if start.startswith((b"\xfd7zXZ\x00", b"\x5d\x00\x00")):
        return lzma.open(path)
    if start.startswith(b"\x78"):
        with open(path, "rb") as file:
            return io.BytesIO(zlib.decompress(file.read()))
    return open(path, "rb")


if __name__ == "__main__":
    found, problem = list_modules(sys.argv[1])
    print(json.dumps({"modules": found, "error": problem}))
