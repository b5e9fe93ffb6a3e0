"""Fields by their path, and what a person writes for them."""

from __future__ import annotations

import pytest
from hypothesis import given

from core.experiment import Experiment
from core.experiment.refusals import FieldError
from core.experiment.settings import paths, read, with_settings
from tests.experiment.kinds import FORK, each_kind
from tests.experiment.strategies import experiments

FORK_TEXT = '[{"epoch": 100, "optimizer.learning_rate": 0.001, "epochs": 300}]'


@given(experiments())
def test_every_path_of_an_experiment_has_a_rule_that_takes_its_value(experiment):
    values = {path: experiment.get(path) for path in paths(experiment)}
    assert experiment.replace(values) == experiment


@pytest.mark.parametrize("change", each_kind())
def test_paths_stand_in_the_order_of_the_fields(change):
    experiment = Experiment().replace(change)
    known = list(paths(experiment))
    tops = list(dict.fromkeys(path.partition(".")[0] for path in known))
    assert tops == list(experiment.to_dict())
    for top in ("data", "model", "optimizer", "schedule"):
        names = [path.partition(".")[2] for path in known if path.startswith(top + ".")]
        assert names == list(experiment.to_dict()[top])


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("batch_size=all", "batch_size", 500),
        ("batch_size= ALL ", "batch_size", 500),
        ("loss=squared_error", "loss", "squared_error"),
        (f"changes={FORK_TEXT}", "changes", FORK[:1]),
        ("changes=[]", "changes", []),
        ("optimizer.weight_decay=0.01", "optimizer.weight_decay", 0.01),
        ("model.batch_norm=true", "model.batch_norm", True),
    ],
)
def test_what_is_newer_can_be_set_by_text(setting, path, value):
    assert with_settings(Experiment(), [setting]).get(path) == value


def test_a_convolution_can_be_set_by_text():
    made = with_settings(Experiment(), ["model.filters=4,8", "model.kind=conv", "data.kind=digits"])
    assert made.model.filters == (4, 8)


@pytest.mark.parametrize("text", ["", "5", "none", "{}", '[{"epoch": 1, "epoch": 2}]', "[" * 9999])
def test_text_that_is_no_list_of_changes_is_refused_with_an_example(text):
    expected = r'a list of at most 200 changes, written as \[\{"epoch": 5'
    with pytest.raises(FieldError, match=expected):
        read(Experiment(), "changes", text)


def test_a_wrong_change_in_a_text_is_refused_by_its_path():
    with pytest.raises(FieldError, match=r"`changes\.1\.epochs` must be a whole number from 5"):
        with_settings(Experiment(), ['changes=[{"epoch": 5, "epochs": 4}]'])
