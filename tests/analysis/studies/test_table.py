"""The table of a study, a row a cell."""

from __future__ import annotations

import csv
import io

import pytest

from core.analysis.statistics import wilson
from core.analysis.studies import study, table, table_csv
from core.analysis.studies.table import OUTCOMES, SPREAD
from tests.analysis.studies.made_up import climbing_to, made_up

SHOWN = study("momentum")


def runs(seeds=2):
    """Momentum 0 learns at epoch 40, 0.5 once in two, 0.9 never, and 0.99 diverges."""
    made = []
    for experiment in SHOWN.experiments(seeds):
        first = experiment.seed == 0
        made.append(
            {
                0.0: lambda e: made_up(e, val_accuracy=climbing_to(0.9, at=40)),
                0.5: lambda e, first=first: made_up(e, val_accuracy=0.82 if first else 0.7),
                0.9: lambda e: made_up(e, val_accuracy=0.4),
                0.99: lambda e: made_up(e, epochs=3, outcome="diverged"),
            }[experiment.optimizer.momentum](experiment)
        )
    return made


def test_a_row_a_cell_over_its_seeds():
    steady, split, never, lost = table(SHOWN, runs())
    assert [row.cell.label for row in (steady, split, never, lost)] == SHOWN.names()
    assert (steady.final.mean, steady.epochs_to_80.mean, steady.reached.count) == (0.9, 40.0, 2)
    assert split.final.mean == pytest.approx(0.76)
    assert split.final.low < 0.7 < 0.82 < split.final.high
    assert (split.reached.share, split.epochs_to_80.count) == (0.5, 1)
    assert never.reached.share == 0.0
    assert lost.outcomes == {"diverged": 2}
    assert (lost.final.count, lost.best.mean) == (0, 0.5)


def test_the_table_as_csv_leaves_the_unknown_empty():
    header, *rows = csv.reader(io.StringIO(table_csv(table(SHOWN, runs()))))
    read = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["run"] for row in read] == SHOWN.names()
    assert float(read[0]["final"]) == 0.9
    assert float(read[0]["epochs_to_80"]) == 40.0
    assert read[2]["epochs_to_80"] == read[3]["final"] == ""
    assert (read[3]["diverged"], read[3]["finished"]) == ("2", "0")


def read_table(rows):
    header, *lines = csv.reader(io.StringIO(table_csv(rows)))
    return header, [dict(zip(header, line, strict=True)) for line in lines]


def test_the_table_tells_the_spread_of_the_values_behind_a_mean():
    _, read = read_table(table(SHOWN, runs()))
    split = {name: float(read[1][f"final_{name}"]) for name in SPREAD}
    assert split == {
        "deviation": pytest.approx(0.12 / 2**0.5),  # of 0.82 and 0.7
        "min": 0.7,
        "max": 0.82,
        "n": 2,
    }
    assert [read[1][f"epochs_to_80_{name}"] for name in SPREAD] == ["", "1.0", "1.0", "1"]
    assert [read[3][f"final_{name}"] for name in SPREAD] == ["", "", "", "0"]


@pytest.mark.parametrize(("seeds", "is_known"), [(2, False), (3, True)])
def test_an_interval_is_that_of_three_values_or_more(seeds, is_known):
    """Of 1 and 137 Student's would be from below -600 to above 700 epochs."""
    epochs = (1, 137, 80)
    made = [
        made_up(e, val_accuracy=climbing_to(0.9, at=epochs[e.seed]))
        for e in SHOWN.experiments(seeds)
    ]
    _, read = read_table(table(SHOWN, made))
    for name in ("final", "best", "epochs_to_80", "rises", "swing"):
        assert all((read[0][name + end] != "") is is_known for end in ("_low", "_high"))
        assert read[0][name] != ""


def test_only_finished_runs_have_an_end():
    made = [made_up(e, val_accuracy=0.8) for e in SHOWN.experiments(2)]
    made[0] = made_up(made[0].experiment, val_accuracy=0.3, epochs=9, outcome="stopped")
    _, read = read_table(table(SHOWN, made))
    assert (read[0]["runs"], read[0]["finished"], read[0]["stopped"]) == ("2", "1", "1")
    assert (read[0]["final"], read[0]["final_n"]) == ("0.8", "1")


# Written by the first edition.
FIRST_COLUMNS = (
    "run,runs,final,final_low,final_high,best,best_low,best_high,epochs_to_80,epochs_to_80_low,"
    "epochs_to_80_high,rises,rises_low,rises_high,swing,swing_low,swing_high,reached,reached_low,"
    "reached_high,finished,finished_share,finished_share_low,finished_share_high,stopped,"
)


def test_new_columns_stand_behind_those_that_were_there_before():
    header, _ = read_table([])
    assert ",".join(header).startswith(FIRST_COLUMNS)
    assert header.index("final_deviation") > header.index("failed_share_high")


def test_every_outcome_is_counted_with_the_interval_of_its_share():
    header, *rows = csv.reader(io.StringIO(table_csv(table(SHOWN, runs()))))
    for row, one in zip(table(SHOWN, runs()), rows, strict=True):
        read = dict(zip(header, one, strict=True))
        for kind in OUTCOMES:
            share = wilson(row.outcomes.get(kind, 0), row.runs)
            found = tuple(float(read[f"{kind}_share{end}"]) for end in ("", "_low", "_high"))
            assert found == (share.share, share.low, share.high)


def test_runs_that_have_not_begun_have_no_figures():
    empty = [made_up(e, epochs=0, outcome="interrupted") for e in SHOWN.experiments(2)]
    assert [row.final.count for row in table(SHOWN, empty)] == [0, 0, 0, 0]
