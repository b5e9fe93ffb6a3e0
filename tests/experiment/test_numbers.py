"""One grammar of numbers for link, page, JSON and command line; what is shown reads back."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.studies import axis_of_list
from core.cli.program import main
from core.experiment import Experiment
from core.experiment.field_types import Integer, Number
from core.experiment.numbers import read_number, read_whole
from core.experiment.refusals import FieldError
from core.experiment.settings import with_settings
from tests.experiment.numbers import FIELDS, TEXTS, meant

RATE, MOMENTUM = FIELDS["learning_rate"], FIELDS["momentum"]


def by_command_line(path, text):
    return with_settings(Experiment(), [f"{path}={text}"])


def by_json(path, text):
    part, _, name = path.rpartition(".")
    fields = {name: text}
    return Experiment.from_json(json.dumps({part: fields} if part else fields))


def outcome(read, path, text):
    """The value that is read, or the code of the refusal."""
    try:
        return read(path, text).get(path)
    except FieldError as error:
        quoted = re.sub(r"\s", " ", text)
        forms = (f'got "{quoted}".', f"got {quoted}.", f"got {json.dumps(text)}.")
        is_quoted = (error.path, error.got) == (path, text) and str(error).endswith(forms)
        return error.code if is_quoted else str(error)


@pytest.mark.parametrize("read", [by_command_line, by_json])
@pytest.mark.parametrize("field", FIELDS)
def test_a_text_is_read_alike_on_the_command_line_and_in_json(read, field):
    assert {text: outcome(read, FIELDS[field], text) for text in TEXTS} == meant(field)


def test_what_the_command_line_refuses_is_one_line_and_exit_status_2(capsys):
    def never(experiments, engine):
        raise AssertionError("a refused command trains nothing")

    for text, code in meant("epochs").items():
        if isinstance(code, str):
            assert main(["run", "--set", f"epochs={text}"], train=never) == 2
            out, err = capsys.readouterr()
            assert (out, err.count("\n")) == ("", 1)
            assert "Experiment: `epochs` must be " in err


@pytest.mark.parametrize(
    ("rule", "text", "both"),
    [
        (Number(0, 1e6), "1,000", ("1", "1000")),
        (Integer(0, 2000), "1,000", ("1", "1000")),
        (Number(0, 1e6), "−12,345", ("-12.345", "-12345")),
    ],
)
def test_a_number_with_two_readings_is_refused_with_both(rule, text, both):
    with pytest.raises(ValueError, match=f"written as {both[0]} or as {both[1]}, whichever"):
        rule.read(text)


def test_a_per_cent_sign_where_no_share_is_meant_is_asked_about():
    with pytest.raises(FieldError, match=r'did you mean 0\.05\?\), got "5%"\.$'):
        by_command_line(RATE, "5%")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_python_writes_reads_back(value):
    comma = repr(value).replace(".", ",")
    has_two_readings = re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", comma)
    for text in (repr(value), f"{value:.17g}", *([] if has_two_readings else [comma])):
        assert read_number(text) == value


@given(st.integers(-(2**63), 2**63))
def test_a_whole_number_reads_back(value):
    assert read_whole(str(value)) == value


@given(st.text(max_size=30) | st.text("0123456789.,eE+-−–％% _'\u3000", max_size=12))
def test_no_text_raises_anything_but_a_refusal(text):
    for rule in (Number(0.0, 10.0), Number(0.0, 1.0, share=True), Integer(0, 2000)):
        try:
            value = rule.read(text)
        except ValueError:
            continue
        assert rule.accept(value) == value


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        (RATE, "0.1, 0.01  1e−3", (0.1, 0.01, 0.001)),
        (RATE, "0.1，0.01、1e-3", (0.1, 0.01, 0.001)),
        (MOMENTUM, "0,0.5,90%", (0.0, 0.5, 0.9)),
        ("epochs", "1,2,3", (1, 2, 3)),
        ("epochs", "100,200", (100, 200)),
        ("epochs", "1e2 ２００", (100, 200)),
        ("data.noise", "1,5", (1.0, 5.0)),
        ("model.hidden", "50；64，32; none", ((50,), (64, 32), ())),
        ("optimizer.kind", "sgd，adam", ("sgd", "adam")),
    ],
)
def test_in_a_list_a_comma_separates(path, text, values):
    assert axis_of_list(Experiment(), path, text).values == values


@pytest.mark.parametrize(
    ("path", "text", "meant"),
    [
        (RATE, "0,1; 0,01", "0.1, 0.01"),
        (RATE, "0,1 0,01", "0.1, 0.01"),
        (RATE, "0,1；0，01", "0.1, 0.01"),
        (RATE, "0,1, 0,01", "0.1, 0.01"),
        (RATE, "0,1,0,01", "0.1, 0.01"),
        (RATE, "0,01", "0.01"),
        (MOMENTUM, "0,5", "0.5"),
        ("data.noise", "0,5, 1,5", "0.5, 1.5"),
        (RATE, "0.1,0,01", "0.1, 0.01"),
        (RATE, "1,0,01,2", "1, 0.01, 2"),
        (RATE, "1,05,2", "1.05, 2"),
        (MOMENTUM, "0.1,0,5", "0.1, 0.5"),
        (RATE, "0.1;0.01", "0.1, 0.01"),
        (RATE, "0.1；0.01", "0.1, 0.01"),
        ("epochs", "10;20", "10, 20"),
    ],
)
def test_a_list_with_decimal_commas_is_refused_with_what_is_meant(path, text, meant):
    with pytest.raises(FieldError) as caught:
        axis_of_list(Experiment(), path, text)
    assert caught.value.code == "decimal_commas"
    assert f'(did you mean {meant}?), got "{text}".' in str(caught.value)


@pytest.mark.parametrize("text", ["0,1,2", "0,1,2,3", "1,5", "0,5", "0，5", "0,0.5", "0 5"])
def test_a_list_whose_commas_separate_is_read(text):
    wanted = tuple(float(word) for word in text.replace("，", ",").replace(",", " ").split())
    assert axis_of_list(Experiment(), "data.noise", text).values == wanted


@pytest.mark.parametrize("text", ["1,000", "100, 1,000", "1,000,000"])
def test_a_list_of_whole_numbers_with_thousands_set_apart_is_refused(text):
    with pytest.raises(FieldError, match="got "):
        axis_of_list(Experiment(), "schedule.warmup_epochs", text)


@pytest.mark.parametrize(
    ("settings", "quoted"),
    [
        (["epochs=2e3", "batch_size=1"], "got 2e3."),
        (["batch_size=1e0", "model.hidden=256，256，256", "data.samples=5e3"], "got 1e0."),
        (["model.hidden=２５６,256,256,256"], 'got "２５６,256,256,256".'),
        (["optimizer.nesterov=1e2"], "got 1e2."),
    ],
)
def test_what_cannot_be_together_is_quoted_as_typed(settings, quoted):
    with pytest.raises(FieldError) as caught:
        with_settings(Experiment(), settings)
    assert str(caught.value).endswith(quoted)
