"""The requirements name what the code imports, each package once, at one version, by its hashes."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.test_imports import MODULES, ROOT, imports, tops

FOLDER = ROOT / "requirements"
OURS = {"app", "core", "dashboard"}
PACKAGES = {"sklearn": "scikit-learn"}  # modules that are not called as their package is
NOT_IMPORTED = {
    "plotly"
}  # the browser's plotly.js is taken from it: dashboard/components/live/assets.py
TENSORFLOW = (ROOT / "requirements.txt", FOLDER / "cpu.txt", FOLDER / "gpu.txt")


def pins(file: Path) -> dict[str, str]:
    """The version of each package that a file of requirements names; extras are left out."""
    lines = [line.partition(";")[0].strip() for line in file.read_text("utf-8").splitlines()]
    named = (line.split("==") for line in lines if line and not line.startswith(("#", "-")))
    return {name.partition("[")[0].lower(): version for name, version in named}


def locked(kind: str) -> list[str]:
    """The lines of what the container installs, each with all its hashes."""
    text = (FOLDER / f"{kind}.lock").read_text("utf-8").replace(" \\\n", " ")
    return [line for line in text.splitlines() if not line.startswith("#")]


def locked_pins(kind: str) -> dict[str, str]:
    """The versions that a Linux container installs; what another system alone takes is left out."""
    lines = [line for line in locked(kind) if "sys_platform == 'win32'" not in line]
    return dict(line.split()[0].split("==") for line in lines)


def by_the_book(pins: dict[str, str]) -> dict[str, str]:
    """Pins by the names that all of a package's spellings come to (PEP 503)."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}


def third_party(module: str) -> set[str]:
    names = tops(imports(module)) - OURS - sys.stdlib_module_names
    return {PACKAGES.get(name, name) for name in names}


@pytest.mark.parametrize("module", MODULES)
def test_every_import_stands_in_the_requirements(module):
    assert third_party(module) <= pins(FOLDER / "base.txt").keys() | {"tensorflow"}


def test_tensorflow_stands_where_its_kind_is_chosen():
    versions = {version for file in TENSORFLOW for version in pins(file).values()}
    assert all(any(name.startswith("tensorflow") for name in pins(file)) for file in TENSORFLOW)
    assert len(versions) == 1


def test_nothing_is_required_that_nothing_imports():
    imported = set().union(*map(third_party, MODULES))
    assert pins(FOLDER / "base.txt").keys() - imported == NOT_IMPORTED


def test_no_package_has_two_versions():
    files = [FOLDER / name for name in ("base.txt", "constraints.txt", "dev.txt")]
    counts = Counter(name for file in files for name in pins(file))
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("kind", ["cpu", "gpu"])
def test_the_container_installs_what_is_required_in_its_version(kind):
    """`scripts/lock` writes it anew."""
    required = pins(FOLDER / "base.txt") | pins(FOLDER / f"{kind}.txt")
    known = by_the_book(dict(pin for file in FOLDER.glob("*.txt") for pin in pins(file).items()))
    installed = locked_pins(kind)
    assert by_the_book(required).keys() <= installed.keys()
    assert {name: known.get(name) for name in installed} == installed


@pytest.mark.parametrize("kind", ["cpu", "gpu"])
def test_the_container_installs_nothing_without_a_hash_and_from_no_named_place(kind):
    for line in locked(kind):
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", line), line
        assert "://" not in line


def test_what_checks_the_scripts_comes_by_hash_and_from_no_named_place():
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    fetched = {path: package for path, package in packages.items() if path}
    assert {path: fetched[f"node_modules/{path}"]["version"] for path in asked} == asked
    assert not [path for path, one in fetched.items() if "integrity" not in one]
    assert not [path for path, one in fetched.items() if "resolved" in one]
