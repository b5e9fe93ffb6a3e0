"""The fingerprint of the engine: other figures, another word; other words, the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.engine.fingerprint import (
    ASIDE,
    CORE,
    device_class,
    fingerprint,
    sources,
    tree,
    version_of,
)

SOURCE = '''
"""What it is."""

RATE = 0.1  # per update


class Rule:
    """How."""

    def step(self, gradient):
        """One."""
        return -RATE * gradient
'''


@pytest.mark.parametrize(
    "other",
    [
        SOURCE.replace("# per update", "# an update"),
        SOURCE.replace("What it is.", "What it was."),
        SOURCE.replace('        """One."""\n', ""),
        SOURCE.replace("-RATE * gradient", "(-RATE*gradient)"),
        "\n\n" + SOURCE,
    ],
)
def test_what_explains_changes_nothing(other):
    assert other != SOURCE
    assert tree(other) == tree(SOURCE)


@pytest.mark.parametrize(
    "other",
    [
        SOURCE.replace("0.1", "0.2"),
        SOURCE.replace("-RATE", "RATE"),
        SOURCE.replace("step", "stride"),
        SOURCE + "\nRATE = 0.3\n",
    ],
)
def test_what_computes_changes_it(other):
    assert tree(other) != tree(SOURCE)


def test_every_file_that_is_set_aside_is_there():
    for package, names in ASIDE.items():
        assert names <= {path.stem for path in (CORE / package).glob("*.py")}


def test_what_draws_and_what_trains_is_looked_at():
    names = {str(path.relative_to(CORE).with_suffix("")) for path in sources()}
    drawn = {"network", "randomness", "data", "optimizers", "schedules", "experiment"}
    assert {f"experiment/{name}" for name in drawn} <= names
    assert {"engine/program", "engine/update_rules", "engine/keras_fit", "engine/device"} <= names


def test_words_and_how_numbers_are_read_throw_no_stored_answer_away():
    names = {str(path.relative_to(CORE).with_suffix("")) for path in sources()}
    worded = {"notes", "refusals", "numbers", "field_types"}
    assert not {f"experiment/{name}" for name in worded} & names


def test_each_class_of_device_has_its_own():
    classes = ("cpu-x86_64", "cpu-aarch64", "gpu")
    assert len({fingerprint(device) for device in classes}) == len(classes)
    assert device_class(on_gpu=True) == "gpu"
    assert device_class(on_gpu=False).startswith("cpu-")


def test_the_libraries_are_found():
    assert version_of(("tensorflow", "tensorflow-cpu")) != "none"
    assert version_of(("no-such-library",)) == "none"


def test_it_is_the_same_in_every_process_and_loads_nothing_that_trains():
    code = """
import sys
from core.engine.fingerprint import fingerprint
print(fingerprint("gpu"), *{"tensorflow", "keras", "sklearn"} & set(sys.modules))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=CORE.parent, capture_output=True)
    assert said.stdout.decode().split() == [fingerprint("gpu")], said.stderr.decode()
