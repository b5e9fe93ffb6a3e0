"""The plan of the house in CONTRIBUTING.md, against the house."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = re.compile(r"[\w.]+(?:\.py|\.txt|\.sh|\.toml|\.yaml)\b|[\w.]+(?:/\w+)*/(?!\S)")


def plan() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return text.partition("```\n")[2].partition("```")[0]


def named() -> set[Path]:
    """Every file and folder that the plan names; indented lines lie in the folder above them."""
    found, folder = set(), ROOT
    for line in plan().splitlines():
        names = NAME.findall(line)
        if not line.startswith(" "):
            found |= {ROOT / name for name in line.partition("   ")[0].split()}
            folder = ROOT / names[0] if line.startswith(("core/", "dashboard/")) else ROOT
        else:
            found |= {folder / name for name in names if name not in ("en/", "zh/")}
    return found


def test_everything_in_the_plan_is_there():
    assert not [str(path) for path in named() if not path.exists()]


def test_every_module_and_folder_of_the_house_is_in_the_plan():
    for top in ("core", "dashboard"):
        inside = {path for path in (ROOT / top).iterdir() if path.suffix == ".py" or path.is_dir()}
        inside = {path for path in inside if not path.name.startswith("__")}
        assert not [str(path) for path in inside - named()]
