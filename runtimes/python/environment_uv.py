"""Runs uv, which resolves and installs as pip does, only faster. It is told what pip would know from its settings."""

import configparser
import os
import re
import urllib.parse

from environment_events import BuildFault, say
from environment_files import write_file

#: Files of pip's settings, the later ones win: https://pip.pypa.io/en/stable/topics/configuration/
CONFIG_FILES = ("/etc/xdg/pip/pip.conf", "/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")

LINE = re.compile(r"(?P<requirement>[A-Za-z0-9][A-Za-z0-9._-]*(?:==[^\s;]+| @ \S+))(?P<hashes>(?: --hash=\S+)*)\Z")
HASH = re.compile(r"--hash[= ](\S+)")
WHEEL = re.compile(r"[^/-]+-([^/-]+)(?:-[^/-]+){3,4}\.whl\Z")
ARCHIVE = re.compile(r".+-([^-]+)\.(?:tar\.gz|tgz|zip|tar\.bz2)\Z")


class Uv:
    """uv at an absolute path, working for one interpreter."""

    def __init__(self, path, log, temporary_folder):
        self._path = path
        self._log = log
        self._temporary_folder = temporary_folder
        self._settings = read_pip_settings(os.environ)

    def resolve(self, python, requirements, is_closure):
        """The lines of a lock for a requirements text. A closure brings its hashes along, and nothing is added to it."""
        source = os.path.join(self._temporary_folder, "requirements.in")
        target = os.path.join(self._temporary_folder, "resolved.txt")
        write_file(source, requirements)
        say("resolving", package="with uv")
        hashes = ["--no-deps"] if is_closure else ["--generate-hashes"]
        plain = ["--no-header", "--no-annotate", "--quiet", "--output-file", target]
        self._run(["pip", "compile", source, "--python", python, *hashes, *plain, *_choices(self._settings)])
        with open(target, encoding="utf-8") as file:
            lines = _joined(file.read())
        known = _hashes_by_requirement(requirements) if is_closure else {}
        return sorted(_lock_line(line, known) for line in lines)

    def install(self, python, files, total):
        """Installs the packages of requirements files whose lines all have hashes."""
        say("installing", total=total)
        requirement_options = [option for file in files for option in ("--requirement", file)]
        checks = ["--require-hashes", "--no-deps"]
        self._run(["pip", "install", "--python", python, *checks, *requirement_options, *_choices(self._settings)])

    def _run(self, arguments):
        variables = dict(_variables(self._settings), UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1", NO_COLOR="1")
        command = [self._path, *arguments]
        # In a folder of its own: a uv.toml of the project says what uv does there, not what a lock means.
        exit_code = self._log.run(command, self._temporary_folder, variables=variables, cwd=self._temporary_folder)
        if exit_code != 0:
            raise BuildFault("uv", "uv ended with exit code %d." % exit_code)


def read_pip_settings(environ):
    """{"index-url": …} as pip itself would find them: variables win over files."""
    settings = {}
    files = [os.path.expanduser(path) for path in CONFIG_FILES]
    if environ.get("PIP_CONFIG_FILE"):
        files = [] if environ["PIP_CONFIG_FILE"] == os.devnull else [*files, environ["PIP_CONFIG_FILE"]]
    parser = configparser.RawConfigParser()
    try:
        parser.read(files, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        parser = configparser.RawConfigParser()
    for section in ("global", "install"):
        if parser.has_section(section):
            settings.update((name.replace("_", "-"), value) for name, value in parser.items(section))
    for name, value in environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def _is_on(settings, name):
    return settings.get(name, "").lower() in ("1", "true", "yes", "on", "y", "t")


def _choices(settings):
    """Options: what may be found."""
    # uv takes a package from the first index that has it; pip, whose lock this could be, the best of all.
    options = ["--index-strategy", "unsafe-best-match"]
    if _is_on(settings, "no-index"):
        options.append("--no-index")
    if _is_on(settings, "pre"):
        options += ["--prerelease", "allow"]
    for name in ("only-binary", "no-binary"):
        for value in settings.get(name, "").replace(",", " ").split():
            options += ["--" + name, value]
    return options


def _variables(settings):
    """Variables: where it is found. Addresses may hold passwords, which nobody should see in a list of processes."""
    pairs = {
        "UV_DEFAULT_INDEX": settings.get("index-url") or settings.get("pypi-url"),
        "UV_INDEX": settings.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": settings.get("trusted-host"),
        "UV_CONSTRAINT": settings.get("constraint"),
        "UV_HTTP_TIMEOUT": settings.get("timeout") or settings.get("default-timeout"),
        "UV_NO_CACHE": "1" if _is_on(settings, "no-cache-dir") else None,
        "SSL_CERT_FILE": settings.get("cert"),
    }
    # What was set for uv itself is what was meant.
    return {name: " ".join(value.split()) for name, value in pairs.items() if value and not os.environ.get(name)}


def _joined(text):
    """The requirements of a file, continued lines joined, without comments."""
    lines = re.sub(r"\s*\\\r?\n\s*", " ", text).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))]


def _hashes_by_requirement(text):
    """{"name==version": hashes} of a text whose lines have markers and hashes."""
    found = {}
    for line in _joined(text):
        found.setdefault(_canonical(re.split(r"\s*;\s|\s+--hash", line)[0]), HASH.findall(line))
    return found


def _canonical(requirement):
    name, separator, rest = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(==|@)?\s*(.*)", requirement).groups("")
    return "%s %s %s" % (re.sub(r"[-_.]+", "-", name).lower(), separator, rest.strip())


def _lock_line(line, known):
    match = LINE.match(line)
    requirement, hashes = (match["requirement"], HASH.findall(match["hashes"])) if match else (line, [])
    hashes = known.get(_canonical(requirement), hashes)
    if not hashes:
        raise BuildFault("unlockable", _without_credentials(requirement))
    digests = "".join(" --hash=%s" % digest for digest in sorted(hashes))
    return requirement + digests + _what_it_is(requirement)


def _what_it_is(requirement):
    """` # name==version` behind an address, which does not say it elsewhere."""
    name, separator, url = requirement.partition(" @ ")
    if not separator:
        return ""
    file = os.path.basename(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
    match = WHEEL.match(file) or ARCHIVE.match(file)
    return " # %s==%s" % (name, match.group(1)) if match else ""


def _without_credentials(text):
    return re.sub(r"(?<=://)[^/\s@]*(?::[^/\s@]*)?@", "****@", text)
