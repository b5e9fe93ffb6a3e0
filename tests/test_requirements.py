"""The requirements name what the code imports, each package once and at one version."""

from __future__ import annotations

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
EXTRAS = {"core.service.cluster": "dask.txt"}  # what a file of its own brings, where it is wanted
TENSORFLOW = (ROOT / "requirements.txt", FOLDER / "cpu.txt", FOLDER / "gpu.txt")


def pins(file: Path) -> dict[str, str]:
    """The version of each package that a file of requirements names; extras are left out."""
    lines = [line.partition(";")[0].strip() for line in file.read_text("utf-8").splitlines()]
    named = (line.split("==") for line in lines if line and not line.startswith(("#", "-")))
    return {name.partition("[")[0].lower(): version for name, version in named}


def third_party(module: str) -> set[str]:
    names = tops(imports(module)) - OURS - sys.stdlib_module_names
    return {PACKAGES.get(name, name) for name in names}


@pytest.mark.parametrize("module", MODULES)
def test_every_import_stands_in_the_requirements(module):
    extra = pins(FOLDER / EXTRAS[module]).keys() if module in EXTRAS else set()
    assert third_party(module) <= pins(FOLDER / "base.txt").keys() | {"tensorflow"} | extra


def test_tensorflow_stands_where_its_kind_is_chosen():
    versions = {version for file in TENSORFLOW for version in pins(file).values()}
    assert all(any(name.startswith("tensorflow") for name in pins(file)) for file in TENSORFLOW)
    assert len(versions) == 1


def test_nothing_is_required_that_nothing_imports():
    imported = set().union(*(third_party(one) for one in MODULES if one not in EXTRAS))
    assert pins(FOLDER / "base.txt").keys() - imported == NOT_IMPORTED


def test_no_package_has_two_versions():
    files = [FOLDER / name for name in ("base.txt", "constraints.txt", "dev.txt")]
    counts = Counter(name for file in files for name in pins(file))
    assert [name for name, count in counts.items() if count > 1] == []
