"""Configurations that are JSON files in a folder."""

from __future__ import annotations

import json
import os
from typing import Any, Union

from ..errors import ModelwrightError
from .recorded import record_configuration


class LocalConfigReader:
    """Reads `<config_dir>/<name>`, with or without the ending `.json`."""

    def __init__(self, config_dir: Union[str, "os.PathLike[str]"]) -> None:
        self._folder = os.path.abspath(os.fspath(config_dir))

    def read(self, name: str) -> Any:
        """The file's JSON value.

        Raises ModelwrightError `FILE_NOT_FOUND`, `JSON_MALFORMED`, `PATH_ESCAPES_ROOT`.
        """
        path = self._locate(name if name.endswith(".json") else name + ".json")
        try:
            with open(path, encoding="utf-8-sig") as file:
                value = json.load(file)
        except OSError as error:
            hint = "The folder has %s." % (", ".join(self._names()) or "no .json files")
            raise ModelwrightError("FILE_NOT_FOUND", "There is no configuration %s." % path, hint) from error
        except ValueError as error:
            raise ModelwrightError("JSON_MALFORMED", "%s is not JSON: %s" % (path, error)) from error
        record_configuration("local", name, value)
        return value

    def _locate(self, name: str) -> str:
        root = os.path.realpath(self._folder)
        path = os.path.realpath(os.path.join(root, name))
        if "\0" not in name and path.startswith(root.rstrip(os.sep) + os.sep):
            return path
        hint = "Name a file below %s." % self._folder
        raise ModelwrightError("PATH_ESCAPES_ROOT", "The configuration %r leads out of its folder." % name, hint)

    def _names(self) -> Any:
        try:
            return sorted(name for name in os.listdir(self._folder) if name.endswith(".json"))[:10]
        except OSError:
            return []
