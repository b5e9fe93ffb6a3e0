"""What a claim opens to: its chart with the threshold in it, and the sentences why."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from core.analysis.claims import CLAIMS, Claim, ClaimFigure, ClaimVerdict
from core.analysis.statistics import estimate, wilson
from core.analysis.studies.tutorial import KERAS_2, KERAS_3
from core.experiment.optimizers import PRESETS
from core.experiment.records import Run
from dashboard.claims.cards import cards
from dashboard.claims.charts import COMPUTED, FIELDS, Evidence, measure_by_epoch, of_runs, on_paper
from dashboard.claims.counts import counts, is_listed
from dashboard.claims.job import flips, whole
from dashboard.claims.lesson import sentences
from dashboard.claims.marks import Judged, marks
from dashboard.claims.reasons import question, reason
from dashboard.claims.settings import ClaimsSettings
from dashboard.lines.figures import Json
from dashboard.settings.studies import BOTH
from dashboard.text import LANGUAGES, Words
from tests.analysis.studies.made_up import jumping, made_up

EN = Words("en")
SEEDS = 2
BY_ID = {claim.id: claim for claim in CLAIMS}
FLIPPED = ("decay-0.1-ends-at-3.1e-05", "decay-too-fast", "decay-1e-4-ends-near-0.0075")


def verdict(claim: Claim, kind: Any = "holds", value: float = 0.8) -> ClaimVerdict:
    values = estimate([value, value, value])
    shown = tuple(ClaimFigure(m, "", values, value, 0) for m in claim.measures)
    return ClaimVerdict(claim, kind, wilson(3 * (kind == "holds"), 3), shown)


def evidence(claim: Claim, preset: str = KERAS_2, **kinds: str) -> Evidence:
    versions = tuple(PRESETS) if preset == BOTH else (preset,)
    found = {one: verdict(claim, kinds.get(one.replace("-", "_"), "holds")) for one in versions}
    return Evidence(claim, found, whole(SEEDS, preset), SEEDS, EN)


def pictured(of: Evidence) -> Json:
    if of.measure in FIELDS:
        return of_runs(of).figure
    if of.measure in COMPUTED:
        return measure_by_epoch(of, [made_up(e) for e in of.whole.experiments]).figure
    return on_paper(of).figure


def level(figure: Json) -> list[float]:
    """Where the lines across a chart stand."""
    return [s["y0"] for s in figure["layout"]["shapes"] if s["yref"] in ("y", "y2")]


def upright(figure: Json) -> list[float]:
    return [s["x0"] for s in figure["layout"]["shapes"] if s["xref"] in ("x", "x2")]


@pytest.mark.parametrize("preset", [KERAS_2, BOTH])
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_has_a_figure_with_a_threshold_in_each_panel(claim: Claim, preset: str) -> None:
    figure = pictured(evidence(claim, preset))
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
    panels = {f"{s['xref']} {s['yref']}".replace(" domain", "") for s in figure["layout"]["shapes"]}
    assert panels == ({"x y", "x2 y2"} if preset == BOTH else {"x y"})
    assert {trace["xaxis"] for trace in figure["data"]} == {one.split()[0] for one in panels}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_chart_shows_the_runs_of_the_cells_that_its_claim_speaks_of(claim: Claim) -> None:
    of = evidence(claim)
    if of.measure not in FIELDS:
        assert {t["name"] for t in pictured(of)["data"]} == {
            of.style(m, KERAS_2).name for m in claim.measures
        }
        return
    live = of_runs(of)
    shown = {of.whole.experiments[run] for bind in live.binds if bind for run in bind["runs"]}
    assert shown == {e for m in claim.measures for e in m.cell(KERAS_2).seeded(SEEDS)}
    assert len(live.binds) == len(live.figure["data"])
    names = [column["name"] for column in live.figure["reading"]]  # of its table
    assert len(names) == len(set(names)) == len(claim.measures)


def test_the_threshold_is_the_one_that_the_claim_is_judged_by() -> None:
    assert level(pictured(evidence(BY_ID["rate-0.001-learns"]))) == [0.8]
    assert upright(pictured(evidence(BY_ID["no-momentum-needs-200"]))) == [150]
    assert level(pictured(evidence(BY_ID["patience-5-below-75"]))) == [0.75]
    near = pictured(evidence(BY_ID["patience-2-near-65"]))["layout"]["shapes"][0]
    assert (near["y0"], near["y1"]) == pytest.approx((0.6, 0.7))
    # two points under the mean of the last cell, which ends at 0.8 here
    assert level(pictured(evidence(BY_ID["decay-too-fast"]))) == pytest.approx([0.78])
    hundredth = pictured(evidence(BY_ID["patience-2-bottoms-by-25"]))
    assert level(hundredth) == pytest.approx([1e-4])
    assert upright(hundredth) == [25]


def test_words_on_a_logarithmic_axis_stand_at_their_line() -> None:
    layout = pictured(evidence(BY_ID["patience-15-cuts-once"]))["layout"]
    [shape], [text] = layout["shapes"], layout["annotations"]
    assert layout["yaxis"]["type"] == "log"
    assert text["y"] == pytest.approx(math.log10(shape["y0"]))  # as Plotly places words


def test_a_comparison_has_its_line_once_it_is_measured() -> None:
    claim = BY_ID["decay-too-fast"]
    assert marks(Judged(claim, None, EN)) == []
    assert len(marks(Judged(claim, verdict(claim), EN))) == 1


def test_the_rate_on_paper_ends_where_the_schedule_does() -> None:
    [trace] = on_paper(evidence(BY_ID["paper-ends-near-0.0004"])).figure["data"]
    assert trace["x"][-1] == 199
    assert trace["y"][-1] == pytest.approx(0.01 / (1 + 0.1 * 199))
    [trace] = on_paper(evidence(BY_ID["decay-0.1-ends-at-3.1e-05"])).figure["data"]
    assert trace["y"][-1] == pytest.approx(0.01 / (1 + 0.1 * 3199))


def test_what_moves_from_epoch_to_epoch_is_the_mean_over_the_seeds() -> None:
    of = evidence(BY_ID["rate-1-oscillates"])
    by = iter([0.1, 0.3] * len(of.whole.experiments))
    runs: list[Run] = [made_up(e, accuracy=jumping(0.5, next(by))) for e in of.whole.experiments]
    [trace] = measure_by_epoch(of, runs).figure["data"]
    assert trace["x"][0] == 2
    assert trace["y"] == pytest.approx([0.2] * 199)


def test_a_rise_is_counted_from_the_first_epoch_or_from_guessing() -> None:
    of = evidence(BY_ID["rates-learn-nothing"])
    climbs = np.linspace(0.2, 0.4, 200)  # from below 1/3
    runs = [made_up(e, val_accuracy=climbs) for e in of.whole.experiments]
    trace = measure_by_epoch(of, runs).figure["data"][0]
    assert trace["x"][0] == 1
    assert trace["y"][-1] == pytest.approx(0.4 - 1 / 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_says_what_is_asked_and_why(claim: Claim, language: str) -> None:
    words = Words(language)
    assert question(claim, words).endswith(("?", "？"))
    assert not re.search(r"[{}]", question(claim, words))
    for version in PRESETS:
        assert reason(claim, version, words).endswith((".", "。"))


def test_the_threshold_is_said_in_its_own_unit() -> None:
    assert "80 %" in question(BY_ID["rate-0.1-learns"], EN)
    assert "epoch 25" in question(BY_ID["patience-2-bottoms-by-25"], EN)
    assert "3.1e-5" in question(BY_ID["decay-0.1-ends-at-3.1e-05"], EN)
    assert "between 60 % and 70 %" in question(BY_ID["patience-2-near-65"], EN)


@pytest.mark.parametrize("name", [*FLIPPED, "adagrad-is-faster"])
def test_what_keras_3_does_otherwise_has_a_reason_of_its_own(name: str) -> None:
    two, three = (reason(BY_ID[name], version, EN) for version in (KERAS_2, KERAS_3))
    assert two != three
    assert "Keras 3" in three
    said = sentences(evidence(BY_ID[name], BOTH, keras_3="fails"))
    assert said.count("claim-reason") == 2


def test_what_is_true_of_both_versions_is_said_once() -> None:
    assert sentences(evidence(BY_ID["rate-0.1-learns"], BOTH)).count("claim-reason") == 1


def test_a_claim_that_is_not_borne_out_says_why_without_being_opened() -> None:
    claim = BY_ID["rate-0.001-learns"]
    assert "claim-why" not in cards(claim, {KERAS_2: verdict(claim)}, EN)
    failed = cards(claim, {KERAS_2: verdict(claim, "fails")}, EN)
    assert "generous" in failed


def test_a_claim_flips_when_the_versions_disagree() -> None:
    claim = BY_ID["decay-too-fast"]
    alike = {one: {claim.id: verdict(claim)} for one in PRESETS}
    assert not flips(claim, alike)
    other = {**alike, KERAS_3: {claim.id: verdict(claim, "fails")}}
    assert flips(claim, other)
    assert not flips(claim, {KERAS_2: other[KERAS_2], KERAS_3: {}})


def test_a_filter_lists_what_has_that_verdict_under_any_version() -> None:
    claim = BY_ID["decay-too-fast"]
    of = {KERAS_2: {claim.id: verdict(claim)}, KERAS_3: {claim.id: verdict(claim, "fails")}}
    listed = [show for show in ("all", "holds", "depends", "fails", "flips")
              if is_listed(claim, show, of)]  # fmt: skip
    assert listed == ["all", "holds", "fails", "flips"]
    waits = BY_ID["rate-0.1-learns"]
    assert [show for show in ("all", "holds", "flips") if is_listed(waits, show, of)] == ["all"]


def test_both_versions_are_counted_side_by_side() -> None:
    claim = BY_ID["decay-too-fast"]
    of = {KERAS_2: {claim.id: verdict(claim)}, KERAS_3: {claim.id: verdict(claim, "fails")}}
    told = counts(of, EN)
    assert told.startswith("Keras 2.3: 1 holds, 25 wait for their runs. Keras 3: 1 fails")
    assert "1 of 26 flips." in told


def test_a_link_carries_both_versions_and_the_filter() -> None:
    asked = ClaimsSettings(seeds=7, preset=BOTH, show="flips", language="zh")
    assert ClaimsSettings.from_query(asked.to_query(), "en") == (asked, [])


def test_nothing_flips_under_one_version() -> None:
    asked, refusals = ClaimsSettings.from_query({"preset": KERAS_3, "show": "flips"}, "en")
    assert (asked.show, refusals) == ("all", [])
    assert ClaimsSettings(preset=BOTH, show="flips").with_value("preset", KERAS_2).show == "all"


def test_an_old_link_is_written_as_it_was() -> None:
    assert ClaimsSettings().to_query() == {"seeds": "10", "preset": "keras-2.3", "lang": "en"}


def test_what_both_versions_train_alike_is_one_run() -> None:
    one, two, both = (whole(SEEDS, preset) for preset in (KERAS_2, KERAS_3, BOTH))
    assert set(both.experiments) == {*one.experiments, *two.experiments}
    assert len(both.experiments) == len(set(both.experiments))
    assert len(both.experiments) < 1.5 * len(one.experiments)
