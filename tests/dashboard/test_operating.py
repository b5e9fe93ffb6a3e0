"""What `/health` and `/metrics` say to whoever runs the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.service import Bounds, Laboratory, QueueFull
from dashboard.operating import STARTING
from tests.dashboard.served import Got, served
from tests.service.fake_worker import DIVERGES
from tests.service.waiting import FAKE, experiment, until_done


def asked(laboratory: Laboratory, path: str) -> Got:
    with served(laboratory) as server:
        return server.get(path)


@pytest.fixture
def opened() -> Iterator[Laboratory]:
    with Laboratory(1, command=FAKE, bounds=Bounds(experiments_per_job=3)) as laboratory:
        yield laboratory


def figures(laboratory: Laboratory) -> dict[tuple[str, ...], float]:
    """Every sample by its name, without the name of the product, and its labels."""
    families = text_string_to_metric_families(asked(laboratory, "metrics").text)
    samples = (sample for family in families for sample in family.samples)
    return {
        (one.name.removeprefix("learning_rate_lab_"), *one.labels.values()): one.value
        for one in samples
    }


def test_health_says_whether_anything_can_train_or_why_not(opened: Laboratory) -> None:
    idle = Laboratory(1, command=FAKE)
    got = asked(idle, "health")
    assert (got.status, got.json) == (503, {"ready": False, "why": STARTING})
    until_done(opened, opened.submit([experiment()]))
    got = asked(opened, "health")
    assert (got.status, got.json) == (200, {"ready": True})


def test_health_says_what_keeps_all_workers_from_starting() -> None:
    with Laboratory(1, command=("/no/such/command",)) as laboratory:
        until_done(laboratory, laboratory.submit([experiment()]))
        got = asked(laboratory, "health")
    assert got.status == 503
    assert "/no/such/command" in got.json["why"]


def test_metrics_count_what_was_trained_refused_and_waited_for(opened: Laboratory) -> None:
    until_done(opened, opened.submit([experiment(1), experiment(2), experiment(DIVERGES)]))
    with pytest.raises(QueueFull):
        opened.submit([experiment(seed) for seed in range(4)])
    found = figures(opened)
    assert found["runs_total", "finished"] == 2
    assert found["runs_total", "diverged"] == 1
    assert found["epochs_total",] == 60 + 60 + 2
    assert found["refused_total", "full_runs"] == 1
    assert found["wait_seconds_count",] == 1
    assert found["wait_seconds_sum",] > 0
    assert (found["ready",], found["workers",], found["jobs_open",]) == (1, 1, 0)
