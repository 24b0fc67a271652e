"""Finding versions in a store, as the tool finds them: committed ones, and those of older tools."""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Optional, Set

from ..errors import ModelwrightError
from ..formats import METADATA_FILE, is_name, parse_name
from .objects import LocalObjects
from .records import RESERVED_FOLDERS, claim_key, commit_key, is_alias_entry, open_record, version_prefix


class StoredVersion(NamedTuple):
    model: str
    version: str
    #: Absolute.
    folder: str
    #: sha256 of the manifest; None for a version of an older tool.
    manifest_digest: Optional[str]


def resolve_version(objects: LocalObjects, reference: str) -> StoredVersion:
    """`name`, `name@version` or `name@alias`. Raises ModelwrightError `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `NAME_INVALID`."""
    model, at, selector = reference.partition("@")
    model = parse_name(model, "model")
    if at:
        selector = parse_name(selector, "version")
        found = _labelled(objects, model, selector) or _aliased(objects, model, selector)
    else:
        found = _newest(objects, model)
    if found is not None:
        return found
    versions = sorted(committed(objects, model)) + sorted(legacy_labels(objects, model))
    if not versions:
        hint = "Publish the model first, or name another store with root=…"
        raise ModelwrightError("MODEL_NOT_FOUND", "The store at %s has no model %r." % (objects.root, model), hint)
    raise ModelwrightError(
        "VERSION_NOT_FOUND",
        "The model %s in the store at %s has no version or alias %r." % (model, objects.root, selector),
        "It has %s." % ", ".join(versions[-5:]),
    )


def committed(objects: LocalObjects, model: str) -> Dict[str, int]:
    """Labels with a commit, and its size in bytes: 0 marks a publication that was given up."""
    names = [name for name in objects.files("models/%s/commits/" % model) if name.endswith(".json")]
    labels = [name[: -len(".json")] for name in names if is_name(name[: -len(".json")])]
    return {label: os.path.getsize(objects.path_of(commit_key(model, label))) for label in labels}


def read_commit(objects: LocalObjects, model: str, version: str) -> Optional[Dict[str, Any]]:
    """The commit record; None when there is none; empty when the publication was given up."""
    key = commit_key(model, version)
    data = objects.read(key)
    if data is None:
        return None
    return open_record(data, key) if data else {}


def find_legacy(objects: LocalObjects, model: str, version: str) -> Optional[str]:
    """The key of the folder of a version that an older tool stored; the label has no commit."""
    if objects.read(claim_key(model, version)) is not None:
        return None
    for place in _legacy_places(model):
        prefix = "%s%s/" % (place, version)
        if _is_legacy_label(place, model, version) and objects.read(prefix + METADATA_FILE) is not None:
            return prefix
    return None


def legacy_labels(objects: LocalObjects, model: str) -> Set[str]:
    labels = {
        label
        for place in _legacy_places(model)
        for label in objects.folders(place)
        if _is_legacy_label(place, model, label)
    }
    done = committed(objects, model)
    return {label for label in labels if label not in done and find_legacy(objects, model, label) is not None}


def taken_labels(objects: LocalObjects, model: str) -> Set[str]:
    """Labels that an automatic one must not be."""
    taken = set(objects.files("models/%s/claims/" % model)) | set(committed(objects, model))
    for place in _legacy_places(model):
        taken.update(objects.folders(place))
    return taken | set(objects.folders("models/%s/aliases/" % model))


def read_alias(objects: LocalObjects, model: str, alias: str) -> Optional[str]:
    """The version that an alias points to. Numbers count down in the names: the first one is the latest move."""
    folder = "models/%s/aliases/%s/" % (model, alias)
    entries: List[str] = [name for name in objects.files(folder) if is_alias_entry(name)]
    if not entries:
        return None
    data = objects.read(folder + entries[0])
    version = None if data is None else open_record(data, folder + entries[0]).get("version")
    return version if isinstance(version, str) else None


def _labelled(objects: LocalObjects, model: str, version: str) -> Optional[StoredVersion]:
    commit = read_commit(objects, model, version)
    if commit:
        folder = objects.path_of(version_prefix(model, version))
        return StoredVersion(model, version, folder, commit["manifestDigest"])
    legacy = find_legacy(objects, model, version) if commit is None else None
    return None if legacy is None else StoredVersion(model, version, objects.path_of(legacy), None)


def _aliased(objects: LocalObjects, model: str, alias: str) -> Optional[StoredVersion]:
    version = read_alias(objects, model, alias)
    return None if version is None else _labelled(objects, model, version)


def _newest(objects: LocalObjects, model: str) -> Optional[StoredVersion]:
    """By time of creation; those of older tools, which have no time, come last."""
    commits = {
        label: read_commit(objects, model, label) for label, size in committed(objects, model).items() if size > 0
    }
    times = {label: commit["createdAt"] for label, commit in commits.items() if commit}
    newest = max(times, key=lambda label: (times[label], label)) if times else None
    if newest is None:
        newest = max(legacy_labels(objects, model), default=None)
    return None if newest is None else _labelled(objects, model, newest)


def _legacy_places(model: str) -> List[str]:
    return ["models/%s/versions/" % model, "models/%s/" % model, "%s/" % model]


def _is_legacy_label(place: str, model: str, label: str) -> bool:
    if place == "models/%s/" % model and label in RESERVED_FOLDERS:
        return False
    return place != "models/" and is_name(label)
