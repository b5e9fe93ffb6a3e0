"""Wrong input: one line on standard error, nothing on standard output, exit status 2."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli.program import main
from core.experiment.limits import JSON_CHARACTERS_MAX


def never(experiments, engine, columns):
    raise AssertionError("a refused command trains nothing")


def refused(capsys, *arguments):
    assert main(list(arguments), train=never) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["run", "--set", "optimizer.momentum=7"],
            "Experiment: `optimizer.momentum` must be a number at least 0 and at most 0.999, got 7",
        ),
        (["run", "--set", "optimizer.momentum=NaN"], "at most 0.999, got NaN."),
        (["run", "--set", "optimizer.momentum="], 'at most 0.999, got "".'),
        (["run", "--set", "optimizer.momentum"], "must be a path and a value, path=value, got"),
        (["run", "--set", "epochs=1e9"], "`epochs` must be a whole number from 1 to 2000, got 1"),
        (["run", "--set", "epochs=9" + "9" * 5000], "`epochs` must be a whole number"),
        (["run", "--set", "optimizer.speed=1"], "one of the fields optimizer.kind, optimizer.lear"),
        (
            ["run", "--set", "speed=1"],
            "data, model, loss, optimizer, schedule, changes, epochs, batch_size",
        ),
        (
            ["run", "--set", "optimizer.kind=adamm"],
            "one of sgd, rmsprop, adagrad, adam, adamw, nadam, adamax, lion, muon, got",
        ),
        (["run", "--set", "schedule.decay=0.1"], "schedule.kind, schedule.warmup_epochs, got"),
        (["run", "--set", "model.hidden=" + "9," * 500 + "9"], "`model.hidden` must be a list of"),
        (["run", "--seeds", "0"], "Command: `--seeds` must be a whole number from 1 to 50, got 0."),
        (["run", "--seeds", "51"], "a whole number from 1 to 50, got 51."),
        (["run", "--seeds", "ten"], 'a whole number from 1 to 50, got "ten".'),
        (["claims", "--seeds", "-1"], "a whole number from 1 to 50, got -1."),
        (
            ["run", "--seeds", "2", "--set", "seed=2147483647"],
            "Experiment: `seed` must be a whole number from 0 to 2147483646 for 2 seeds, got 21474"
            "83647.",
        ),
        (
            ["run", "--seeds", "2", "--set", "seed=2.147483647e9"],
            "from 0 to 2147483646 for 2 seeds, got 2.147483647e9.",
        ),
        (
            ["study", "momentum", "--seeds", "2", "--set", "seed=2.147483647e9"],
            "from 0 to 2147483646 for 2 seeds, got 2.147483647e9.",
        ),
        (
            ["run", "--model", "net.h5"],
            "`--model` must be a file that ends in .keras, got",
        ),
        (
            ["run", "--model", "net.keras", "--seeds", "2"],
            "Command: `--model` must be left out with more than one seed, got",
        ),
        (["run", "--engine", "torch"], 'must be one of compiled, keras, got "torch".'),
        (["run", "no/such/file.json"], "`experiment` must be a JSON file that can be read, or -"),
        (["run", "."], "must be a JSON file that can be read"),
        (["run", "a\0b"], "must be a JSON file that can be read"),
        (["run", "--out", "no/such/folder/file.csv"], "`--out` must be a file in a folder that"),
        (["run", "--out", "."], "`--out` must be a file in a folder that can be written to"),
        (
            ["study", "lr"],
            "Study: `name` must be one of data, learning-rate, momentum, decay-on-pap",
        ),
        (
            ["study", "momentum", "--preset", "keras-1"],
            "`--preset` must be one of keras-2.3, keras",
        ),
        (
            ["study", "momentum", "--out", "/dev/null/x"],
            "`--out` must be a folder that can be made",
        ),
        (["run", "--set", "model.hidden=[50]"], 'from 1 to 256, written as 50,50, got "[50]".'),
        (["run", "--set", "=1"], 'must be a path and a value, path=value, got "=1".'),
        (["run", "--out", "folder/"], "`--out` must be a file in a folder that can be written to"),
        (["run", "--out", ""], "`--out` must be a file in a folder that can be written to"),
        (["run", "--out", "a" * 300], "`--out` must be a file in a folder that can be written to"),
        (["run", "--out", "a\0b"], "`--out` must be a file in a folder that can be written to"),
        (["run", "--out", "\ud800"], "`--out` must be a file in a folder that can be written to"),
        (["run", "--out", "/dev/null/x"], "`--out` must be a file in a folder"),
        (["study", "momentum", "--out", "a" * 300], "`--out` must be a folder that can be made"),
        (["study", "momentum", "--out", "a\0b"], "`--out` must be a folder that can be made"),
        (
            ["study", "data", "--engine", "keras"],
            '`--engine` must be left out for data, which trains nothing, got "keras".',
        ),
        (
            ["study", "decay-on-paper", "--seeds", "3"],
            "`--seeds` must be left out for decay-on-paper, which trains nothing, got 3.",
        ),
        (["study"], "the following arguments are required: NAME or --vary PATH=VALUES"),
        (["study", "--vary", "optimizer.momentum"], "must be a path and a value, path=value, got"),
        (["study", "--vary", "optimizer.momentum=0,7"], "(did you mean 0.7?), got"),
        (["study", "--vary", "optimizer.momentum=0:0.9"], "values, or a range LOW:HIGH:N, got"),
        (["study", "--vary", "seed=1,2"], "must be other than the seed, which every study varies"),
        (["study", "--vary", "epochs=1,2", "--vary", "epochs=3"], "one field, or two that diff"),
        (
            ["study", "momentum", "--vary", "epochs=1,2"],
            'Command: `NAME` must be left out beside --vary, got "momentum".',
        ),
        (
            ["study", "--vary", "epochs=1,2", "--preset", "keras-3"],
            "`--preset` must be left out beside --vary",
        ),
        (
            ["study", "momentum", "--set", "optimizer.learning_rate=0.5"],
            "Command: `--set` must be of a field that the study neither varies nor holds, got",
        ),
        (
            ["study", "learning-rate", "--set", "optimizer.kind=adam"],
            "Command: `--set` must be of a field that the study neither varies nor holds, got",
        ),
        (
            ["run", "--columns", "speed"],
            "`--columns` must be names among measured_loss, measured_accuracy, gradient_norm, s",
        ),
        (
            ["run", "--columns", ""],
            "`--columns` must be names among measured_loss, measured_accuracy, gradient_norm",
        ),
        (
            ["study", "data", "--epoch-zero"],
            "`--epoch-zero` must be left out for data, which trains nothing",
        ),
        (
            ["run", "--json", "--epoch-zero"],
            'must be left out where no records are written, got "--epoch-zero".',
        ),
        (
            ["study", "decay-on-paper", "--columns", "sharpness, gradient_norm"],
            'which trains nothing, got "sharpness, gradient_norm".',
        ),
        (["study", "data", "--seeds", "03"], 'which trains nothing, got "03".'),
        (
            ["study", "--vary", "epochs=1", "--vary", "epochs=2"],
            'Command: `--vary` must be one field, or two that differ, got "epochs=1 epochs=2".',
        ),
        (["study", "--vary", "seed=1,2"], 'which every study varies, got "seed=1,2".'),
        (
            ["study", "--vary", "optimizer.learning_rate=0.1,0,01"],
            '(did you mean 0.1, 0.01?), got "0.1,0,01".',
        ),
        (["run", "--set", "optimizer.clipnorm=1e-400"], "can be told from 0, got 1e-400."),
        (
            ["run", "--out", "records.xlsx"],
            "`--out` must be a file that ends in .csv, .parquet, .json, .jsonl, got",
        ),
        (
            ["study", "--vary", "optimizer.kind=sgd,adam", "--set", "optimizer.learning_rate=5e-2"],
            "neither varies nor holds, and each optimizer.kind has its own (--vary "
            'optimizer.learning_rate=5e-2 gives it to all of them), got "optimizer.learning_rate=5',
        ),
        (
            ["study", "--vary", "optimizer.kind=sgd,adam", "--set", "optimizer.momentum=0.9"],
            'that the study neither varies nor holds, got "optimizer.momentum=0.9".',
        ),
        (["run", "--json", "--out", "no/such/folder/file.json"], "`--out` must be a file in a fo"),
        (["study", "--base", "no/file", "--vary", "epochs=1"], "`--base` must be a JSON file"),
        (
            ["study", "--vary", "data.noise=1:2:100", "--vary", "epochs=1:100:100"],
            "Study: `cells` must be at most ",
        ),
        (
            ["study", "learning-rate", "--set", "epochs=2000", "--seeds", "50"],
            "Study: `cells` must be at most 5 at 50 seeds, got",
        ),
        (["fly"], "invalid choice: 'fly'"),
        (["bench", "--fast"], "unrecognized arguments: --fast"),
        (["bench", "--against", "no/such"], "`--against` must be a checkout of this program, whi"),
        (["bench", "--against", "a\0b"], "`--against` must be a checkout of this program, which"),
        ([], "required: COMMAND"),
        (["run", "-", "--speed", "9\n9"], "unrecognized arguments: --speed 9 9"),
        (["run", "-", "--se", "9"], "unrecognized arguments: --se 9"),
    ],
)
def test_one_line_names_field_expectation_and_value(capsys, arguments, sentence):
    assert sentence in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Experiment: `text` must be valid JSON"),
        ("[1, 2]", "an object of named fields, got [1, 2]"),
        ("{", "must be valid JSON"),
        ("[" * 100_000, "must be"),
        (" " * (JSON_CHARACTERS_MAX + 1), "JSON of at most 100000 characters"),
        (json.dumps({"epochs": 10**9}), "`epochs` must be a whole number from 1 to 2000"),
        (json.dumps({"speed": 1}), "speed"),
        (json.dumps({"optimizer": {"kind": "sgd", "momentum": 2}}), "`optimizer.momentum` must be"),
        (json.dumps({"data": "blobs"}), "`data` must be an object of named fields"),
        ('{"optimizer": {"learning_rate": NaN}}', "`optimizer.learning_rate` must be a number"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(capsys, tmp_path, text, sentence):
    file = tmp_path / "experiment.json"
    file.write_text(text)
    assert sentence in refused(capsys, "run", str(file))


def test_a_folder_in_which_a_file_cannot_be_written_is_refused(capsys, tmp_path):
    (tmp_path / "table.csv").mkdir()
    told = refused(capsys, "study", "momentum", "--out", str(tmp_path))
    assert "`--out` must be a folder that can be written to" in told


def test_a_file_that_is_no_text_is_refused(capsys, tmp_path):
    file = tmp_path / "experiment.json"
    file.write_bytes(b"\xff\xfe\x00" * 100)
    assert "a JSON file that can be read" in refused(capsys, "run", str(file))


@given(st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_nothing_that_is_typed_makes_a_traceback(words):
    settings = [part for word in words for part in ("--set", word)]
    assert main(["run", *settings, "--seeds", "0"], train=never) == 2


@given(st.text(max_size=20))
def test_no_values_that_are_typed_make_a_traceback(text):
    varied = [f"--vary=optimizer.momentum={text}", f"--vary=model.hidden={text}"]
    assert main(["study", *varied, "--seeds", "0"], train=never) == 2
