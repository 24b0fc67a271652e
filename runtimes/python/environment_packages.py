"""Prints what is installed in this interpreter's environment, and which requirements it does not meet.

Standard input: {"requirements": [{"text": "numpy==1.19.5", "isConstraint": false}, …]}, single PEP 508 requirements.
Standard output: {"packages": ["name==version", …], "unmet": ["needs …", …], "watched": ["/path", …]}; as long as
nothing in `watched` changes, the answer stays the same.
"""

import importlib
import json
import os
import re
import site
import sys

try:
    import importlib.metadata as metadata
except ImportError:
    sys.exit("Python 3.8 or newer is needed.")

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
EXTRAS = re.compile(r"\A\s*\[[^]]*\]")
PIN = re.compile(r"===?([^,;*]+)\Z")
#: Where the library that reads requirements is found. pip always brings its own copy.
PACKAGING = ("packaging", "pip._vendor.packaging", "setuptools._vendor.packaging", "setuptools.extern.packaging")


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def read_installed():
    """{canonical name: (name, version)} and the paths that would change with it."""
    installed, watched = {}, list_path_sources()
    for distribution in metadata.distributions():
        try:
            name, version = distribution.metadata["Name"], distribution.version
        except Exception:  # A half-removed package: its metadata cannot be read.
            continue
        if not name or not version:
            continue
        # The first on the path is the one that is imported.
        installed.setdefault(canonical(name), (name, version))
        folder = str(getattr(distribution, "_path", ""))
        # `setup.py develop` rewrites these in place, so that the folder around them does not change.
        if folder.endswith(".egg-info"):
            watched.append(os.path.join(folder, "PKG-INFO") if os.path.isdir(folder) else folder)
    return installed, watched


def list_path_sources():
    """Folders whose list of files changes when a package comes or goes, and the files that name further folders."""
    folders = [path for path in sys.path if path]
    # It joins the path as soon as somebody makes it.
    folders += [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    files = [os.path.join(sys.prefix, "pyvenv.cfg")]
    for folder in filter(os.path.isdir, folders):
        files += [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith((".pth", ".egg-link"))]
    return folders + files


def load_packaging():
    for name in PACKAGING:
        try:
            return importlib.import_module(name + ".requirements")
        except Exception:  # Whatever is wrong with one copy, another may do.
            continue
    return None


def find_unmet(requirement, installed, packaging):
    """A sentence, or None where the requirement is met or does not apply here."""
    text = requirement["text"]
    name, specifier, is_met = (read_with if packaging else read_pin)(text, packaging)
    if name is None:
        return specifier
    found = installed.get(canonical(name))
    if found is None:
        return None if requirement["isConstraint"] else "needs %s%s, not installed" % (name, specifier)
    return None if is_met(found[1]) else "needs %s%s, found %s" % (name, specifier, found[1])


def read_with(text, packaging):
    """(name, specifier, whether a version meets it); without a name: (None, a complaint or None, None)."""
    try:
        parsed = packaging.Requirement(text)
        if parsed.marker is not None and not parsed.marker.evaluate({"extra": ""}):
            return None, None, None
    except Exception:  # InvalidRequirement, UndefinedEnvironmentName, and their relatives of older copies.
        return None, "cannot be read: %s" % text, None
    # Somebody who asks about what is installed does not mind that it is a pre-release.
    return parsed.name, str(parsed.specifier), lambda version: parsed.specifier.contains(version, prereleases=True)


def read_pin(text, _):
    """Like read_with, for environments without any copy of packaging: knows plain pins only, and no markers."""
    if ";" in text:
        return None, None, None
    name = NAME.match(text)
    if name is None:
        return None, "cannot be read: %s" % text, None
    specifier = EXTRAS.sub("", text[name.end() :]).replace(" ", "")
    pin = PIN.match(specifier)
    # "1.0" and "1.0.0" are one version, and a pin without a local part means any ("2.1.0" is met by "2.1.0+cpu").
    return name.group(), specifier, lambda version: pin is None or plain(version) == plain(pin.group(1))


def plain(version):
    return re.sub(r"(\.0)+$", "", version.split("+")[0])


def main():
    # The folder of this script is not on the path of a model.
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
    requirements = json.load(sys.stdin.buffer)["requirements"]
    installed, watched = read_installed()
    packaging = load_packaging() if requirements else None
    unmet = [find_unmet(requirement, installed, packaging) for requirement in requirements]
    answer = {
        "packages": sorted("%s==%s" % found for found in installed.values()),
        "unmet": [sentence for sentence in unmet if sentence],
        "watched": watched,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
