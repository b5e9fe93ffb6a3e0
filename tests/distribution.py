"""Which tests stay together when several processes run them: those that share what is costly.

The tests of the pages share one laboratory, whose workers hold TensorFlow and compiled programs,
and one browser; they are the longest piece, and what else there is runs beside it. Those of single
components need a browser and small apps. All others stay together by file, for its fixtures.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
COMPONENTS = {f"{BROWSER}test_{name}.py" for name in ("live_chart", "live_job", "sliders", "tabs")}


def scope_of(test: str) -> str:
    """What a test of that id stays together with.

    >>> scope_of("tests/browser/test_explore.py::test_a_link[a::b]")
    'pages'
    >>> scope_of("tests/browser/test_sliders.py::test_a_click")
    'components'
    >>> scope_of("core/experiment/data.py::core.experiment.data.Blobs")
    'core/experiment/data.py'
    """
    file = test.partition("::")[0]
    if file in COMPONENTS:
        return "components"
    return "pages" if file.startswith(BROWSER) else file


class ByScope(LoadScopeScheduling):
    """Gives each process whole scopes, those of the most tests first; the ids stay as they are."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)
