"""Writes what a file of bz2, xz or lzma holds to standard output. Nothing of it is run."""

import bz2
import lzma
import shutil
import sys

#: A header may ask for any size of dictionary.
_MEMORY_BYTES = 2 * 1024**3


def unpack(kind, path):
    _limit_memory()
    opened = bz2.open(path) if kind == "bz2" else lzma.open(path)
    with opened as file:
        shutil.copyfileobj(file, sys.stdout.buffer, 1024 * 1024)
    sys.stdout.buffer.flush()


def _limit_memory():
    try:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, most))
    except (ImportError, OSError, ValueError):
        # Not every system has such a limit.
        pass


if __name__ == "__main__":
    try:
        unpack(sys.argv[1], sys.argv[2])
    except (OSError, EOFError, MemoryError, lzma.LZMAError) as problem:
        sys.exit(str(problem) or type(problem).__name__)
