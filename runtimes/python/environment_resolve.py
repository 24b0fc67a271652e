"""Resolves requirements to a lock: one `name==version --hash=…` line for every package of the whole closure
(`name @ url --hash=… # name==version` for what the requirements name by its address).

Request: {"requirements": text of a requirements file, "lockFile": path, "header": first lines of the lock,
"isRefresh": make it anew although it is there, "isClosure": the requirements name all that is to be installed,
"uv": its path or null for pip, "pipFolder", "logFile"}. Afterwards `lockFile` is there.
"""

import hashlib
import json
import os
import sys
import urllib.parse
import urllib.request

from environment_events import BuildFault, say
from environment_files import one_builder, work_folder, write_file
from environment_pip import Pip, ProgramLog, gathered_package
from environment_uv import Uv

#: What `--require-hashes` takes, the usual one first.
STRONG_HASHES = ("sha256", "sha384", "sha512")


def resolve(request):
    lock_file = request["lockFile"]
    stem = os.path.splitext(lock_file)[0]
    with one_builder(stem + ".lock"):
        # Somebody else has resolved the same requirements while this process waited.
        if os.path.exists(lock_file) and not request["isRefresh"]:
            return
        with work_folder(stem + ".tmp") as folder, ProgramLog(request["logFile"]) as log:
            lines = (_resolve_with_uv if request["uv"] else _resolve_with_pip)(request, log, folder)
        write_file(lock_file, request["header"] + "".join(line + "\n" for line in lines))


def _resolve_with_uv(request, log, folder):
    return Uv(request["uv"], log, folder).resolve(sys.executable, request["requirements"], request["isClosure"])


def _resolve_with_pip(request, log, folder):
    pip = Pip(request["pipFolder"], log, folder)
    items = _ask_pip(pip, folder, request)
    _refuse_unlockable(items)
    return sorted(_lock_line(item, pip, folder) for item in items)


def _ask_pip(pip, folder, request):
    """What pip would install into an empty environment: the items of its installation report.

    https://pip.pypa.io/en/stable/reference/installation-report/
    """
    requirements_file = os.path.join(folder, "requirements.txt")
    report_file = os.path.join(folder, "report.json")
    write_file(requirements_file, request["requirements"])
    options = ["--no-deps"] if request["isClosure"] else []
    what = ["--report", report_file, "--requirement", requirements_file]
    pip.run(["install", "--dry-run", "--ignore-installed", *options, *what], on_line=_tell_collecting)
    with open(report_file, encoding="utf-8") as file:
        return json.load(file)["install"]


def _tell_collecting(line):
    package = gathered_package(line)
    if package:
        say("resolving", package=package)


def _refuse_unlockable(items):
    sources = [_describe_source(item) for item in items if "archive_info" not in item["download_info"]]
    if sources:
        raise BuildFault("unlockable", ", ".join(sources))


def _describe_source(item):
    url = urllib.parse.urlsplit(item["download_info"]["url"])
    place = url.path if url.scheme == "file" else url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
    return "%s (%s)" % (item["metadata"]["name"], place)


def _lock_line(item, pip, folder):
    name, version, url = item["metadata"]["name"], item["metadata"]["version"], item["download_info"]["url"]
    digest = _hash_of(item, pip, folder)
    if item.get("is_direct"):
        return "%s @ %s --hash=%s # %s==%s" % (name, url, digest, name, version)
    return "%s==%s --hash=%s" % (name, version, digest)


def _hash_of(item, pip, folder):
    archive, url = item["download_info"]["archive_info"], item["download_info"]["url"]
    algorithm, _, value = archive.get("hash", "").partition("=")
    hashes = dict(archive.get("hashes") or {algorithm: value})
    for algorithm in STRONG_HASHES:
        if hashes.get(algorithm):
            return "%s:%s" % (algorithm, hashes[algorithm])
    # An index that tells only MD5, or a wheel that an old pip once built and kept.
    if not url.startswith("file:"):
        return _digest_file(_download(item, pip, folder))
    return _digest_file(urllib.request.url2pathname(urllib.parse.urlsplit(url).path))


def _download(item, pip, folder):
    target = os.path.join(folder, "download-%s" % item["metadata"]["name"])
    pip.run(["download", "--no-deps", "--dest", target, item["download_info"]["url"]])
    return os.path.join(target, os.listdir(target)[0])


def _digest_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return "sha256:%s" % digest.hexdigest()
