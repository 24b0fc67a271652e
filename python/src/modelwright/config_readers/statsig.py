"""Dynamic configs of Statsig, by its official SDK, which is installed by those who use it."""

from __future__ import annotations

import importlib
import json
import os
import tempfile
from typing import Any, Dict, Optional, Union

from ..errors import ModelwrightError, package_missing
from ..formats import sha256
from .recorded import record_configuration

_KEY_VARIABLE = "STATSIG_SDK_KEY"
_LOCAL_KEY = "secret-local"


class StatsigConfigReader:
    """Reads dynamic configs. When Statsig cannot be reached in time, the last good value is read from disk."""

    def __init__(
        self,
        sdk_key: Optional[str] = None,
        *,
        timeout_s: float = 3.0,
        cache_dir: Union[str, "os.PathLike[str]", None] = None,
        user_id: str = "modelwright",
        specs_file: Union[str, "os.PathLike[str]", None] = None,
        api: Optional[str] = None,
    ) -> None:
        """
        sdk_key: the server secret; by default the variable `STATSIG_SDK_KEY`.
        timeout_s: how long the first read waits for Statsig at most.
        cache_dir: where last good values are kept; by default in the user's cache folder.
        specs_file: the project's config specs as this SDK downloads them; nothing goes over the network then.
        api: address of a proxy of Statsig's API.
        """
        self._sdk_key = sdk_key or os.environ.get(_KEY_VARIABLE)
        self._timeout_s = timeout_s
        self._cache_dir = _default_cache() if cache_dir is None else os.path.abspath(os.fspath(cache_dir))
        self._user_id = user_id
        self._specs_file = None if specs_file is None else os.path.abspath(os.fspath(specs_file))
        self._api = api
        self._server: Any = None

    def read(self, name: str) -> Dict[str, Any]:
        """The value of a dynamic config.

        Raises ModelwrightError `CONFIGURATION_NOT_FOUND`, `CONFIGURATION_UNAVAILABLE`, `FILE_UNREADABLE`, `PACKAGE_MISSING`.
        """
        sdk = _import_sdk()
        config = self._started(sdk).get_config(sdk.StatsigUser(self._user_id), name)
        details = config.get_evaluation_details()
        if details.source.value in ("Uninitialized", "UAParserNotLoaded", "CountryLookupNotLoaded"):
            self._require_reachable()
            return self._last_good(name)
        if details.reason.value == "Unrecognized":
            hint = "Check the name in Statsig's console."
            raise ModelwrightError("CONFIGURATION_NOT_FOUND", "Statsig has no dynamic config %r." % name, hint)
        value: Dict[str, Any] = config.get_value()
        self._keep(name, value)
        record_configuration("statsig", name, value)
        return value

    def close(self) -> None:
        """Ends the SDK's threads and sends what it has not sent yet."""
        if self._server is not None:
            self._server.shutdown()
            self._server = None

    def __enter__(self) -> "StatsigConfigReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self, sdk: Any) -> Any:
        if self._server is None:
            server = sdk.StatsigServer()
            server.initialize(self._require_key(), self._options(sdk))
            self._server = server
        return self._server

    def _require_key(self) -> str:
        if self._specs_file is not None:
            return self._sdk_key or _LOCAL_KEY
        if self._sdk_key and self._sdk_key.startswith("secret-"):
            return self._sdk_key
        raise ModelwrightError(
            "CONFIG_INVALID",
            "There is no server secret of Statsig.",
            "Set %s, or give sdk_key=… or specs_file=…" % _KEY_VARIABLE,
        )

    def _options(self, sdk: Any) -> Any:
        limits = {"overall_init_timeout": self._timeout_s, "timeout": max(1, int(self._timeout_s))}
        if self._specs_file is None:
            return sdk.StatsigOptions(api=self._api, **limits)
        try:
            with open(self._specs_file, encoding="utf-8") as file:
                specs = file.read()
        except OSError as error:
            raise ModelwrightError("FILE_NOT_FOUND", "%s cannot be read: %s" % (self._specs_file, error)) from error
        return sdk.StatsigOptions(local_mode=True, bootstrap_values=specs, **limits)

    def _require_reachable(self) -> None:
        if self._specs_file is not None:
            raise ModelwrightError(
                "FILE_UNREADABLE",
                "%s holds no config specs that the SDK takes." % self._specs_file,
                "Store what Statsig's SDK for Python downloads: it is another format than that of Node.",
            )

    def _last_good(self, name: str) -> Dict[str, Any]:
        try:
            with open(self._cache_file(name), encoding="utf-8") as file:
                value: Dict[str, Any] = json.load(file)["value"]
        except (OSError, ValueError, KeyError, TypeError):
            raise ModelwrightError(
                "CONFIGURATION_UNAVAILABLE",
                "Statsig did not answer within %g s, and no earlier value of %r is kept." % (self._timeout_s, name),
                "Check the network and the key, or give specs_file=… to work offline.",
            ) from None
        record_configuration("statsig-cache", name, value)
        return value

    def _keep(self, name: str, value: Dict[str, Any]) -> None:
        """A cache that cannot be written is no reason to fail."""
        try:
            os.makedirs(self._cache_dir, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._cache_dir)
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump({"name": name, "value": value}, file)
            os.replace(temporary, self._cache_file(name))
        except OSError:
            return

    def _cache_file(self, name: str) -> str:
        # Names of configs may hold anything. Another key is another project.
        return os.path.join(self._cache_dir, sha256(("%s\n%s" % (self._sdk_key, name)).encode("utf-8"))[:32] + ".json")


def _import_sdk() -> Any:
    try:
        return importlib.import_module("statsig")
    except ImportError:
        raise package_missing("statsig", "StatsigConfigReader") from None


def _default_cache() -> str:
    base = os.environ.get("XDG_CACHE_HOME", "")
    base = base if os.path.isabs(base) else os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "modelwright", "statsig")
