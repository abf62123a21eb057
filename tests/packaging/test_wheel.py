"""The wheel holds what the program needs, and works without a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network and unpacked into a folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_templates_and_data_but_no_tests(installed):
    names = {
        path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()
    }
    for needed in (
        "builder/py.typed",
        "builder/config.schema.json",
        "builder/license/policy.json",
        "builder/_templates/base.html",
        "builder/_templates/assets/shell.js",
        "builder/_templates/new/mkdocs.yml",
        "builder/_templates/new/github/workflows/registry.yml",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "content/", "templates/"))]


def test_an_installed_wheel_makes_and_builds_a_registry(installed, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(installed)}
    for args in (["new", "shop"], ["build", "-f", "shop/mkdocs.yml", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", "builder.cli", *args],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "shop/site/assets/v1/shell.js").is_file()
    where = [sys.executable, "-c", "import builder; print(builder.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(installed))
