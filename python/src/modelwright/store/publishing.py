"""Publishing a version: claim, files, manifest, metadata, commit, each created once and never changed.

Only the commit makes the version exist, so a process that is killed anywhere leaves a whole version or none.
"""

from __future__ import annotations

import datetime
import os
import secrets
import socket
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from ..errors import ModelwrightError
from ..formats import MANIFEST_FILE, METADATA_FILE, sha256, version_label
from .objects import Body, LocalObjects, Unsynced
from .reading import committed, find_legacy, read_alias, read_commit, taken_labels
from .records import claim_key, commit_key, seal_record, version_prefix


#: From weak to strong.
_PROOF_LEVELS = ("digests", "predictions", "metrics")


class Documents(NamedTuple):
    """What a version says about itself under one label."""

    manifest: bytes
    metadata: bytes
    #: The commit record without digests, time and nonce.
    summary: Dict[str, Any]


class Publication(NamedTuple):
    model: str
    #: None: a timestamp that nobody has.
    label: Optional[str]
    #: Path in the version → absolute path of the file.
    files: Dict[str, str]
    content_digest: str
    #: `metrics`, `predictions` or `digests`: what holds the same with a weaker proof is another version.
    proof_level: str
    #: Pure: label and time of creation → documents.
    describe: Callable[[str, str], Documents]


class Published(NamedTuple):
    model: str
    version: str
    #: False: the same thing was published before, as this version, and nothing was written.
    created: bool


def publish(objects: LocalObjects, publication: Publication, now: datetime.datetime) -> Published:
    """Raises ModelwrightError `VERSION_EXISTS`, `VERSION_CLAIMED`, `VERSION_ABANDONED`, `ALIAS_EXISTS`, `STORE_UNAVAILABLE`."""
    try:
        return _publish(objects, publication, now)
    except OSError as error:
        raise ModelwrightError(
            "STORE_UNAVAILABLE", "The store at %s cannot be written: %s" % (objects.root, error), "Check the folder."
        ) from error


def _publish(objects: LocalObjects, publication: Publication, now: datetime.datetime) -> Published:
    existing = _find_published(objects, publication)
    if existing is not None:
        return Published(publication.model, existing, False)
    claimed = _claim(objects, publication, now)
    if claimed is None:
        label = str(publication.label)
        raise ModelwrightError(
            "VERSION_CLAIMED",
            "The label %s of %s was claimed by another publication, which has not finished."
            % (label, publication.model),
            "Wait for it, or choose another label.",
        )
    try:
        claimed.write()
        return claimed.commit()
    except BaseException:
        claimed.withdraw()
        raise


def _find_published(objects: LocalObjects, publication: Publication) -> Optional[str]:
    model, label = publication.model, publication.label
    if label is None:
        for version, size in committed(objects, model).items():
            commit = read_commit(objects, model, version) if size > 0 else None
            if commit and _holds(commit, publication):
                return version
        return None
    commit = read_commit(objects, model, label)
    if commit == {}:
        raise ModelwrightError(
            "VERSION_ABANDONED",
            "The label %s of %s belongs to a publication that was given up." % (label, model),
            "Such a label is never used again. Choose another one.",
        )
    if commit and _holds(commit, publication):
        return label
    if commit or find_legacy(objects, model, label) is not None:
        raise _exists(model, label)
    return None


def _holds(commit: Dict[str, Any], publication: Publication) -> bool:
    levels = (commit["proofLevel"], publication.proof_level)
    is_proven = all(level in _PROOF_LEVELS for level in levels) and (
        _PROOF_LEVELS.index(levels[0]) >= _PROOF_LEVELS.index(levels[1])
    )
    return is_proven and bool(commit["contentDigest"] == publication.content_digest)


def _exists(model: str, label: str) -> ModelwrightError:
    return ModelwrightError(
        "VERSION_EXISTS",
        "%s@%s exists already, with other content." % (model, label),
        "A version never changes. Choose another label, or leave it out to get a timestamp.",
    )


class _Stamp(NamedTuple):
    label: str
    created_at: str


class _Claimed:
    """A label that is ours, and what was written under it."""

    def __init__(self, objects: LocalObjects, publication: Publication, stamp: _Stamp) -> None:
        self._objects = objects
        self._publication = publication
        self._label, self._created_at = stamp
        self._nonce = secrets.token_hex(16)
        self._documents = publication.describe(*stamp)
        self._created: List[str] = []
        self._is_certain = True

    def take(self) -> bool:
        claim = {
            "publisher": "%s:%d" % (socket.gethostname(), os.getpid()),
            "nonce": self._nonce,
            "manifestDigest": sha256(self._documents.manifest),
            "createdAt": self._created_at,
        }
        return self._create(claim_key(self._publication.model, self._label), seal_record(claim))

    def write(self) -> None:
        model, label = self._publication.model, self._label
        # After the claim: whoever sets an alias of this name from now on sees the claim.
        if read_alias(self._objects, model, label) is not None:
            hint = "Choose another label, or remove the alias."
            raise ModelwrightError("ALIAS_EXISTS", "%s is an alias of %s." % (label, model), hint)
        prefix = version_prefix(model, label)
        for path, source in sorted(self._publication.files.items()):
            self._write(prefix + path, source)
        self._write(prefix + MANIFEST_FILE, self._documents.manifest)
        # Last: older tools take it for the sign that a version is there.
        self._write(prefix + METADATA_FILE, self._documents.metadata)

    def commit(self) -> Published:
        model, label = self._publication.model, self._label
        key = commit_key(model, label)
        record = {
            "manifestDigest": sha256(self._documents.manifest),
            "contentDigest": self._publication.content_digest,
            "createdAt": self._created_at,
            "nonce": self._nonce,
        }
        if self._create(key, seal_record(dict(record, **self._documents.summary))):
            return Published(model, label, True)
        if self._objects.read(key):
            # Somebody else's version stands under our label: its files may be those that we wrote.
            self._created = []
            raise _exists(model, label)
        # The claim stays: such a label is never used again.
        self._created = [created for created in self._created if created != claim_key(model, label)]
        raise ModelwrightError(
            "PUBLICATION_ABANDONED",
            "The collector gave up the publication of %s@%s before it was finished." % (model, label),
            "Publish again.",
        )

    def withdraw(self) -> None:
        """Takes back what was written, the claim last, so that no reader ever meets files without it.

        Leaves everything to the collector when it is not certain what stands.
        """
        if not self._is_certain:
            return
        for key in reversed(self._created):
            self._objects.delete(key)
        self._created = []

    def _write(self, key: str, body: Body) -> None:
        if self._create(key, body):
            return
        raise ModelwrightError(
            "VERSION_EXISTS",
            "The store already holds another file as %s, though nothing was published under that label." % key,
            "Choose another label, or see who writes into the store besides this package.",
        )

    def _create(self, key: str, body: Body) -> bool:
        try:
            is_created = self._objects.create(key, body)
        except Unsynced:
            self._is_certain = False
            raise
        if is_created:
            self._created.append(key)
        return is_created


def _claim(objects: LocalObjects, publication: Publication, now: datetime.datetime) -> Optional[_Claimed]:
    created_at = now.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if publication.label is not None:
        claimed = _Claimed(objects, publication, _Stamp(publication.label, created_at))
        return claimed if claimed.take() else None
    taken = taken_labels(objects, publication.model)
    at = now
    while True:
        label = version_label(at)
        at += datetime.timedelta(seconds=1)
        if label in taken:
            continue
        claimed = _Claimed(objects, publication, _Stamp(label, created_at))
        if claimed.take():
            return claimed
