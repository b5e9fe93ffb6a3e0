"""Training for the command line: states in words, and Ctrl-C as a wish."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial

import pytest

from core.cli.interruption import interruptible
from core.cli.progress import Bar
from core.cli.training import by_workers, states, train, words_of
from core.experiment import Experiment
from core.service import Event, Laboratory, QueueFull
from tests.service.fake_worker import expected
from tests.service.waiting import FAKE


class PressesCtrlC(Laboratory):
    """A laboratory during whose work somebody presses Ctrl-C, as soon as there are records."""

    def wait(self, job, since=0, timeout=None):
        events = super().wait(job, since, timeout)
        if any(event.say == "records" for event in events):
            signal.raise_signal(signal.SIGINT)
        return events


def test_all_runs_are_trained_in_order():
    experiments = [Experiment(epochs=30, seed=seed) for seed in range(5)]
    trained = train(experiments, "compiled", open_laboratory=partial(Laboratory, command=FAKE))
    assert not trained.interrupted
    assert [run.experiment for run in trained.runs] == experiments
    assert all((run.records == expected(run.experiment)).all() for run in trained.runs)


def test_ctrl_c_stops_and_keeps_what_was_finished():
    slow = Experiment(epochs=2000, seed=1000)
    trained = train([slow], "compiled", open_laboratory=partial(PressesCtrlC, command=FAKE))
    assert trained.interrupted
    [run] = trained.runs
    assert run.outcome.kind == "stopped"
    assert 1 <= len(run.records) == run.outcome.epoch < 2000


def test_a_second_ctrl_c_does_not_wait():
    with interruptible() as interruption:
        signal.raise_signal(signal.SIGINT)
        assert interruption.came
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_ctrl_c_is_as_before():
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_while_a_program_loads_ctrl_c_ends_it_at_once():
    program = (
        "import signal\n"
        "from core.cli.interruption import ending_at_once\n"
        "with ending_at_once():\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    raise AssertionError\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr == "Interrupted before anything could be written.\n"


def test_more_than_a_laboratory_takes_is_refused():
    experiments = [Experiment(seed=seed) for seed in range(2001)]
    with (
        Laboratory(1, command=FAKE) as laboratory,
        interruptible() as interruption,
        Bar([]) as bar,
        pytest.raises(QueueFull, match="from 1 to 2,000, got 2,001"),
    ):
        by_workers(experiments, laboratory, bar, interruption)


def test_states_are_told_with_what_is_loaded():
    events = [
        Event(0, "state", None, {"state": "loading", "what": "trainer"}),
        Event(1, "records", 0),
        Event(2, "state", None, {"state": "training"}),
    ]
    assert list(map(words_of, states(events))) == ["loading TensorFlow ", "training "]
