"""Files and folders of the builder: locks, half-made folders, files that are whole or absent."""

import contextlib
import fcntl
import os
import shutil

from environment_events import say


@contextlib.contextmanager
def one_builder(path):
    """Holds the lock file `path`. The system lets go of it when this process ends, however it ends.

    The descriptor is close-on-exec, as all of Python's are: a program that pip leaves behind does not hold the lock.
    The file stays: a lock on a file that somebody removes meanwhile would keep nobody out.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def work_folder(path):
    """An empty folder that is gone afterwards. Use it under a lock: what a killed builder left there is removed."""
    remove_folder(path)
    os.makedirs(path)
    try:
        yield path
    finally:
        remove_folder(path)


def remove_folder(path):
    """Removes a folder; an absent one is fine."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


def write_file(path, text):
    """Writes a file so that it is there whole or not at all, also after a crash."""
    half = path + ".half"
    try:
        with open(half, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(half)
        raise
