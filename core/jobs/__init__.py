"""Who trains what and when: the queue, fairness between visitors, supervision, stop."""

from core.jobs.events import Closed, Event, Progress, QueueFull, Status, UnknownJob
from core.jobs.laboratory import Laboratory
from core.jobs.ledger import Bounds

__all__ = [
    "Bounds",
    "Closed",
    "Event",
    "Laboratory",
    "Progress",
    "QueueFull",
    "Status",
    "UnknownJob",
]
