"""What the commands train and where they write it, without an engine."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from core.analysis.claims import CLAIMS
from core.analysis.studies import study
from core.cli.commands import FILES
from core.cli.program import main
from core.experiment import Experiment
from tests.cli.trainer import Trainer, rows


def test_run_is_the_tutorials_experiment(capsys):
    trainer = Trainer()
    assert main(["run"], train=trainer) == 0
    assert (trainer.experiments, trainer.engine) == ([Experiment()], "compiled")
    out, err = capsys.readouterr()
    assert [row["epoch"] for row in rows(out)] == ["1", "2", "3"]
    assert "1 run in 1 s: 1 finished." in err


def test_settings_are_read_by_the_rule_of_their_field():
    trainer = Trainer()
    settings = ("optimizer.beta_1=0.8", "optimizer.kind=adam", "model.hidden=64,32", "epochs=7")
    settings += ("model.hidden=8",)  # the last one counts
    arguments = [part for setting in settings for part in ("--set", setting)]
    assert main(["run", *arguments, "--engine", "keras"], train=trainer) == 0
    [trained] = trainer.experiments
    assert (trained.optimizer.kind, trained.optimizer.beta_1) == ("adam", 0.8)
    assert (trained.model.hidden, trained.epochs, trainer.engine) == ((8,), 7, "keras")


def test_seeds_count_on_from_the_experiments_own(tmp_path):
    trainer = Trainer()
    file = tmp_path / "experiment.json"
    file.write_text(Experiment(seed=5, epochs=3).to_json())
    assert main(["run", str(file), "--seeds", "3"], train=trainer) == 0
    assert [one.seed for one in trainer.experiments] == [5, 6, 7]
    assert {one.epochs for one in trainer.experiments} == {3}


def test_run_writes_to_a_file(capsys, tmp_path):
    file = tmp_path / "records.csv"
    assert main(["run", "--seeds", "2", "--out", str(file)], train=Trainer()) == 0
    assert capsys.readouterr().out == ""
    assert [row["seed"] for row in rows(file.read_text())] == ["0"] * 3 + ["1"] * 3


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


def test_run_as_json_is_an_object_a_seed(capsys, tmp_path):
    file = tmp_path / "records.csv"
    arguments = ["run", "--seeds", "2", "--set", "data.kind=moons", "--json"]
    assert main(arguments, train=Trainer(epochs=200)) == 0
    told = objects(capsys.readouterr().out)
    assert [one["experiment"]["seed"] for one in told] == [0, 1]
    assert all(one["outcome"] == {"kind": "finished", "epoch": 200, "why": ""} for one in told)
    assert told[0]["final"]["val_accuracy"] == 0.5
    rows_of_test = Experiment.from_dict(told[0]["experiment"]).data.load().y_test
    assert told[0]["guessing"] == max((rows_of_test == 0).mean(), (rows_of_test == 1).mean())
    assert list(told[0]["verdict"]) == ["cause", "sentence", "evidence", "next"]
    assert main([*arguments, "--out", str(file)], train=Trainer()) == 0
    assert len(objects(capsys.readouterr().out)) == 2
    assert len(rows(file.read_text())) == 6


def test_a_file_that_is_called_json_holds_the_objects(capsys, tmp_path):
    file = tmp_path / "runs.jsonl"
    for more in ([], ["--json"]):
        assert main(["run", "--out", str(file), *more], train=Trainer()) == 0
        assert capsys.readouterr().out == ""
        assert objects(file.read_text())[0]["experiment"] == json.loads(Experiment().to_json())


def test_a_run_that_diverged_at_once_is_told_as_json(capsys):
    assert main(["run", "--json"], train=Trainer("diverged", epochs=0)) == 0
    [told] = objects(capsys.readouterr().out)
    assert told["outcome"] == {"kind": "diverged", "epoch": 1, "why": ""}
    assert set(told["final"].values()) == {None}
    assert told["verdict"]["cause"] == "diverged"


def test_study_names_its_runs_and_fills_a_folder(capsys, tmp_path):
    trainer, folder = Trainer(), tmp_path / "new" / "folder"
    arguments = ["study", "optimizer", "--seeds", "2", "--preset", "keras-3", "--out", str(folder)]
    assert main(arguments, train=trainer) == 0
    assert capsys.readouterr().out == ""
    assert trainer.experiments == study("optimizer", "keras-3").experiments(2)
    written = rows((folder / "records.csv").read_text())
    assert list(dict.fromkeys(row["run"] for row in written)) == [
        "optimizer=sgd",
        "optimizer=rmsprop",
        "optimizer=adagrad",
        "optimizer=adam",
    ]
    given = json.loads((folder / "experiments.json").read_text())
    assert [Experiment.from_dict(one) for one in given] == trainer.experiments
    table = list(csv.DictReader(io.StringIO((folder / "table.csv").read_text())))
    assert [row["finished"] for row in table] == ["2"] * 4
    assert {file.name for file in folder.iterdir()} == set(FILES)


def test_a_study_tells_how_each_run_ended(tmp_path):
    trainer = Trainer("diverged", epochs=2)
    arguments = ["study", "momentum", "--seeds", "2", "--out", str(tmp_path)]
    assert main(arguments, train=trainer) == 0
    lines = (tmp_path / "runs.csv").read_text().splitlines()
    assert lines[:3] == [
        "run,seed,outcome,epoch,why",
        "momentum=0.0,0,diverged,3,",
        "momentum=0.0,1,diverged,3,",
    ]
    assert len(lines) == 1 + 8


def test_parquet_holds_what_the_csv_holds(tmp_path):
    arguments = ["study", "momentum", "--seeds", "2", "--out", str(tmp_path)]
    assert main(arguments, train=Trainer()) == 0
    as_csv = rows((tmp_path / "records.csv").read_text())
    as_parquet = pq.read_table(tmp_path / "records.parquet").to_pylist()
    texts = ("run",)
    assert as_parquet == [
        {name: value if name in texts else float(value) for name, value in row.items()}
        for row in as_csv
    ]


def test_a_file_that_is_called_parquet_is_parquet(capsys, tmp_path):
    file = tmp_path / "run.Parquet"
    assert main(["run", "--seeds", "2", "--out", str(file)], train=Trainer()) == 0
    assert capsys.readouterr().out == ""
    assert pq.read_table(file).column("seed").to_pylist() == [0] * 3 + [1] * 3


def test_a_study_of_ones_own_varies_two_fields_of_an_experiment(capsys, tmp_path):
    trainer, file = Trainer(), tmp_path / "base.json"
    file.write_text(Experiment(seed=5, epochs=3).to_json())
    varied = ["--vary", "optimizer.learning_rate=0.01:1:3", "--vary", "model.hidden=50; 8,8"]
    options = ["--base", str(file), "--set", "batch_size=8", "--seeds", "2", "--engine", "keras"]
    assert main(["study", *varied, *options], train=trainer) == 0
    base = Experiment(seed=5, epochs=3, batch_size=8)
    assert trainer.experiments == [
        base.replace({"optimizer.learning_rate": rate, "model.hidden": hidden, "seed": seed})
        for rate in (0.01, 0.1, 1.0)
        for hidden in ([50], [8, 8])
        for seed in (5, 6)
    ]
    assert trainer.engine == "keras"
    names = dict.fromkeys(row["run"] for row in rows(capsys.readouterr().out))
    assert list(names)[:2] == ["learning_rate=0.01 hidden=50", "learning_rate=0.01 hidden=8-8"]


@pytest.mark.parametrize("given", ["a setting", "a file"])
def test_a_batch_of_all_rows_is_all_of_each_cell(tmp_path, given):
    trainer, file = Trainer(), tmp_path / "base.json"
    file.write_text('{"batch_size": "all"}')
    options = ["--base", str(file)] if given == "a file" else ["--set", "batch_size=all"]
    assert main(["study", "--vary", "data.samples=100,1000,5000", *options], train=trainer) == 0
    assert [one.batch_size for one in trainer.experiments] == [50, 500, 2500]


def test_a_second_axis_of_one_value_holds_it_for_every_kind():
    trainer = Trainer()
    varied = ["--vary", "optimizer.kind=sgd,adam", "--vary", "optimizer.learning_rate=5e-2"]
    assert main(["study", *varied], train=trainer) == 0
    assert [one.optimizer.learning_rate for one in trainer.experiments] == [0.05, 0.05]


@pytest.mark.parametrize("name", ["run", "run.csv", "run.CSV"])
def test_a_file_without_an_ending_and_one_called_csv_hold_csv(tmp_path, name):
    file = tmp_path / name
    assert main(["run", "--out", str(file)], train=Trainer()) == 0
    assert file.read_text().startswith("run,seed,epoch,")


def test_a_tutorials_study_takes_another_experiment():
    trainer = Trainer()
    settings = ["--set", "data.kind=moons", "--set", "epochs=20"]
    assert main(["study", "momentum", *settings], train=trainer) == 0
    changed = Experiment().replace({"data.kind": "moons", "epochs": 20})
    assert trainer.experiments == study("momentum", base=changed).experiments(1)


def test_epoch_zero_is_the_first_row_of_each_run(capsys, tmp_path):
    arguments = ["--seeds", "2", "--epoch-zero"]
    assert main(["run", *arguments], train=Trainer()) == 0
    read = rows(capsys.readouterr().out)
    assert [(row["seed"], row["epoch"]) for row in read] == [
        (seed, epoch) for seed in "01" for epoch in "0123"
    ]
    assert [row["loss"] for row in read[:2]] == ["1.5", "0.5"]
    assert main(["study", "momentum", *arguments, "--out", str(tmp_path)], train=Trainer()) == 0
    first, *_ = rows((tmp_path / "records.csv").read_text())
    assert (first["epoch"], first["updates"]) == ("0", "0")
    assert pq.read_table(tmp_path / "records.parquet").column("epoch").to_pylist()[:2] == [0, 1]


def test_columns_that_are_asked_for_are_measured_too():
    trainer = Trainer()
    assert main(["run", "--columns", "sharpness, gradient_norm,sharpness"], train=trainer) == 0
    assert trainer.columns == ("sharpness", "gradient_norm")
    assert main(["study", "momentum"], train=trainer) == 0
    assert trainer.columns == ()


def test_where_keras_3_ignores_decay_the_runs_keep_their_names(capsys):
    assert main(["study", "decay", "--preset", "keras-3"], train=Trainer()) == 0
    names = dict.fromkeys(row["run"] for row in rows(capsys.readouterr().out))
    assert list(names) == ["decay=0.1", "decay=0.01", "decay=0.001", "decay=0.0001"]


def test_decay_on_paper_trains_nothing(capsys, tmp_path):
    trainer = Trainer()
    assert main(["study", "decay-on-paper"], train=trainer) == 0
    assert not hasattr(trainer, "experiments")
    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(read) == 4 * 200
    assert (read[50]["run"], read[50]["update"]) == ("decay=0.1", "50")
    assert float(read[50]["learning_rate"]) == pytest.approx(0.01 / 6)
    assert main(["study", "decay-on-paper", "--out", str(tmp_path)], train=trainer) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"records.csv", "experiments.json"}


def test_the_data_are_points(capsys):
    assert main(["study", "data"], train=Trainer()) == 0
    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    split = Experiment().data.load()
    assert [row["part"] for row in read] == ["train"] * 500 + ["test"] * 500
    assert [int(row["class"]) for row in read[:500]] == split.y_train.tolist()
    assert [float(row["x2"]) for row in read[500:]] == split.x_test[:, 1].tolist()


def test_claims_are_told_as_text(capsys):
    assert main(["claims", "--seeds", "2"], train=Trainer(epochs=200)) == 0
    out, _ = capsys.readouterr()
    for claim in CLAIMS:
        assert claim.sentence in out
    # of records that never change: nothing is learnt, all has settled, decays come to the same
    assert "26 claims, keras-2.3: holds 6, depends 0, fails 20." in out
    assert "never in 2 of 2" in out


def test_claims_are_told_as_json(capsys):
    assert main(["claims", "--seeds", "2", "--json"], train=Trainer(epochs=200)) == 0
    read = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in read] == [claim.id for claim in CLAIMS]
    known = {one["id"]: one for one in read}
    assert known["rate-0.1-learns"]["verdict"] == "fails"
    assert (known["rate-0.1-learns"]["agree"], known["rate-0.1-learns"]["seeds"]) == (0, 2)
    assert known["no-momentum-needs-200"]["figures"][0]["median"] is None
    assert known["decay-0.1-ends-at-3.1e-05"]["seeds"] is None
