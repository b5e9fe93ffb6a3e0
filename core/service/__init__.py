"""Who trains what and when: the queue, fairness between visitors, supervision, stop."""

from core.service.events import Closed, Event, Progress, QueueFull, Status, UnknownJob
from core.service.laboratory import Laboratory
from core.service.registry import Bounds

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
