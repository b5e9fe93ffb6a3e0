"""Which tests stay together when several processes run them: those that share what is costly.

The tests of the pages, in a browser and without, are the longest piece, and what else there is runs
beside it. They share a laboratory, whose workers hold TensorFlow and compiled programs, and one
browser. All others stay together by file, for its fixtures.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

PAGES = ("tests/browser/", "tests/dashboard/", "tests/live/")


def scope_of(test: str) -> str:
    """What a test of that id stays together with.

    >>> scope_of("tests/browser/test_explore.py::test_a_link[a::b]")
    'pages'
    >>> scope_of("core/experiment/data.py::core.experiment.data.Blobs")
    'core/experiment/data.py'
    """
    file = test.partition("::")[0]
    return "pages" if file.startswith(PAGES) else file


class ByScope(LoadScopeScheduling):
    """Gives each process whole scopes, those of the most tests first; the ids stay as they are."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)
