"""Processor time that reruns of the largest pages take: `python -m tests.dashboard.bench`.

JSON. Everything is trained beforehand by a made-up engine. Seconds are those of the page's own
thread, the least of some reruns; kilobytes what its components are sent.
"""

from __future__ import annotations

import argparse
import json
import pstats
import sys
from typing import Any

from core.service import Laboratory
from dashboard import laboratory
from dashboard.settings.compare import TABS
from dashboard.settings.studies import VIEWS
from tests.dashboard import timed_page
from tests.dashboard.page_app import PageApp
from tests.service.waiting import FAKE

RERUNS = 5
# A pin's most cells, a hundred; eight pins of them, each with a rate of its own to start from, are
# 800 lines and as many experiments.
GRID = "vary~optimizer.momentum:linear:0:0.9:10~and_vary~optimizer.weight_decay:linear:0:0.09:10"
PINS = [f"study~own~{GRID}~optimizer.learning_rate~{0.01 * n:g}" for n in range(1, 9)]
COMPARE = {"pin": PINS, "seeds": "1"}
# The most runs: eight pins of 50 cells over 5 seeds.
SEEDED = {"pin": [pin.replace("0:0.9:10", "0:0.9:5") for pin in PINS], "seeds": "5"}
# Of one's own 400 cells, and with 5 seeds 2,000 runs, the most that a job may have; of the
# tutorial's the learning rates under both versions of Keras over 50 seeds.
OWN = {
    "study": "own",
    "vary": "optimizer.momentum:linear:0:0.95:20",
    "and_vary": "optimizer.learning_rate:log:0.001:1:20",
    "epochs": "40",
}
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"compare {tab}": ("compare", {**COMPARE, "tab": tab}) for tab in TABS},
    **{f"seeded {tab}": ("compare", {**SEEDED, "tab": tab}) for tab in TABS},
    **{f"own 400 {view}": ("studies", {**OWN, "seeds": "1", "view": view}) for view in VIEWS},
    **{f"own 2000 {view}": ("studies", {**OWN, "seeds": "5", "view": view}) for view in VIEWS},
    **{
        f"learning-rate {view}": ("studies", {"preset": "both", "seeds": "25", "view": view})
        for view in VIEWS
    },
    "claims": ("claims", {"preset": "both", "seeds": "20"}),
    "explore": ("explore", {}),
}


class TimedApp(PageApp):
    SCRIPT = "from tests.dashboard.timed_page import run\nrun('{page}')"


class ProfiledApp(PageApp):
    SCRIPT = "from tests.dashboard.timed_page import run_profiled\nrun_profiled('{page}')"


def opened(lab: Laboratory, kind: type[PageApp], page: str, query: dict[str, Any]) -> PageApp:
    """The page as a visitor has it after all runs have ended."""
    app = kind(page, lab, **query)
    if app.slot not in app.app.session_state:  # so large a study asks first
        app.app.button[0].click().run()
    app.wait()
    app.run()
    return app


def measured(app: PageApp) -> dict[str, float]:
    """Seconds of a rerun, and how much its components are sent."""
    timed_page.SECONDS.clear()
    for _ in range(RERUNS):
        app.app.run()
    sent = sum(len(one.proto.json) for one in app.app.get("bidi_component"))
    return {"seconds": round(min(timed_page.SECONDS), 3), "kilobytes": round(sent / 1000)}


def profile(app: PageApp) -> None:
    timed_page.PROFILE.clear()
    app.app.run()
    pstats.Stats(timed_page.PROFILE, stream=sys.stdout).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose names begin so")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes instead")
    given = parser.parse_args()
    sys.modules.pop("keras", None)  # Streamlit would clear its session after every run
    with Laboratory(1, command=FAKE) as lab:
        laboratory.use(lab)
        for name, (page, query) in PAGES.items():
            if not name.startswith(given.only):
                continue
            app = opened(lab, ProfiledApp if given.profile else TimedApp, page, query)
            if given.profile:
                profile(app)
            else:
                print(json.dumps({name: measured(app)}), flush=True)
    laboratory.close()


if __name__ == "__main__":
    main()
