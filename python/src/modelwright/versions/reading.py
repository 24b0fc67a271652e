"""Reading the folder of a version: checks before anything of it is opened."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Dict, List, NamedTuple, Optional

from ..errors import ModelwrightError
from ..formats import MANIFEST_FILE, METADATA_FILE, corrupt, file_names, parse_metadata, parse_object, parse_version_path
from ..formats import sha256
from ..store.records import MANIFEST_FORMAT, require_known_format


class VersionFolder(NamedTuple):
    #: Absolute.
    folder: str
    metadata: Dict[str, Any]
    #: None for a folder that has only the classic keys.
    manifest: Optional[Dict[str, Any]]

    def path(self, name: str) -> str:
        """Absolute path of a file of the version. Raises ModelwrightError `PATH_ESCAPES_ROOT`, `FILE_NOT_FOUND`."""
        return _inside(self.folder, parse_version_path(name, os.path.join(self.folder, METADATA_FILE)))


def read_version_folder(folder: str, manifest_digest: Optional[str] = None) -> VersionFolder:
    """Reads the documents and checks every digest that there is.

    Raises ModelwrightError `FILE_NOT_FOUND`, `STORE_CORRUPT`, `PATH_ESCAPES_ROOT`, `FORMAT_TOO_NEW`.
    """
    folder = os.path.abspath(folder)
    metadata_path = os.path.join(folder, METADATA_FILE)
    metadata = parse_metadata(_read(metadata_path), metadata_path)
    manifest = _read_manifest(folder, manifest_digest)
    version = VersionFolder(folder, metadata, manifest)
    missing = [name for name in file_names(metadata) if not os.path.isfile(version.path(name))]
    if missing:
        raise ModelwrightError(
            "FILE_NOT_FOUND",
            "%s names files that are not there: %s." % (metadata_path, ", ".join(missing)),
            "Copy them into %s, or publish the model again." % folder,
        )
    if manifest is not None:
        _check_digests(version, manifest)
    return version


def _read_manifest(folder: str, digest: Optional[str]) -> Optional[Dict[str, Any]]:
    path = os.path.join(folder, MANIFEST_FILE)
    if digest is None and not os.path.exists(path):
        return None
    data = _read(path)
    if digest is not None and sha256(data) != digest:
        raise corrupt(path, "it does not have the digest that its commit records for it")
    manifest = parse_object(data, path)
    require_known_format(manifest.get("schemaVersion"), MANIFEST_FORMAT, path)
    if not isinstance(manifest.get("files"), list) or not isinstance(manifest.get("proof"), dict):
        raise corrupt(path, "it is not a manifest")
    return manifest


def _check_digests(version: VersionFolder, manifest: Dict[str, Any]) -> None:
    listed: List[str] = []
    for entry in manifest["files"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
            raise corrupt(os.path.join(version.folder, MANIFEST_FILE), "it is not a manifest")
        path = version.path(entry.get("path"))  # type: ignore[arg-type]  # Checked by `path`.
        if not os.path.isfile(path) or _digest(path) != entry["sha256"]:
            raise corrupt(path, "it does not have the digest that the manifest records for it")
        listed.append(entry["path"])
    unlisted = [name for name in file_names(version.metadata) if name not in listed]
    if unlisted:
        where = os.path.join(version.folder, METADATA_FILE)
        raise corrupt(where, "it names %s, which the manifest does not list" % ", ".join(unlisted))


def _inside(folder: str, name: str) -> str:
    root = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(root, name))
    if path.startswith(root + os.sep):
        return path
    raise ModelwrightError(
        "PATH_ESCAPES_ROOT",
        "%s leads to %s, out of the version." % (os.path.join(folder, name), path),
        "Replace the symbolic link by what it stands for.",
    )


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        hint = "A version is a folder with %s." % METADATA_FILE
        raise ModelwrightError("FILE_NOT_FOUND", "%s cannot be read: %s" % (path, error.strerror), hint) from error


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1024 * 1024), b""):
            digest.update(chunk)
    return digest.hexdigest()
