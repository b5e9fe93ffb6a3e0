"""Experiments: there and back, equal keys, changes by path, and what is refused as a whole."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from core.experiment import PARTS, Experiment
from core.experiment.data import DATA, Blobs, Digits, Moons
from core.experiment.field_types import Integer
from core.experiment.fields import rules
from core.experiment.limits import (
    EPOCHS_MAX,
    PARAMETERS_MAX,
    SAMPLES_MAX,
    UPDATES_MAX,
    WEIGHTS_PER_EPOCH_MAX,
)
from core.experiment.network import Dense
from core.experiment.optimizers import OPTIMIZERS, Adam, Sgd
from core.experiment.refusals import FieldError
from core.experiment.schedules import SCHEDULES, Cosine, Plateau
from tests.experiment.first_edition import ROWS
from tests.experiment.strategies import accepted_by, experiments

TUTORIAL = {
    "data": {
        "kind": "blobs",
        "samples": 1000,
        "noise": 2.0,
        "seed": 2,
        "train_fraction": 0.5,
        "centers": 3,
    },
    "model": {
        "kind": "dense",
        "hidden": [50],
        "activation": "relu",
        "batch_norm": False,
        "dropout": 0.0,
        "l2": 0.0,
    },
    "loss": "cross_entropy",
    "optimizer": {
        "kind": "sgd",
        "learning_rate": 0.01,
        "momentum": 0.0,
        "nesterov": False,
        "weight_decay": 0.0,
        "clipnorm": 0.0,
    },
    "schedule": {"kind": "constant", "warmup_epochs": 0},
    "changes": [],
    "epochs": 200,
    "batch_size": 32,
    "seed": 0,
}


def as_other_types(value: object) -> object:
    """The same JSON with whole floats as integers and the other way round."""
    match value:
        case dict():
            return {name: as_other_types(item) for name, item in reversed(value.items())}
        case list():
            return [as_other_types(item) for item in value]
        case bool() | str():
            return value
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case int():
            return float(value)
    return value


def test_what_is_left_out_is_as_in_the_tutorial():
    assert Experiment.from_dict({}).to_dict() == TUTORIAL
    assert Experiment.from_json("{}") == Experiment()
    for name in PARTS:
        assert Experiment.from_dict({name: {}}) == Experiment()


@given(experiments())
def test_dict_and_json_lose_nothing(experiment):
    assert Experiment.from_dict(experiment.to_dict()) == experiment
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert Experiment.from_json(experiment.to_json()).to_json() == experiment.to_json()
    assert hash(Experiment.from_json(experiment.to_json())) == hash(experiment)


@given(experiments())
def test_json_is_plain_and_canonical(experiment):
    text = experiment.to_json()
    assert json.dumps(json.loads(text), separators=(",", ":"), allow_nan=False) == text
    assert [name for name in TUTORIAL if name in json.loads(text)] == list(json.loads(text))


@given(experiments())
def test_equal_experiments_have_equal_keys_however_they_are_written(experiment):
    other = Experiment.from_dict(as_other_types(experiment.to_dict()))
    assert other == experiment
    assert other.key == experiment.key
    assert other.to_json() == experiment.to_json()


@given(experiments(), st.data())
def test_a_change_of_any_field_changes_the_key(experiment, draw):
    part = draw.draw(st.sampled_from([*PARTS, ""]))
    owner = getattr(experiment, part) if part else experiment
    name = draw.draw(st.sampled_from(sorted(rules(type(owner)))))
    value = draw.draw(accepted_by(rules(type(owner))[name]))
    try:
        changed = experiment.replace({f"{part}.{name}".lstrip("."): value})
    except FieldError:
        reject()  # too much work
    becomes = getattr(getattr(changed, part) if part else changed, name)
    assert (changed.key == experiment.key) == (becomes == getattr(owner, name))
    assert type(becomes) is type(getattr(owner, name))


def test_a_key_is_the_same_in_every_process():
    # hashlib.sha256(Experiment().to_json().encode()).hexdigest()[:24], in a process of its own
    assert Experiment().key == "8a4aff4c9a414f95caf90b2d"


def test_minus_zero_is_zero():
    minus, plus = (Experiment(optimizer=Sgd(momentum=zero)) for zero in (-0.0, 0.0))
    assert minus.key == plus.key


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"epoch": 5}, 'Experiment: `epoch` must be one of the fields data, model, loss, '
         'optimizer, schedule, changes, epochs, batch_size, seed, got "epoch".'),
        ({"optimizer": {"lr": 0.1}}, 'Experiment: `optimizer.lr` must be one of the fields kind, '
         'learning_rate, momentum, nesterov, weight_decay, clipnorm, got "lr".'),
        ({"model": {"kind": "cnn"}}, 'Experiment: `model.kind` must be one of dense, conv, '
         'got "cnn".'),
        ({"model": {"kind": "conv"}}, "Experiment: `model.kind` must be dense for all data but "
         'digits, got "conv".'),
        ({"batch_size": "most"}, "Experiment: `batch_size` must be a whole number from 1 to 5000, "
         'or all, got "most".'),
        ({"data": {"kind": "iris"}}, 'Experiment: `data.kind` must be one of blobs, moons, '
         'circles, spirals, digits, got "iris".'),
        ({"schedule": {"kind": []}}, "Experiment: `schedule.kind` must be one of constant, "
         "time_decay, step, exponential, cosine, plateau, got []."),
        ({"optimizer": "adam"}, 'Experiment: `optimizer` must be an object of named fields, '
         'got "adam".'),
        ({"optimizer": {"nesterov": "yes"}}, "Experiment: `optimizer.nesterov` must be true or "
         'false, got "yes".'),
        ({"epochs": 1e9}, f"Experiment: `epochs` must be a whole number from 1 to {EPOCHS_MAX}, "
         "got 1000000000.0."),
        ([], "Experiment: `fields` must be an object of named fields, got []."),
        (None, "Experiment: `fields` must be an object of named fields, got null."),
    ],
)  # fmt: skip
def test_a_wrong_description_is_refused_in_one_sentence(given_, sentence):
    with pytest.raises(FieldError) as caught:
        Experiment.from_dict(given_)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("part", [{name: value} for name in PARTS for value in (Blobs, 5, None)])
def test_parts_in_the_wrong_place_are_refused(part):
    with pytest.raises(FieldError, match="must be one of"):
        Experiment(**part)


def test_a_part_may_be_given_as_it_is_but_in_its_own_place():
    assert Experiment.from_dict({"data": Moons()}).data == Moons()
    with pytest.raises(FieldError, match="`data` must be one of Blobs, "):
        Experiment.from_dict({"data": Adam()})


@given(st.floats(0.05, 0.95), st.integers(1, 2000))
def test_work_is_bounded_by_updates(train_fraction, batch_size):
    data = Blobs(samples=SAMPLES_MAX, train_fraction=train_fraction)
    updates_per_epoch = math.ceil(data.train_rows / batch_size)
    most = UPDATES_MAX // updates_per_epoch
    allowed = Experiment(data, epochs=min(most, EPOCHS_MAX), batch_size=batch_size)
    assert allowed.updates_per_epoch == updates_per_epoch
    assume(most < EPOCHS_MAX)
    with pytest.raises(FieldError) as caught:
        Experiment(data, epochs=most + 1, batch_size=batch_size)
    assert caught.value.path == "epochs"
    assert caught.value.rule == Integer(1, most)


def test_work_is_bounded_by_parameters():
    with pytest.raises(FieldError, match=f"`model.hidden` must be .* {PARAMETERS_MAX} parameters"):
        Experiment(Digits(), Dense((256, 256, 256, 256)))


def test_work_is_bounded_by_the_weights_an_epoch_changes():
    large, data = Dense((256, 256, 256)), Blobs(samples=SAMPLES_MAX)
    with pytest.raises(
        FieldError, match=r"`batch_size` must be a whole number from \d+ to"
    ) as caught:
        Experiment(data, large, batch_size=1)
    least = caught.value.rule.low
    allowed = Experiment(data, large, batch_size=least)
    assert allowed.updates_per_epoch * allowed.parameters <= WEIGHTS_PER_EPOCH_MAX
    with pytest.raises(FieldError, match="`batch_size`"):
        Experiment(data, large, batch_size=least - 1)
    assert Experiment(data, batch_size=1, epochs=80).batch_size == 1  # the tutorial's network


@given(experiments(), experiments())
def test_every_path_can_be_read_and_replaced(one, other):
    """Changing every field of `one` to the value in `other` makes `other`, in any order."""
    changes = {}
    for name, value in other.to_dict().items():
        fields = value.items() if isinstance(value, dict) else [("", value)]
        changes |= {f"{name}.{field}" if field else name: item for field, item in fields}
    assert all(other.get(path) == value for path, value in changes.items())
    backwards = dict(reversed(changes.items()))
    assert one.replace(changes) == one.replace(backwards) == other


def test_a_change_of_kind_starts_from_the_kinds_defaults():
    start = Experiment(optimizer=Sgd(learning_rate=5.0), schedule=Plateau(patience=3))
    assert start.replace({"optimizer.kind": "adam"}).optimizer == Adam()
    assert start.replace({"optimizer.kind": "sgd"}) == start
    changed = start.replace({"schedule.final_fraction": 0.5, "schedule.kind": "cosine"})
    assert changed.schedule == Cosine(final_fraction=0.5)
    assert start.replace({"data": Moons(), "data.noise": 0.5}).data == Moons(noise=0.5)
    assert dataclasses.replace(start, seed=7) == start.replace({"seed": 7})


@pytest.mark.parametrize(
    "path",
    ["", ".", "learning_rate", "optimizer.lr", "optimizer.kind.x", "optimizer.", "epochs.x",
     "data.factor", "a\nb", "x" * 5000, "\ud800", ".kind"],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(FieldError) as caught:
        Experiment().get(path)
    assert str(caught.value).isprintable()
    with pytest.raises(FieldError) as caught:
        Experiment().replace({path: 1})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("changes", [{"data": 5, "data.noise": 1}, {"model": None}, {"data": []}])
def test_a_part_that_is_no_object_is_refused(changes):
    with pytest.raises(FieldError, match="must be"):
        Experiment().replace(changes)


def test_an_experiment_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Experiment().seed = 1  # type: ignore[misc]


@pytest.mark.parametrize("kinds", [DATA, OPTIMIZERS, SCHEDULES])
def test_every_kind_goes_by_its_name(kinds):
    for kind, cls in kinds.items():
        assert cls.kind == kind
        assert next(iter(cls().to_dict())) == "kind"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_the_first_editions_experiments_keep_their_keys_and_their_text(row):
    for one in (Experiment.from_json(row["json"]), Experiment.from_dict(row["given"])):
        assert one.to_json() == row["json"]
        assert one.key == row["key"]


def test_what_is_newer_is_written_only_where_it_is_not_usual():
    newer = {"loss": "squared_error", "changes": [{"epoch": 5, "epochs": 9}], "model": {"l2": 0.1}}
    for name, value in newer.items():
        text = Experiment.from_dict({name: value}).to_json()
        assert len(text) > len(Experiment().to_json())
        assert Experiment.from_json(text) == Experiment.from_dict({name: value})
    assert "kind" not in Experiment().canonical()["model"]
    digits = {"data": {"kind": "digits"}, "model": {"kind": "conv"}}
    assert Experiment.from_dict(digits).canonical()["model"]["kind"] == "conv"


def test_all_rows_may_be_a_batch():
    everything = Experiment.from_dict({"batch_size": "all", "data": {"samples": 90}})
    assert everything.whole_batch
    assert everything.key == everything.replace({"batch_size": 45}).key
    assert not everything.replace({"batch_size": 45}).whole_batch
    assert everything.replace({"epochs": 9}).replace({"data.samples": 20}).batch_size == 10
    assert everything.batch_size == 45
    assert json.loads(everything.to_json())["batch_size"] == 45
    assert Experiment.from_json('{"batch_size": "all"}') == Experiment(batch_size=500)
    assert Experiment().replace({"batch_size": "all", "data.samples": 90}).batch_size == 45
    largest = Blobs(samples=SAMPLES_MAX, train_fraction=0.95)
    assert Experiment(largest, batch_size="all").updates_per_epoch == 1
