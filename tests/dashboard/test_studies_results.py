"""What a study came to: the table's texts, and the sentence above the chart."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from core.analysis.studies import Study, study, table_csv
from core.analysis.studies.tutorial import KERAS_2, KERAS_3
from core.experiment import Experiment
from core.experiment.records import Run
from dashboard.lines import versions
from dashboard.lines.findings import Results, finding, results_of
from dashboard.lines.rows import columns, lines
from dashboard.settings.axis import VariedField
from dashboard.settings.studies import BOTH, COLUMNS, OWN, StudiesSettings
from dashboard.settings.study_plan import plan
from dashboard.text import LANGUAGES, Words
from tests.analysis.studies.made_up import climbing_to, made_up, seeded

EN = Words("en")
MOMENTUM = study("momentum")
SEEDS = 10
NEAR = "noise:linear:1:1.01:5"


def ending_at(study: Study, finals: list[float], spread: float = 0.0, at: int = 20) -> list[Run]:
    """Runs whose test accuracy is near 0.3 and then near a final value, cell by cell."""
    noise = np.random.default_rng(5).normal(0, 1, (len(finals), SEEDS))
    return [
        made_up(
            seeded(cell.experiment, seed),
            val_accuracy=climbing_to(final + spread * noise[n, seed], at),
        )
        for n, (cell, final) in enumerate(zip(study.cells, finals, strict=True))
        for seed in range(SEEDS)
    ]


def texts(of: Results, row: int = 0) -> dict[str, str]:
    entries = lines(of.rows, EN)[row].entries
    names = [column.name for column in columns(MOMENTUM, EN)]
    return {name: entry.text for name, entry in zip(names, entries, strict=True)}


def test_the_columns_are_those_that_a_link_can_sort_by() -> None:
    assert tuple(column.name for column in columns(MOMENTUM, EN)) == COLUMNS


def test_every_figure_carries_its_interval() -> None:
    runs = ending_at(MOMENTUM, [0.8] * 4)
    for run in runs[:5]:  # of the first cell, five end at 0.82 and five at 0.8
        run.records[-1, -1] = 0.82
    row = texts(results_of(MOMENTUM, runs))
    # t of 9 degrees of freedom, 2.262, times the deviation 0.0105 over √10
    assert row["final"] == "81.0 ± 0.8 %"
    assert row["best"] == "81.0 ± 0.8 %"
    assert row["epochs_to_80"] == "20 ± 0"
    assert row["reached"] == "10 of 10 (72–100 %)"
    assert row["outcomes"] == "10 finished (72–100 %)"


def test_outcomes_are_counted_and_a_diverged_run_has_no_final() -> None:
    runs = ending_at(MOMENTUM, [0.7] * 4)
    runs[0] = made_up(runs[0].experiment, epochs=5, outcome="diverged", val_accuracy=0.9)
    row = texts(results_of(MOMENTUM, runs))
    assert row["outcomes"] == "9 finished (60–98 %), 1 diverged (2–40 %)"
    assert row["final"] == "70.0 ± 0.0 % (9 of 10)"
    assert texts(results_of(MOMENTUM, runs), 1)["epochs_to_80"] == "never"


def test_what_is_sorted_by_is_the_number_and_not_the_text() -> None:
    of = results_of(MOMENTUM, ending_at(MOMENTUM, [0.095, 0.8, 1.0, 0.5]))
    finals = [line.entries[1].number for line in lines(of.rows, EN)]
    assert finals == pytest.approx([0.095, 0.8, 1.0, 0.5])


def test_one_seed_has_no_interval() -> None:
    runs = [made_up(cell.experiment, val_accuracy=climbing_to(0.81, 9)) for cell in MOMENTUM.cells]
    row = texts(results_of(MOMENTUM, runs))
    assert (row["final"], row["epochs_to_80"], row["reached"]) == ("81.0 %", "9", "1 of 1")


def test_the_best_value_is_named_with_its_figure() -> None:
    of = results_of(MOMENTUM, ending_at(MOMENTUM, [0.7, 0.75, 0.83, 0.6]))
    assert finding(of, EN) == (
        "Best at the end: momentum 0.9, 83.0 ± 0.0 %. "
        "First at 80 %: momentum 0.9, epoch 20, the median of the seeds."
    )


def with_diverged(runs: list[Run], cell: int, count: int) -> list[Run]:
    """The same runs, of which the first so many of one cell diverge."""
    first = cell * SEEDS
    lost = [made_up(one.experiment, epochs=5, outcome="diverged") for one in runs[first:]]
    return [*runs[:first], *lost[:count], *runs[first + count :]]


@pytest.mark.parametrize("lost", [1, 3, SEEDS - 1])
def test_a_value_that_loses_runs_is_not_ranked_on_its_survivors(lost: int) -> None:
    runs = with_diverged(ending_at(MOMENTUM, [0.7, 0.75, 0.83, 0.99]), 3, lost)
    of = results_of(MOMENTUM, runs)
    said = finding(of, EN)
    assert "Best at the end: momentum 0.9, 83.0 ± 0.0 %" in said
    assert f"Not ranked, because runs were lost: momentum 0.99 ({SEEDS - lost} of 10)." in said
    assert [row.cell for row in of.first] == [MOMENTUM.cells[2]]


def test_where_runs_are_lost_everywhere_nothing_is_best() -> None:
    runs = ending_at(MOMENTUM, [0.8] * 4)
    for cell in range(4):
        runs = with_diverged(runs, cell, 1)
    assert finding(results_of(MOMENTUM, runs), EN) == EN("studies.found_all_lost")


def test_a_run_that_was_cut_short_has_no_part_in_any_figure() -> None:
    runs = ending_at(MOMENTUM, [0.82, 0.7, 0.7, 0.7])
    for place in range(4):
        runs[place] = made_up(
            runs[place].experiment, epochs=100, outcome="stopped", val_accuracy=0.95
        )
    row = texts(results_of(MOMENTUM, runs))
    assert (row["final"], row["best"]) == ("82.0 ± 0.1 % (6 of 10)",) * 2
    assert row["epochs_to_80"] == "20 ± 0 (6 of 10)"
    assert row["reached"].startswith("6 of 6")
    assert lines(results_of(MOMENTUM, runs).rows, EN)[0].entries[1].muted


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_seed_names_no_winner(language: str) -> None:
    words = Words(language)
    ends = [0.808, 0.81, 0.806, 0.808]
    runs = [
        made_up(cell.experiment, val_accuracy=climbing_to(end, 9))
        for cell, end in zip(MOMENTUM.cells, ends, strict=True)
    ]
    said = finding(results_of(MOMENTUM, runs), words)
    assert said == words("studies.found_one_seed", low="80.6 %", high="81.0 %")
    if language == "en":
        assert said.startswith("One seed: this may be chance.")


def test_of_two_that_got_there_both_epochs_are_given() -> None:
    runs = ending_at(MOMENTUM, [0.7] * 4)
    for place, epoch in ((0, 21), (1, 139)):
        runs[place] = made_up(runs[place].experiment, val_accuracy=climbing_to(0.82, epoch))
    row = texts(results_of(MOMENTUM, runs))
    assert row["epochs_to_80"] == "21, 139 (2 of 10)"


def test_seeds_that_never_get_there_count_as_late_as_can_be() -> None:
    runs = ending_at(MOMENTUM, [0.82, 0.82, 0.5, 0.5], at=40)
    quick = ending_at(MOMENTUM, [0.82, 0.82, 0.5, 0.5], at=5)
    runs[SEEDS : SEEDS + 4] = quick[SEEDS : SEEDS + 4]  # of the second value four, the rest never
    for place in range(SEEDS + 4, 2 * SEEDS):
        runs[place] = made_up(runs[place].experiment, val_accuracy=0.79)
    of = results_of(MOMENTUM, runs)
    assert of.rows[1].epochs_to_80.mean < of.rows[0].epochs_to_80.mean
    assert [row.cell for row in of.first] == [MOMENTUM.cells[0]]
    assert of.epoch == 40


def test_values_that_end_the_same_at_every_seed_are_named_together() -> None:
    runs = ending_at(MOMENTUM, [0.7, 0.6, 0.83, 0.5], spread=0.01)
    twins = [made_up(b.experiment, val_accuracy=a.column("val_accuracy")) for a, b in pairs(runs)]
    of = results_of(MOMENTUM, [*runs[: 3 * SEEDS], *twins])
    assert "Best at the end: momentum 0.9 and momentum 0.99, " in finding(of, EN)
    assert of.equals == []


def pairs(runs: list[Run]) -> list[tuple[Run, Run]]:
    """Of the third and the last value, seed by seed."""
    return list(zip(runs[2 * SEEDS : 3 * SEEDS], runs[3 * SEEDS :], strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_run_under_both_versions_is_one(language: str) -> None:
    both = plan(StudiesSettings(study="momentum", preset=BOTH))
    half = ending_at(MOMENTUM, [0.7, 0.75, 0.83, 0.6], spread=0.001)
    said = finding(results_of(both, half + half), Words(language))
    assert "Keras" not in said
    assert said.count("0.9") == 2  # best, and first at 80 %


def test_a_value_is_named_with_its_field_and_two_with_both() -> None:
    axes = tuple(
        VariedField.from_text(text, Experiment())
        for text in ("learning_rate:list:0.1,0.01", "momentum:list:0,0.9")
    )
    grid = plan(StudiesSettings(study=OWN, axes=axes))
    said = finding(results_of(grid, ending_at(grid, [0.7, 0.83, 0.6, 0.5])), EN)
    assert "Best at the end: learning rate 0.1 · momentum 0.9, " in said
    tied = results_of(MOMENTUM, ending_at(MOMENTUM, [0.1, 0.801, 0.802, 0.5], spread=0.02))
    assert "cannot tell from momentum 0." in finding(tied, EN)


def test_values_that_differ_little_are_told_apart_by_their_names() -> None:
    near = plan(StudiesSettings(study=OWN, axes=(VariedField.from_text(NEAR, Experiment()),)))
    found = lines(results_of(near, ending_at(near, [0.8] * 5)).rows, EN)
    names = [line.entries[0].text for line in found]
    assert names == ["1", "1.002", "1.005", "1.008", "1.01"]


def test_an_interval_ends_where_such_figures_end() -> None:
    runs = ending_at(MOMENTUM, [0.99] * 4, at=2)
    for run in runs[:5]:
        run.records[-1, -1] = 0.9
    runs[0] = made_up(runs[0].experiment, val_accuracy=climbing_to(0.9, at=190))
    entries = lines(results_of(MOMENTUM, runs).rows, EN)[0].entries
    titles = {name: entry.title for name, entry in zip(COLUMNS, entries, strict=True)}
    assert "to 100.0 %" in titles["best"]
    assert ": 1 to 63; " in titles["epochs_to_80"]
    # A margin would lead beyond what there is: the ends are given, in words too.
    texts = {name: entry.text for name, entry in zip(COLUMNS, entries, strict=True)}
    assert texts["epochs_to_80"].endswith(", 1 to 63")
    assert texts["best"].endswith(" to 100.0 %")
    assert "-" not in "".join(titles.values())


def test_values_that_the_seeds_cannot_tell_apart_are_said_to_be_so() -> None:
    of = results_of(MOMENTUM, ending_at(MOMENTUM, [0.8, 0.801, 0.802, 0.5], spread=0.02))
    assert "which these seeds cannot tell from 2 others" in finding(of, EN)
    assert MOMENTUM.cells[3] not in [row.cell for row in of.equals]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_without_any_end_says_so(language: str) -> None:
    runs = [
        made_up(seeded(cell.experiment, s), epochs=0, outcome="diverged")
        for cell in MOMENTUM.cells
        for s in range(SEEDS)
    ]
    words = Words(language)
    assert finding(results_of(MOMENTUM, runs), words) == words("studies.found_nothing")
    assert len(lines(results_of(MOMENTUM, runs).rows, words)) == 4


def test_a_stopped_study_counts_what_is_missing_and_says_what_failed() -> None:
    runs = ending_at(MOMENTUM, [0.8] * 4)
    runs[3] = made_up(runs[3].experiment, epochs=4, outcome="stopped")
    failed = made_up(runs[7].experiment, epochs=2, outcome="failed")
    runs[7] = Run(failed.experiment, failed.records, type(failed.outcome)("failed", 2, "no room"))
    of = results_of(MOMENTUM, runs)
    assert (of.unfinished, of.trouble) == (2, "no room")


def test_the_csv_tells_the_versions_apart() -> None:
    both = plan(StudiesSettings(study="momentum", preset=BOTH))
    [_, *rows] = csv.reader(
        io.StringIO(table_csv(results_of(both, ending_at(both, [0.8] * 8)).rows))
    )
    assert [row[0] for row in rows][:5] == [
        *(f"preset={KERAS_2} momentum={value}" for value in (0.0, 0.5, 0.9, 0.99)),
        f"preset={KERAS_3} momentum=0.0",
    ]


def marks(name: str) -> dict[str, str]:
    both = plan(StudiesSettings(study=name, preset=BOTH))
    return {what: mark for what, _, _, mark in versions.rows(both, EN)}


def test_what_differs_between_the_versions_is_marked_where_it_changes_the_study() -> None:
    optimizers, decays = marks("optimizer"), marks("decay")
    assert optimizers["Adagrad: Learning rate"] == "changes it"
    assert optimizers["RMSprop: Epsilon inside the root"] == "changes it"
    assert optimizers["Argument decay="] == "does not matter"
    assert decays["Argument decay="] == "changes it"
    assert decays["Adagrad: Learning rate"] == "does not matter"


def test_a_field_that_is_varied_differs_in_nothing() -> None:
    base = Experiment().replace({"optimizer.kind": "adagrad"})
    axes = (VariedField.from_text("learning_rate:list:0.1,0.01", base),)
    both = plan(StudiesSettings(study=OWN, preset=BOTH, base=base, axes=axes))
    found = {what: mark for what, _, _, mark in versions.rows(both, EN)}
    assert found["Adagrad: Learning rate"] == "does not matter"
    assert found["Adagrad: Accumulator at the start"] == "changes it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_differs_is_listed(language: str) -> None:
    both = plan(StudiesSettings(study="patience", preset=BOTH))
    found = "\n".join(" ".join(row) for row in versions.rows(both, Words(language)))
    for part in ("decay=", "lr=", "TypeError", "3.11.0", "3.14.1", "softmax", "1e-7"):
        assert part in found


def test_studies_of_plain_gradient_descent_are_the_same_in_both_versions() -> None:
    same = {
        name: versions.same_everywhere(plan(StudiesSettings(study=name, preset=BOTH)))
        for name in ("learning-rate", "momentum", "decay", "patience", "optimizer")
    }
    assert [name for name, is_same in same.items() if not is_same] == ["decay", "optimizer"]


def test_both_values_of_a_difference_are_shown() -> None:
    rows = versions.rows(plan(StudiesSettings(study="optimizer", preset=BOTH)), EN)
    adagrad = next(row for row in rows if row[0] == "Adagrad: Learning rate")
    assert adagrad[1:3] == ["0.01", "0.001"]
