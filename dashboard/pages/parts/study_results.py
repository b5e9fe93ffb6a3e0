"""What studies came to, once for all visitors who look at them."""

from __future__ import annotations

from functools import lru_cache

from core.analysis.studies import Study
from dashboard.laboratory import laboratory
from dashboard.lines.findings import Results, results_of

RESULTS_KEPT = 64  # of all visitors; the largest takes about 0.2 MB


@lru_cache(maxsize=RESULTS_KEPT)
def results(job: str, study: Study) -> Results:
    """Of a job that is done, whose records no longer change. Raises `UnknownJob`."""
    return results_of(study, laboratory().runs(job))
