"""A laboratory's figures in the text form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import SummaryMetricFamily
from prometheus_client.registry import Collector

from core.service import Laboratory

PREFIX = "learning_rate_lab"
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition(laboratory: Laboratory) -> bytes:
    """All of them as they are now."""
    registry = CollectorRegistry()
    registry.register(Collected(laboratory))
    return generate_latest(registry)


class Collected(Collector):
    """Reads them when it is asked."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory

    def collect(self) -> Iterator[Metric]:
        now, so_far = self._laboratory.status(), self._laboratory.measures()
        for name, said, value in (
            ("ready", "1 where anything can train.", now.ready),
            ("workers", "Training processes that are ready.", now.workers),
            ("jobs_open", "Jobs that are not done.", now.open),
            ("jobs_queued", "Jobs of which nothing has begun.", now.queued),
            ("jobs_paused", "Jobs that nobody watches.", now.paused),
            ("store_trouble", "1 where runs cannot be read or kept.", bool(now.store.kind)),
            (
                "cluster_trouble",
                "1 where a cluster is to train and does not.",
                bool(now.backend_trouble),
            ),
            ("store_waiting_runs", "Runs that the store has not taken yet.", now.store.waiting),
            ("store_waiting_bytes", "Of how many bytes these are.", now.store.waiting_bytes),
        ):
            yield GaugeMetricFamily(f"{PREFIX}_{name}", said, value=value)
        for name, said, total in (
            ("epochs", "Epochs of runs that have ended.", so_far.epochs),
            ("jobs_paused_ever", "Jobs that were paused, each time counted.", so_far.paused),
            ("workers_lost", "Training processes that were lost.", so_far.lost),
            ("store_runs_written", "Runs that the store has taken.", now.store.written),
            ("store_runs_lost", "Runs that it did not take and that were let go.", now.store.lost),
        ):
            yield CounterMetricFamily(f"{PREFIX}_{name}", said, value=total)
        runs = CounterMetricFamily(f"{PREFIX}_runs", "Runs that have ended.", labels=["outcome"])
        for kind, count in so_far.runs.items():
            runs.add_metric([kind], count)
        refused = CounterMetricFamily(f"{PREFIX}_refused", "Jobs not taken on.", labels=["limit"])
        for code, count in so_far.refused.items():
            refused.add_metric([code], count)
        reads = CounterMetricFamily(
            f"{PREFIX}_store_reads", "What the store was asked.", labels=["answer"]
        )
        for answer in ("given", "late", "failed", "skipped"):
            reads.add_metric([answer], getattr(now.store, answer))
        waited = "Seconds from handing in a job until something of it was trained."
        yield from (runs, refused, reads)
        yield SummaryMetricFamily(f"{PREFIX}_wait_seconds", waited, so_far.begun, so_far.waited)
