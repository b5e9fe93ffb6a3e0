"""The arrows of the house, read from the source: app.py → dashboard → core, and never back."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAINING = {"tensorflow", "keras"}
SCREEN = {"streamlit", "plotly", "starlette"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def found(folder: str) -> dict[str, Path]:
    return {module_of(path): path for path in sorted((ROOT / folder).rglob("*.py"))}


CORE, DASHBOARD = found("core"), found("dashboard")
MODULES = {"app": ROOT / "app.py", **CORE, **DASHBOARD}


def imported(tree: ast.AST, package: str, lazy: bool = True) -> Iterator[str]:
    """Every module that a tree imports; without `lazy`, only those loaded as soon as it is."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif lazy or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported(node, package, lazy)


def imports(module: str, lazy: bool = True) -> set[str]:
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return set(imported(ast.parse(path.read_text("utf-8")), package, lazy))


def tops(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def loaded_with(start: set[str]) -> set[str]:
    """All that is loaded when the modules in `start` are: packages, and what each one imports."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        module = ahead.pop()
        if module not in seen:
            seen.add(module)
            package = module.rpartition(".")[0]
            ahead += [package] if package else []
            ahead += imports(module, lazy=False) if module in MODULES else []
    return seen


@pytest.mark.parametrize("module", CORE)
def test_core_knows_no_screen(module):
    assert not tops(imports(module)) & (SCREEN | {"dashboard", "app", "tests"})


# What each package of `core` may import beside itself.
ABOVE = {
    "experiment": set(),
    "engine": {"experiment"},
    "analysis": {"experiment"},
    "service": {"experiment", "engine", "analysis"},
    "export": {"experiment", "engine", "analysis", "service"},
    "cli": {"experiment", "engine", "analysis", "service", "export"},
}


@pytest.mark.parametrize("module", [module for module in CORE if module.count(".") > 1])
def test_packages_of_core_import_only_those_below_them(module):
    package = module.split(".")[1]
    packages = {name.split(".")[1] for name in imports(module) if name.startswith("core.")}
    assert packages & ABOVE.keys() <= ABOVE[package] | {package}


def test_every_package_of_core_has_its_place():
    assert {module.split(".")[1] for module in CORE if module.count(".") > 1} == ABOVE.keys()


# What each of these packages of `dashboard` may import beside itself; the pages, what they are made
# of, and all other modules at the top may import them all.
BELOW_THE_PAGES = {
    "text": set(),
    "failure": {"text"},  # a module
    "guard": {"text"},
    "settings": {"text"},
    "lines": {"settings", "text"},
    "components": {"lines", "settings", "guard", "failure", "text"},
}


def parts_of_dashboard(names: set[str]) -> set[str]:
    """The packages and top modules of `dashboard` among these; "" for `dashboard` itself."""
    inside = [name.split(".") for name in names if name.partition(".")[0] == "dashboard"]
    return {[*parts, ""][1] for parts in inside} - {""}


@pytest.mark.parametrize(
    "module", [module for module in DASHBOARD if (module + ".").split(".")[1] in BELOW_THE_PAGES]
)
def test_packages_of_the_dashboard_import_only_those_below_them(module):
    package = module.split(".")[1]
    assert parts_of_dashboard(imports(module)) <= BELOW_THE_PAGES[package] | {package}


def test_every_package_of_the_dashboard_has_its_place():
    packages = {module.split(".")[1] for module in DASHBOARD if module.count(".") > 1}
    pages = {"pages", "claims", "first_visit", "numbers"}
    assert packages == BELOW_THE_PAGES.keys() - {"failure"} | pages


@pytest.mark.parametrize("module", MODULES)
def test_only_the_engine_names_tensorflow_or_keras(module):
    if not module.startswith("core.engine."):
        assert not tops(imports(module)) & TRAINING


@pytest.mark.parametrize("module", DASHBOARD)
def test_the_dashboard_knows_neither_the_engine_nor_the_worker_nor_the_app(module):
    names = imports(module)
    assert not tops(names) & {"app", "tests"}
    assert not [name for name in names if name.startswith(("core.engine", "core.service.worker"))]


def test_what_draws_the_page_never_loads_tensorflow():
    loaded = loaded_with({"app", *DASHBOARD})
    assert "core.service" in loaded
    assert not tops(loaded) & TRAINING


def test_the_engine_is_where_tensorflow_is_loaded():
    engines = {module for module in CORE if module.startswith("core.engine.")}
    assert not TRAINING - tops(loaded_with(engines))


def test_importing_the_app_loads_neither_tensorflow_nor_keras():
    program = f"import sys, app; print(sorted({TRAINING} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_imports_are_read_wherever_they_stand():
    source = "import a.b\nfrom .c import d\ndef f():\n    from e import g\nif x:\n    import h"
    tree = ast.parse(source)
    assert set(imported(tree, "p.q")) == {"a.b", "p.q.c", "p.q.c.d", "e", "e.g", "h"}
    assert set(imported(tree, "p.q", lazy=False)) == {"a.b", "p.q.c", "p.q.c.d", "h"}
