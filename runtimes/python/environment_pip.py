"""Runs pip: a recent one in a virtual environment of its own, so that models' environments hold nothing but their packages."""

import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import venv

from environment_events import BuildFault, say
from environment_files import one_builder, remove_folder, write_file
from environment_lifetime import end_program

#: The first that reports what it would install (22.2) and installs into another environment (22.3).
OLDEST_PIP = (22, 3)

CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*(?::[^/\s@]*)?@")


#: What pip prints when it begins with a package: a requirement, or the path of a file.
GATHERING = re.compile(r"\s*(?:Collecting|Processing) ([^\s@]+)")


def gathered_package(line):
    """The package that pip begins with, where a line that it printed says so, else None."""
    match = GATHERING.match(line)
    return match and os.path.basename(match.group(1))


class ProgramLog:
    """A file with everything that the programs of one build print."""

    def __init__(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._file = open(path, "w", encoding="utf-8", errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def run(self, command, temporary_folder, on_line=None, variables=None, cwd=None):
        """Runs a program to its end and returns its exit code. `on_line` sees every line that it prints.

        `variables` come on top of those of this process.
        """
        self._write("$ %s\n" % CREDENTIALS.sub("****@", " ".join(command)))
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, TMPDIR=temporary_folder, **(variables or {})),
            cwd=cwd,
            encoding="utf-8",
            errors="replace",
        )
        try:
            for line in process.stdout:
                line = CREDENTIALS.sub("****@", line)
                self._write(line)
                if on_line is not None:
                    on_line(line)
            return process.wait()
        except BaseException:
            end_program(process)
            raise

    def _write(self, line):
        self._file.write(line)
        self._file.flush()


class Pip:
    """The pip of one interpreter. `folder` is made when it is absent."""

    def __init__(self, folder, log, temporary_folder):
        self._log = log
        self._temporary_folder = temporary_folder
        self._python = os.path.join(folder, "bin", "python")
        if not self._is_ready(folder):
            with one_builder(folder + ".lock"):
                if not self._is_ready(folder):
                    self._make(folder)

    def run(self, arguments, on_line=None):
        """Runs pip. Raises BuildFault "pip" unless it ends well."""
        command = [self._python, "-I", "-m", "pip", *arguments]
        exit_code = self._log.run(command, self._temporary_folder, on_line)
        if exit_code != 0:
            raise BuildFault("pip", "pip ended with exit code %d." % exit_code)

    def _is_ready(self, folder):
        # The link leads nowhere once the interpreter that it was made from is gone.
        return os.path.exists(os.path.join(folder, "ready")) and os.access(self._python, os.X_OK)

    def _make(self, folder):
        say("preparing-pip")
        remove_folder(folder)
        try:
            venv.EnvBuilder(symlinks=True).create(folder)
            self._install_pip(folder)
            write_file(os.path.join(folder, "ready"), "")
        except BaseException:
            with contextlib.suppress(OSError):
                remove_folder(folder)
            raise

    def _install_pip(self, folder):
        wanted = "pip>=%d.%d" % OLDEST_PIP
        # Debian leaves ensurepip out of its Python unless python3-venv is there.
        if importlib.util.find_spec("ensurepip") is not None:
            self._require([self._python, "-I", "-m", "ensurepip", "--default-pip"])
            if self._version() < OLDEST_PIP:
                self.run(["install", "--upgrade", wanted])
        elif importlib.util.find_spec("pip") is not None:
            packages = sysconfig.get_path("purelib", "posix_prefix", {"base": folder, "platbase": folder})
            self._require([sys.executable, "-I", "-m", "pip", "install", "--target", packages, wanted])
        else:
            raise BuildFault("no-pip", "%s has neither pip nor ensurepip." % sys.executable)

    def _require(self, command):
        exit_code = self._log.run(command, self._temporary_folder)
        if exit_code != 0:
            raise BuildFault("pip", "%s ended with exit code %d." % (command[3], exit_code))

    def _version(self):
        program = "import pip; print(pip.__version__)"
        text = subprocess.run([self._python, "-I", "-c", program], stdout=subprocess.PIPE, check=True).stdout
        return tuple(int(number) for number in re.findall(rb"\d+", text)[:2])
