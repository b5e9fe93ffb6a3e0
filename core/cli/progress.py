"""A progress bar on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tqdm import tqdm

from core.experiment import Experiment

TERMINAL_SECONDS, FILE_SECONDS = 0.1, 2.0  # between two drawings; a file keeps every one of them


class Bar:
    """Counts the epochs of some experiments, and says what is being waited for."""

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        seconds = TERMINAL_SECONDS if sys.stderr.isatty() else FILE_SECONDS
        tqdm.monitor_interval = 0  # no thread beside the bar: training is over soon
        self._bar = tqdm(
            total=sum(experiment.length for experiment in experiments),
            unit=" epochs",
            file=sys.stderr,
            mininterval=seconds,
            dynamic_ncols=True,
            bar_format="{desc}{percentage:3.0f} %|{bar}| {n_fmt}/{total_fmt}{unit} {elapsed}",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def say(self, words: str) -> None:
        self._bar.set_description_str(words)

    def advance_to(self, epochs: int) -> None:
        self._bar.update(epochs - self._bar.n)
