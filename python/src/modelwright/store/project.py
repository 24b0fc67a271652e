"""What a project says: where its model store is, and who may publish. Read as the tool reads it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any, Dict, List, NamedTuple, Optional

from ..errors import ModelwrightError
from ..formats import parse_email

PROJECT_FILE = "modelwright.json"

# Text in quotes, or a comment, or a comma before a bracket; only the first is kept.
_JSON_EXTRAS = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])', re.DOTALL)
_GIT_TIMEOUT_S = 5


class Project(NamedTuple):
    #: Absolute; that of `modelwright.json`, or None.
    folder: Optional[str]
    file: Dict[str, Any]

    @property
    def email_domains(self) -> List[str]:
        domains = self.file.get("allowedEmailDomains", [])
        return [str(domain).lower() for domain in domains] if isinstance(domains, list) else []


def find_project(folder: str) -> Project:
    """The nearest `modelwright.json` at or above a folder. Raises ModelwrightError `CONFIG_INVALID`."""
    at = os.path.abspath(folder)
    while True:
        path = os.path.join(at, PROJECT_FILE)
        if os.path.isfile(path):
            return Project(at, _parse(path))
        if os.path.dirname(at) == at:
            return Project(None, {})
        at = os.path.dirname(at)


def store_root(root: Optional[str]) -> str:
    """Argument > `MODELWRIGHT_STORE` > the project's `store` > the state folder's. Raises ModelwrightError `CONFIG_INVALID`."""
    given = root or os.environ.get("MODELWRIGHT_STORE")
    if given:
        return os.path.abspath(_require_folder_name(given))
    project = find_project(os.getcwd())
    if project.folder is not None and project.file.get("store"):
        return os.path.normpath(os.path.join(project.folder, _require_folder_name(str(project.file["store"]))))
    home = os.environ.get("MODELWRIGHT_HOME")
    if home:
        return os.path.join(os.path.abspath(home), "store")
    if project.folder is not None:
        return os.path.join(project.folder, ".modelwright", "store")
    data = os.environ.get("XDG_DATA_HOME", "")
    base = data if os.path.isabs(data) else os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(base, "modelwright", "store")


def author_email(given: Optional[str]) -> Optional[str]:
    """Argument > project > git's user.email. Raises ModelwrightError `CONFIG_INVALID` when the project does not allow it."""
    project = find_project(os.getcwd())
    email = parse_email(given if given is not None else project.file.get("authorEmail") or _git_email())
    domains = project.email_domains
    if not domains or (email is not None and any(email.lower().endswith("@" + domain) for domain in domains)):
        return email
    who = "is not known" if email is None else "%s is of none of the allowed domains" % email
    raise ModelwrightError(
        "CONFIG_INVALID", "The author's e-mail address %s." % who, "The project allows %s." % ", ".join(domains)
    )


def _parse(path: str) -> Dict[str, Any]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            value = json.loads(_JSON_EXTRAS.sub(lambda match: match.group(1) or "", file.read()))
    except (OSError, ValueError) as error:
        raise ModelwrightError("CONFIG_INVALID", "%s cannot be read: %s" % (path, error)) from error
    if not isinstance(value, dict):
        raise ModelwrightError("CONFIG_INVALID", "%s is not a JSON object." % path)
    return value


def _require_folder_name(store: str) -> str:
    if not re.match(r"[A-Za-z0-9]+://", store):
        return store
    raise ModelwrightError(
        "CONFIG_INVALID",
        "The model store %r is an address; this version keeps models in a folder." % store,
        'Give a folder, for example root="/srv/models".',
    )


def _git_email() -> Optional[str]:
    try:
        command = ["git", "config", "user.email"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_GIT_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    text = done.stdout.decode("utf-8", "replace").strip()
    return text if "@" in text else None
