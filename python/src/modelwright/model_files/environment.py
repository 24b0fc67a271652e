"""What tells two Python environments apart: the same digest that the tool gives to an environment that it uses as it is."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
import sys
import sysconfig
from typing import Dict, List


def installed_packages() -> List[str]:
    """`name==version` of every installed package, sorted."""
    installed: Dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        try:
            name, version = distribution.metadata["Name"], distribution.version
        except Exception:
            # A half-removed package: its metadata cannot be read.
            continue
        if name and version:
            # The first on the path is the one that is imported.
            installed.setdefault(re.sub(r"[-_.]+", "-", name).lower(), "%s==%s" % (name, version))
    return sorted(installed.values())


def interpreter_name() -> str:
    """For example `CPython 3.11.7`."""
    return "%s %s" % (platform.python_implementation(), platform.python_version())


def environment_digest(packages: List[str]) -> str:
    identity = {
        "origin": "given",
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "platform": sysconfig.get_platform(),
        "machine": platform.machine(),
        "abi": sysconfig.get_config_var("SOABI") or "",
        "packages": packages,
    }
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def architecture() -> str:
    """As Node names system and processor: `linux-x64`, `darwin-arm64`."""
    machine = platform.machine().lower()
    return "%s-%s" % (sys.platform, {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine))
