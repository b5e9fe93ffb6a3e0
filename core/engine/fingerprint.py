"""What else a run's figures depend on beside its experiment, as one word; no TensorFlow.

Two runs of one experiment are the same to the last digit where these agree: the code that draws
and trains, as it is and not as it is explained; the libraries that compute; the kind of processor.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.engine.machine import gpus

CORE = Path(__file__).parents[1]
# Files of each package that change no figure, whatever is written in them. What a text is read as
# stands in the experiment, and so in its key.
ASIDE = {
    "engine": {"__init__", "fingerprint", "lean", "looking", "machine"},
    "experiment": {
        *("__init__", "limits", "records", "settings"),
        *("field_types", "notes", "numbers", "refusals"),
    },
}
LIBRARIES = (("tensorflow", "tensorflow-cpu"), ("keras",), ("numpy",), ("scikit-learn",))
LENGTH = 16  # hexadecimal digits
GPU = "gpu"


@cache
def fingerprint(device: str) -> str:
    """Of the engines on a class of device.

    >>> len(fingerprint("cpu-x86_64")), fingerprint("cpu-x86_64") == fingerprint("gpu")
    (16, False)
    """
    trees = [tree(path.read_text("utf-8")) for path in sources()]
    libraries = [f"{names[0]} {version_of(names)}" for names in LIBRARIES]
    parts = "\0".join([device, *libraries, *trees])
    return hashlib.sha256(parts.encode()).hexdigest()[:LENGTH]


def device_class(on_gpu: bool | None = None) -> str:
    """What trains on this machine: where nobody knows yet, a GPU if there is one in sight.

    >>> device_class(on_gpu=True)
    'gpu'
    """
    present = gpus() > 0 if on_gpu is None else on_gpu
    return GPU if present else f"cpu-{platform.machine()}"


def sources() -> list[Path]:
    """The files whose code matters, in order."""
    return [
        path
        for package, aside in ASIDE.items()
        for path in sorted((CORE / package).glob("*.py"))
        if path.stem not in aside
    ]


def tree(source: str) -> str:
    """A module's syntax tree as text: without comments, docstrings and where things stand.

    >>> tree("def f(x):\\n    'Twice.'\\n    return 2 * x") == tree("def f(x): return 2*x  # twice")
    True
    """
    module = ast.parse(source)
    for node in ast.walk(module):
        if isinstance(body := getattr(node, "body", None), list):
            node.body = list(without_texts(body))  # type: ignore[attr-defined]
    return ast.dump(module)


def without_texts(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    for one in body:
        text = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
        if not text:
            yield one


def version_of(names: Iterable[str]) -> str:
    """The version of a library, by the first of its distributions that there is."""
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "none"
