"""Which tests stay together when several processes run them, and which of them begin.

The tests in a browser share what is costly: one laboratory, whose workers hold TensorFlow and
compiled programs, and one browser. All others stay together by file, for its fixtures. What takes
longest begins, so that at the end there are small pieces for whoever is free.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
LONG = (
    BROWSER,
    "tests/engine/",
    "tests/service/",
    "tests/export/",
    "tests/cli/",
    "tests/dashboard/",
)


def scope_of(test: str) -> str:
    """What a test of that id stays together with.

    >>> scope_of("tests/browser/test_explore.py::test_a_link[a::b]")
    'tests/browser/'
    >>> scope_of("core/experiment/data.py::core.experiment.data.Blobs")
    'core/experiment/data.py'
    """
    file = test.partition("::")[0]
    return BROWSER if file.startswith(BROWSER) else file


def turn_of(scope: str) -> int:
    """When a scope's turn is, the earliest first.

    >>> sorted(["core/program.py", "tests/cli/test_bench.py", "tests/browser/"], key=turn_of)
    ['tests/browser/', 'tests/cli/test_bench.py', 'core/program.py']
    """
    return next((turn for turn, path in enumerate(LONG) if scope.startswith(path)), len(LONG))


class ByScope(LoadScopeScheduling):
    """Gives each process whole scopes; the ids stay as they are."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=turn_of), last=False)
        super()._assign_work_unit(node)
