"""Changes: what may become another setting, how it is written, and the stages that follow."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.changes import Change, Stage, numbers_of
from core.experiment.data import Blobs
from core.experiment.limits import CHANGES_MAX, EPOCHS_MAX
from core.experiment.optimizers import OPTIMIZERS, Adam, Sgd
from core.experiment.refusals import FieldError
from core.experiment.schedules import Constant, Cosine, TimeDecay
from tests.experiment.kinds import FORK
from tests.experiment.strategies import experiments


def test_changes_are_written_as_they_were_given_in_the_order_of_the_fields():
    turned = [dict(reversed(change.items())) for change in FORK]
    experiment = Experiment(changes=turned)
    assert experiment.get("changes") == FORK
    assert json.loads(experiment.to_json())["changes"] == FORK
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert hash(experiment) == hash(Experiment(changes=FORK))


def test_a_change_to_what_was_before_is_kept():
    change = {"epoch": 5, "optimizer.momentum": 0.0}
    experiment = Experiment(changes=[change])
    assert experiment.get("changes") == [change]
    assert experiment.key != Experiment().key
    updates = np.arange(3200)
    assert (experiment.rates(updates) == Experiment().rates(updates)).all()


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_number_of_an_optimizer_may_change_and_nothing_else_of_it(kind):
    start = Experiment().replace({"optimizer.kind": kind})
    others = {"kind", "nesterov", "epsilon_inside_root"}
    assert numbers_of(start.optimizer).keys() == start.optimizer.to_dict().keys() - others
    for name in numbers_of(start.optimizer):
        value = getattr(start.optimizer, name)
        fork = start.replace({"changes": [{"epoch": 9, f"optimizer.{name}": value}]})
        assert fork.stages[1].optimizer == start.optimizer
    for name in ("kind", "nesterov", "lr"):
        with pytest.raises(
            FieldError,
            match=r"`changes\.1` must be of an epoch and of what can change \(optimizer\.l",
        ):
            start.replace({"changes": [{"epoch": 9, f"optimizer.{name}": True}]})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([{}], "`changes.1.epoch` must be a whole number from 1 to 2000, got null."),
        ([{"epoch": 0}], "`changes.1.epoch` must be a whole number from 1 to 2000, got 0."),
        ([{"epoch": 5}], '`changes.1` must be more than the epoch, got {"epoch": 5}.'),
        ([Change(5)], '`changes.1` must be more than the epoch, got {"epoch": 5}.'),
        ([{"epoch": 5, "epochs": 5}, {"epoch": 5}],
         "`changes.2.epoch` must be a whole number from 6 to 2000, got 5."),
        ([{"epoch": 2000, "epochs": 2000}, {"epoch": 2000}],
         "`changes.2.epoch` must be left out after epoch 2000, got 2000."),
        ([{"epoch": 5, "optimizer.momentum": 1}],
         "`changes.1.optimizer.momentum` must be a number at least 0 and at most 0.999, got 1."),
        ([{"epoch": 5, "optimizer.momentum": None}],
         "`changes.1.optimizer.momentum` must be a number at least 0 and at most 0.999, got null."),
        ([{"epoch": 5, "seed": 1}],
         "`changes.1` must be of an epoch and of what can change (optimizer.learning_rate, "
         "optimizer.momentum, optimizer.weight_decay, optimizer.clipnorm, schedule, epochs), "
         'got "seed".'),
        ([{"epoch": 1, "epochs": 9}, {"epoch": 5, "schedule": {"kind": "cosine", "decay": 1}}],
         "`changes.2.schedule.decay` must be one of the fields kind, final_fraction, "
         'warmup_epochs, got "decay".'),
        ([{"epoch": 5, "schedule": {"kind": "step", "factor": 2}}],
         "`changes.1.schedule.factor` must be a number above 0 and at most 1, got 2."),
        ([{"epoch": 5, "schedule": {"kind": "linear"}}],
         "`changes.1.schedule.kind` must be one of constant, time_decay, step, exponential, "
         'cosine, plateau, got "linear".'),
        ([{"epoch": 5, "schedule": None}],
         "`changes.1.schedule` must be an object of named fields, got null."),
        ([{"epoch": 5, "schedule": Adam()}], None),
        ([{"epoch": 5, "epochs": 4}],
         "`changes.1.epochs` must be a whole number from 5 to 2000, got 4."),
        ([7], "`changes.1` must be an object of named fields, got 7."),
        ({"epoch": 5}, '`changes` must be a list of at most 200 changes, got {"epoch": 5}.'),
        ([{"epoch": 1}] * (CHANGES_MAX + 1), None),
    ],
)  # fmt: skip
def test_a_wrong_change_is_refused_by_its_path(changes, sentence):
    with pytest.raises(FieldError, match=r"^Experiment: `changes") as caught:
        Experiment.from_dict({"changes": changes})
    assert sentence is None or str(caught.value) == f"Experiment: {sentence}"


def test_numbers_in_changes_are_read_as_everywhere():
    change = {"epoch": "1e2", "optimizer.momentum": "90 %", "optimizer.clipnorm": "0,5"}
    change |= {"schedule": {"kind": "cosine", "final_fraction": "5%"}, "epochs": "３００"}
    assert Experiment.from_dict({"changes": [change]}).get("changes") == [
        {
            **{"epoch": 100, "optimizer.momentum": 0.9, "optimizer.clipnorm": 0.5},
            "schedule": {"kind": "cosine", "final_fraction": 0.05, "warmup_epochs": 0},
            "epochs": 300,
        }
    ]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"epoch": "1,000"}, "changes.1.epoch", "ambiguous_number"),
        ({"epoch": 5, "optimizer.clipnorm": "50%"}, "changes.1.optimizer.clipnorm", "per_cent"),
        ({"epoch": 5, "optimizer.clipnorm": "-1"}, "changes.1.optimizer.clipnorm", "number"),
        ({"epoch": 5, "schedule": {"kind": 1}}, "changes.1.schedule.kind", "choice"),
        ({"epoch": 5, "schedule": Adam()}, "changes.1.schedule", "no_schedule"),
        ({"epoch": 5}, "changes.1", "empty_change"),
    ],
)
def test_what_is_wrong_with_a_change_has_a_code(change, path, code):
    with pytest.raises(FieldError) as caught:
        Experiment(changes=[change])
    assert (caught.value.path, caught.value.code) == (path, code)


def test_as_many_changes_as_may_be_are_taken():
    changes = [{"epoch": n + 1, "optimizer.learning_rate": 0.1} for n in range(CHANGES_MAX)]
    assert len(Experiment(changes=changes).stages) == CHANGES_MAX


def test_another_optimizer_does_not_take_over_changes_it_cannot_have():
    fork = Experiment(changes=[{"epoch": 5, "optimizer.momentum": 0.9}])
    with pytest.raises(FieldError, match=r"`changes\.1` must be of an epoch and of what"):
        fork.replace({"optimizer.kind": "adam"})
    assert fork.replace({"optimizer.kind": "adam", "changes": []}).optimizer == Adam()


def test_the_length_is_what_the_last_change_says_of_it():
    assert Experiment(epochs=50).length == 50
    assert Experiment(epochs=50, changes=[{"epoch": 9, "optimizer.momentum": 0}]).length == 50
    longer = [{"epoch": 9, "epochs": 80}, {"epoch": 51, "optimizer.momentum": 0.5}]
    assert Experiment(epochs=50, changes=longer).length == 80
    assert Experiment(epochs=50, changes=[*longer, {"epoch": 60, "epochs": 60}]).length == 60
    assert Experiment(epochs=50, changes=longer).epochs == 50


def test_work_is_bounded_by_the_length():
    rows = {"data": Blobs(samples=5000), "batch_size": 10}  # 250 updates an epoch, 800 epochs
    changes = [{"epoch": 2, "epochs": 801}, {"epoch": 3, "optimizer.momentum": 0}]
    with pytest.raises(FieldError, match=r"`changes\.1\.epochs` must be .* from 1 to 800 at 250"):
        Experiment(**rows, changes=changes)
    changes[1]["epochs"] = 800
    assert Experiment(**rows, changes=changes).length == 800


def test_stages_begin_at_their_changes_and_keep_what_is_not_changed():
    fork = Experiment(
        optimizer=Sgd(0.1, momentum=0.5),
        schedule=TimeDecay(0.01),
        epochs=50,
        changes=[
            {"epoch": 11, "optimizer.momentum": 0.9},
            {"epoch": 21, "schedule": {"kind": "cosine"}, "optimizer.learning_rate": 0.2},
            {"epoch": 31, "epochs": 80},
        ],
    )
    assert fork.stages == (
        Stage(0, 0, 50, Sgd(0.1, momentum=0.5), TimeDecay(0.01)),
        Stage(10, 0, 50, Sgd(0.1, momentum=0.9), TimeDecay(0.01)),
        Stage(20, 20, 50, Sgd(0.2, momentum=0.9), Cosine()),
        Stage(30, 20, 80, Sgd(0.2, momentum=0.9), Cosine()),
    )


def test_without_changes_there_is_one_stage():
    assert Experiment().stages == (Stage(0, 0, 200, Sgd(), Constant()),)


def test_what_changes_before_the_first_update_leaves_one_stage():
    changes = [{"epoch": 1, "optimizer.momentum": 0.9}, {"epoch": 2, "epochs": 200}]
    fork = Experiment(changes=changes)
    assert [(stage.first, stage.optimizer.momentum) for stage in fork.stages] == [
        (0, 0.9),
        (1, 0.9),
    ]


def test_a_cosine_that_is_given_more_time_keeps_its_start():
    """Half way of 40 epochs it is at half the rate; with 80 of them at a quarter of the way."""
    cosine = Experiment(schedule=Cosine(), epochs=40)
    fork = Experiment(schedule=Cosine(), epochs=40, changes=[{"epoch": 21, "epochs": 80}])
    assert cosine.rates(np.array([20 * 16]))[0] == pytest.approx(0.01 / 2)
    quarter = 0.01 * (1 + np.cos(np.pi / 4)) / 2
    assert fork.rates(np.array([20 * 16]))[0] == pytest.approx(quarter)


def rate_of(experiment, update):
    """The rate of one update, found by going through the changes one by one."""
    per_epoch = experiment.updates_per_epoch
    rate, schedule = experiment.optimizer.learning_rate, experiment.schedule
    start, epochs = 0, experiment.epochs
    for change in experiment.get("changes"):
        if change["epoch"] - 1 > update // per_epoch:
            break
        rate = change.get("optimizer.learning_rate", rate)
        epochs = change.get("epochs", epochs)
        if "schedule" in change:
            other = Experiment().replace({"schedule": change["schedule"]})
            schedule, start = other.schedule, change["epoch"] - 1
    since = np.array([update - start * per_epoch])
    return schedule.rates(rate, since, per_epoch, epochs - start)[0]


@given(experiments(), st.data())
def test_every_rate_is_that_of_its_stage(experiment, draw):
    last = experiment.length * experiment.updates_per_epoch - 1
    edges = [stage.first * experiment.updates_per_epoch for stage in experiment.stages]
    near = [edge + d for edge in edges for d in (-1, 0) if 0 <= edge + d <= last]
    some = draw.draw(st.lists(st.integers(0, last), max_size=5))
    updates = np.array([0, last, *near, *some])
    ours = experiment.rates(updates)
    assert ours.dtype == np.float64
    np.testing.assert_array_equal(ours, [rate_of(experiment, update) for update in updates])


@given(experiments(), st.integers(2, EPOCHS_MAX))
def test_a_fork_has_its_parents_rates_up_to_the_change(experiment, epoch):
    parent = experiment.replace({"changes": []})
    change = {"epoch": epoch, "optimizer.learning_rate": 1e-3, "schedule": {"kind": "step"}}
    fork = parent.replace({"changes": [change]})
    updates = np.arange(min(epoch - 1, parent.epochs, 50) * parent.updates_per_epoch)[-5000:]
    np.testing.assert_array_equal(fork.rates(updates), parent.rates(updates))
