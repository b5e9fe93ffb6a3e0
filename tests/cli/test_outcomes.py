"""What a command says, writes and returns where a run does not finish, or is interrupted."""

from __future__ import annotations

from core.cli.program import main
from tests.cli.trainer import Trainer, rows


def test_a_diverged_run_is_told_and_is_no_failure(capsys):
    trainer = Trainer("diverged", epochs=2)
    assert main(["study", "momentum"], train=trainer) == 0
    out, err = capsys.readouterr()
    assert len(rows(out)) == 8
    assert "4 runs in 1 s: 4 diverged." in err
    assert "momentum=0.99, seed 0: diverged at epoch 3." in err


def test_a_network_that_only_plain_keras_can_train_is_not_said_to_be_written(capsys, tmp_path):
    """Here what the compiled engine makes of it diverges, and the trainer is made up."""
    file = tmp_path / "net.keras"
    wild = ("--set", "optimizer.learning_rate=10", "--set", "data.noise=10")
    assert main(["run", "--engine", "keras", *wild, "--model", str(file)], train=Trainer()) == 1
    said = f"No network is written, since the compiled engine diverges: {file} is as it was."
    assert said in capsys.readouterr().err
    assert not file.exists()


def test_a_run_that_does_not_finish_is_said_to_leave_no_network(capsys, tmp_path):
    file = tmp_path / "net.keras"
    assert main(["run", "--model", str(file)], train=Trainer("diverged")) == 0
    said = f"No network is written, since the run has not finished: {file} is as it was."
    assert said in capsys.readouterr().err


def test_a_failed_run_is_a_failure_and_keeps_what_there_is(capsys):
    assert main(["run"], train=Trainer("failed", epochs=2)) == 1
    assert len(rows(capsys.readouterr().out)) == 2


def test_an_interrupted_command_writes_what_was_finished(capsys):
    trainer = Trainer("stopped", epochs=2, interrupted=True)
    assert main(["study", "momentum"], train=trainer) == 130
    out, err = capsys.readouterr()
    assert len(rows(out)) == 8
    assert "Interrupted: the 8 epochs that were finished are written." in err


def test_interrupted_claims_say_how_many_runs_they_are_by(capsys):
    assert main(["claims", "--seeds", "2"], train=Trainer("stopped", interrupted=True)) == 130
    _, err = capsys.readouterr()
    assert "Interrupted: the verdicts are by the 0 of " in err
    assert "epochs" not in err


def test_an_interrupt_that_cannot_wait_is_a_sentence(capsys):
    def impatient(experiments, engine, columns):
        raise KeyboardInterrupt

    assert main(["run"], train=impatient) == 130
    assert capsys.readouterr().err == "Interrupted before anything could be written.\n"
