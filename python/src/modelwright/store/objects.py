"""A folder as an object store of create-only writes, the one that the tool uses too."""

from __future__ import annotations

import os
import shutil
import uuid
from typing import Iterator, List, Optional, Union

from ..errors import ModelwrightError

#: Objects are written here first, and linked to their key when they are whole. No key begins with a dot.
_TEMPORARY = ".temporary"
#: How often a folder may vanish between being made and being used.
_ATTEMPTS = 100


#: Bytes, or the absolute path of a file.
Body = Union[bytes, str]


class Unsynced(OSError):
    """The object stands, but may not survive a power cut."""


class LocalObjects:
    """Objects below a folder, which is made with the first of them."""

    def __init__(self, root: str) -> None:
        self.root: str = os.path.abspath(root)

    def create(self, key: str, body: Body) -> bool:
        """Creates the object unless the key exists: False. Temporary file, fsync, hard link, fsync of the folders.

        Raises OSError; nothing is created then, unless it is Unsynced.
        """
        path = self._locate(key)
        temporary = os.path.join(self._locate(_TEMPORARY), str(uuid.uuid4()))
        os.makedirs(os.path.dirname(temporary), exist_ok=True)
        try:
            _write(temporary, body)
            if not _link(temporary, path):
                return False
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)
        try:
            self._sync_folders(os.path.dirname(path))
        except OSError as error:
            raise Unsynced(error.errno, error.strerror) from error
        return True

    def read(self, key: str) -> Optional[bytes]:
        try:
            with open(self._locate(key), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def path_of(self, key: str) -> str:
        """Absolute path of a key or folder, inside the root. Raises ModelwrightError `PATH_ESCAPES_ROOT`."""
        return self._locate(key)

    def files(self, prefix: str) -> List[str]:
        """Names of the files right below a folder, in order."""
        return sorted(entry.name for entry in self._scan(prefix) if entry.is_file())

    def folders(self, prefix: str) -> List[str]:
        return sorted(entry.name for entry in self._scan(prefix) if entry.is_dir())

    def delete(self, key: str) -> None:
        """Also removes the folders that it leaves empty."""
        path = self._locate(key)
        try:
            os.unlink(path)
            folder = os.path.dirname(path)
            while folder != os.path.realpath(self.root):
                os.rmdir(folder)
                folder = os.path.dirname(folder)
        except OSError:
            # Absent, or not empty.
            return

    def _scan(self, prefix: str) -> Iterator["os.DirEntry[str]"]:
        try:
            with os.scandir(self._locate(prefix.rstrip("/"))) as entries:
                yield from list(entries)
        except (FileNotFoundError, NotADirectoryError):
            return

    def _locate(self, key: str) -> str:
        root = os.path.realpath(self.root)
        path = os.path.realpath(os.path.join(root, key))
        if path == root or path.startswith(root + os.sep):
            return path
        raise ModelwrightError(
            "PATH_ESCAPES_ROOT",
            "In the store at %s, %s leads to %s, out of the store." % (self.root, key, path),
            "Replace the symbolic link by what it stands for.",
        )

    def _sync_folders(self, folder: str) -> None:
        top = os.path.realpath(self.root)
        while folder.startswith(top):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            folder = os.path.dirname(folder)


def _write(path: str, body: Body) -> None:
    with open(path, "xb") as file:
        if isinstance(body, bytes):
            file.write(body)
        else:
            with open(body, "rb") as source:
                shutil.copyfileobj(source, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())


def _link(temporary: str, path: str) -> bool:
    for attempt in range(_ATTEMPTS):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.link(temporary, path)
            return True
        except FileExistsError:
            return False
        except FileNotFoundError:
            # Somebody has deleted the last object of the folder meanwhile.
            if attempt == _ATTEMPTS - 1:
                raise
    return False
