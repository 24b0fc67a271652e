"""The package as it is installed."""

import os
import subprocess
import sys
import zipfile

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, flit_core.buildapi as build; print(build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return folder / done.stdout.strip()


def test_no_folder_of_the_package_holds_more_files_than_one_sees_at_a_glance():
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        sources = [name for name in names if not name.endswith(".pyc")]
        assert len(sources) <= 12, "%s has %d files: group those of one idea." % (folder, len(sources))


def test_the_wheel_holds_types_code_of_versions_and_license(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "modelwright/py.typed" in names
    assert "modelwright/model_files/scoring.py" in names
    assert "modelwright/versions/writing.py" in names
    assert any(name.endswith("LICENSE") for name in names)


def test_fixtures_are_there_once_the_wheel_is_installed(wheel, tmp_path):
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*command, "--disable-pip-version-check", str(wheel)], check=True)
    # Installed plugins are there by themselves; naming them all the same is what other packages' suites do.
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["modelwright.testing"]\n')
    (tmp_path / "test_mine.py").write_text(
        "def test_mine(model_store, sample_model_config):\n    assert sample_model_config.save_to_model_store()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "modelwright.testing", "-p", "no:cacheprovider", "test_mine.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_importing_the_package_imports_no_library():
    program = (
        "import modelwright, sys; print(sorted(set(sys.modules) & {'numpy', 'scipy', 'pandas', 'sklearn', 'xgboost'}))"
    )
    environment = {**os.environ, "PYTHONPATH": os.path.join(ROOT, "src")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_code_needs_no_newer_python_than_it_says():
    """Parsed as Python 3.8 would."""
    import ast

    for at, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(at, name)
                ast.parse(open(path, encoding="utf-8").read(), filename=path, feature_version=(3, 8))
