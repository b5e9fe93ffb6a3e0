"""Looks into runs, as those who wish for them see them."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.engine.looking import Look, Sight
from core.experiment import Experiment
from core.experiment.data import Digits
from core.experiment.limits import LOOKS_MAX, SIGHTS_BYTES_MAX, WORKER_PROGRAMS_MAX
from core.experiment.refusals import FieldError
from core.service import Closed, Laboratory, QueueFull
from core.service.looks import Looks, Sights, check_look
from core.service.messages import LookInto
from core.service.worker_pool import Seat
from tests.service.fake_process import a_task
from tests.service.fake_worker import DIES, GATED, RAISES, SLOW
from tests.service.waiting import FAKE, experiment, recorded, until_done, until_trained

LONG = 2000


def weights(*epochs: int) -> Look:
    return Look("weights", epochs)


def test_what_is_wished_is_seen_epoch_by_epoch(shared: Laboratory) -> None:
    sights = list(shared.look(experiment(), weights(0, 1, 60)))
    assert [sight.epoch for sight in sights] == [0, 1, 60]
    for sight in sights:
        assert list(sight.arrays) == ["kernel", "bias"]
        np.testing.assert_array_equal(sight.arrays["kernel"], np.full((2, 3), sight.epoch, "f4"))
        assert sight.arrays["bias"].shape == (0,)


def test_inputs_reach_the_worker_to_the_last_bit(shared: Laboratory) -> None:
    inputs = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    [sight] = shared.look(experiment(), Look("predictions", [3], inputs))
    np.testing.assert_array_equal(sight.arrays["predictions"], inputs)


def test_looking_holds_up_no_training(single: Laboratory) -> None:
    job = single.submit([experiment(SLOW, LONG)])
    until_trained(single, job)
    before = recorded(single.events(job))
    with single.look(experiment(SLOW, LONG), weights(*range(LONG))) as sights:
        until_trained(single, job, before + 3)
        assert next(sights).epoch == 0


def test_who_has_seen_enough_leaves_the_worker_to_others(single: Laboratory) -> None:
    with single.look(experiment(SLOW, LONG), weights(*range(LONG))) as sights:
        assert next(sights).epoch == 0
    assert list(sights) == []
    assert [sight.epoch for sight in single.look(experiment(), weights(5))] == [5]


def test_what_the_engine_raises_is_told(shared: Laboratory) -> None:
    sights = shared.look(experiment(RAISES), weights(2, 3))
    assert next(sights).epoch == 2
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"^RuntimeError: the accelerator fell off$"):
            next(sights)


def test_more_than_may_be_sent_ends_with_a_sentence(shared: Laboratory) -> None:
    each = 4 * 2**20  # bytes of the made-up engine's snapshot
    sights = shared.look(experiment(), Look("snapshot", range(40)))
    seen = [next(sights).epoch for _ in range(SIGHTS_BYTES_MAX // each)]
    assert seen == list(range(16))
    with pytest.raises(RuntimeError, match=r"^ValueError: Look: sights must be .*, got more at 16"):
        next(sights)


def snapshots(looks: Looks, task: str) -> Sights:
    message = LookInto.from_look(task, experiment(), Look("snapshot", range(9)))
    return looks.ask(message, lambda: looks.leave(task), [])


SEEN = {"all": np.zeros(1000, np.float32)}


def test_what_nobody_takes_is_bounded_over_all_looks_and_ends_with_a_sentence() -> None:
    looks = Looks(bytes_max=3 * 4000)
    first, second = snapshots(looks, "1"), snapshots(looks, "2")
    for epoch in (0, 1):
        looks.see("1", Sight(epoch, SEEN))
    for epoch in (0, 1):
        looks.see("2", Sight(epoch, SEEN))
    assert next(second).epoch == 0
    with pytest.raises(RuntimeError, match=r"^Look: sights that nobody has taken yet must be at"):
        next(second)
    assert next(first).epoch == 0
    looks.see("1", Sight(2, SEEN))  # there is room again
    assert [next(first).epoch for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("how", ["closed", "forgotten"])
def test_who_takes_no_more_makes_room_for_others(how: str) -> None:
    looks = Looks(bytes_max=4000)
    sights = snapshots(looks, "1")
    looks.see("1", Sight(0, SEEN))
    if how == "closed":
        sights.close()
    else:
        looks.end("1", "")
        del sights
    following = snapshots(looks, "2")
    looks.see("2", Sight(0, SEEN))
    assert next(following).epoch == 0


def test_a_worker_that_looks_again_and_again_is_full_one_day() -> None:
    seat, looks = Seat(), Looks()
    for hidden in range(1, WORKER_PROGRAMS_MAX // 2 + 1):
        assert not seat.full
        wanted = experiment(**{"model.hidden": [hidden]})
        message = LookInto.from_look(str(hidden), wanted, Look("sharpness", [0]))
        looks.ask(message, lambda: None, [seat])
        looks.end(message.task, "")
    assert seat.full
    other = Seat(tasks={"1": a_task()})
    looks.ask(LookInto.from_look("1", experiment(), weights(0)), lambda: None, [seat, other])
    assert other.looks == {"1"}


def test_a_look_asked_for_before_a_worker_is_there_comes_when_it_is() -> None:
    laboratory = Laboratory(1, command=FAKE)
    sights = laboratory.look(experiment(), weights(4))
    with laboratory:
        assert [sight.epoch for sight in sights] == [4]


def test_a_look_that_has_seen_nothing_is_given_to_another_worker(open_laboratory, gate) -> None:
    laboratory = open_laboratory(command=gate.command)
    until_done(laboratory, laboratory.submit([experiment()]))
    sights = laboratory.look(experiment(GATED), weights(3))
    os.kill(*laboratory.status().pids, signal.SIGKILL)
    gate.open()
    assert [sight.epoch for sight in sights] == [3]


def test_a_look_that_has_begun_ends_with_its_worker(open_laboratory, gate) -> None:
    laboratory = open_laboratory(command=gate.command)
    sights = laboratory.look(experiment(GATED), weights(2, 3))
    assert next(sights).epoch == 2
    os.kill(*laboratory.status().pids, signal.SIGKILL)
    with pytest.raises(RuntimeError, match=r"^The training process was killed by signal 9\.$"):
        next(sights)


def test_a_look_that_kills_every_worker_is_not_tried_for_ever(open_laboratory) -> None:
    sights = open_laboratory().look(experiment(DIES), weights(3))
    with pytest.raises(RuntimeError, match=r"^The training process was killed by signal 9\.$"):
        next(sights)


def test_nobody_waits_for_a_worker_that_never_starts(open_laboratory) -> None:
    sights = open_laboratory(command=("/no/such/command",)).look(experiment(), weights(3))
    with pytest.raises(RuntimeError, match=r"^The training process could not be started: "):
        next(sights)


def test_a_laboratory_that_closes_says_so_to_those_who_wait() -> None:
    laboratory = Laboratory(1, command=FAKE)
    sights = laboratory.look(experiment(), weights(0))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, sights)
        laboratory.close()
        assert isinstance(waiting.exception(), Closed)
    with pytest.raises(Closed):
        next(sights)
    with pytest.raises(Closed):
        laboratory.look(experiment(), weights(0))


def test_only_so_many_looks_are_open_at_once() -> None:
    laboratory = Laboratory(1, command=FAKE)
    for _ in range(LOOKS_MAX):
        laboratory.look(experiment(), weights(0))
    with pytest.raises(QueueFull, match=r"looks at once must be at most 32, got 33\."):
        laboratory.look(experiment(), weights(0))


@pytest.mark.parametrize(
    ("what", "epochs", "inputs", "path"),
    [
        ("colour", [0], None, "what"),
        ("weights", [], None, "epochs"),
        ("weights", [-1], None, "epochs"),
        ("weights", [61], None, "epochs"),
        ("weights", [0], np.zeros((1, 2)), "inputs"),
        ("predictions", [0], None, "inputs"),
        ("predictions", [0], np.zeros((1, 3)), "inputs"),
        ("predictions", [0], np.zeros(2), "inputs"),
        ("predictions", [0], np.zeros((600_000, 2)), "inputs"),
    ],
)
def test_what_cannot_be_seen_is_refused(
    what: str, epochs: Sequence[int], inputs: object, path: str
) -> None:
    with pytest.raises(FieldError, match=rf"^Look: `{path}` must be ") as refused:
        check_look(experiment(), Look(what, epochs, inputs))
    assert refused.value.path == path


def test_weights_of_more_epochs_than_may_be_sent_are_refused_with_how_many_may() -> None:
    large = Experiment(Digits(), epochs=1000).replace({"model.hidden": [128, 128]})
    most = SIGHTS_BYTES_MAX // (4 * large.parameters)
    check_look(large, Look("weights", range(most)))
    with pytest.raises(FieldError, match=rf"`epochs` must be at most {most} of so many numbers"):
        check_look(large, Look("weights", range(most + 1)))
