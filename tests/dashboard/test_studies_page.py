"""The page of studies, run without a browser on a made-up engine."""

from __future__ import annotations

import pytest

from core.analysis.studies import STUDIES
from core.service import Laboratory
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.studies import OWN, VIEWS
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp
from tests.service.fake_worker import DIVERGES, RAISES, SLOW

EN = Words("en")
LARGE = "hidden:list:256,256;256,256,256"
QUICK = {"study": OWN, "vary": "momentum:list:0, 0.9", "epochs": "20", "seeds": "2"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*STUDIES, OWN])
def test_every_study_is_drawn_in_both_languages(lent: Laboratory, name: str, language: str) -> None:
    page = PageApp("studies", lent, study=name, seeds="1", lang=language)
    assert page.warnings == []
    assert Words(language)(f"studies.about_{name}") in [c.value for c in page.app.caption]
    trained = name not in ("data", "decay-on-paper")
    assert (page.component("studies-chart") is not None) == trained
    captions = " ".join(caption.value for caption in page.app.caption)
    assert (Words(language)("studies.caption_rates") in captions) == (name == "patience")


@pytest.mark.parametrize("view", VIEWS)
def test_the_table_appears_when_the_study_has_ended(lent: Laboratory, view: str) -> None:
    page = PageApp("studies", lent, **QUICK, view=view)
    page.wait()
    table = page.component("studies-table")
    assert table is not None
    assert [line["entries"][0]["text"] for line in table["lines"]] == ["0", "0.9"]
    assert ("Best at the end" in page.html) == (view != "difference")
    assert ("paired seeds could show" in page.html) == (view == "difference")


def test_moving_the_seeds_trains_the_runs_that_are_missing(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK)
    page.wait()
    page.slide("studies-seeds", 3)
    assert lent.progress(page.job).runs == 6
    assert page.app.query_params["seeds"] == "3"


def test_another_view_draws_the_same_job(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study="momentum", seeds="2")
    job = page.job
    page.app.query_params["view"] = "overlay"
    page.run()
    assert page.job == job
    chart = page.component("studies-chart")
    assert chart is not None
    assert "overlay" in chart["figure"]["layout"]["uirevision"]


def test_both_versions_bring_the_table_of_what_differs(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study="optimizer", preset="both", seeds="1")
    assert "Argument decay=" in page.html
    assert lent.progress(page.job).runs == 8


def test_stopping_keeps_what_is_finished_and_offers_to_go_on(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **{**QUICK, "epochs": "2000"}, seed=str(SLOW))
    [stop] = [b for b in page.app.button if b.label == EN("studies.stop")]
    stop.click()
    page.run()
    first = page.job
    assert lent.progress(first).state == "done"
    assert EN("studies.stopped", done=0, runs="4 runs") in page.html
    [go_on] = [b for b in page.app.button if b.label == EN("studies.train_on")]
    go_on.click()
    page.run()
    assert page.job != first
    lent.cancel(page.job)


def test_a_grid_that_is_too_large_is_a_sentence_with_its_numbers(lent: Laboratory) -> None:
    page = PageApp(
        "studies",
        lent,
        study=OWN,
        vary="learning_rate:log:0.001:1:60",
        and_vary="momentum:linear:0:0.9:60",
    )
    [sentence] = page.warnings
    for part in ("60 × 60", "3600 cells", "36000 runs", "At most 200 cells"):
        assert part in sentence
    assert page.component("studies-chart") is None


def test_a_grid_that_makes_no_experiment_is_a_sentence(lent: Laboratory) -> None:
    page = PageApp(
        "studies", lent, study=OWN, vary="optimizer:list:sgd, adam", and_vary="momentum:list:0,0.9"
    )
    assert len(page.warnings) == 1


def test_a_large_grid_waits_to_be_told(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary=LARGE, seeds="5", epochs="2000")
    assert "studies-job" not in page.app.session_state
    [train] = [b for b in page.app.button if b.label == EN("studies.train_now")]
    train.click()
    page.run()
    assert lent.progress(page.job).runs == 10
    page.run()
    assert page.component("studies-chart") is not None
    lent.cancel(page.job)


def test_a_large_grid_that_was_stopped_goes_on_without_being_told_again(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary=LARGE, seeds="5", epochs="2000", seed=str(SLOW))
    for name in ("train_now", "stop", "train_on"):
        [button] = [b for b in page.app.button if b.label == EN(f"studies.{name}")]
        button.click()
        page.run()
    assert EN("studies.train_now") not in page.buttons()
    assert lent.progress(page.job).state != "done"
    lent.cancel(page.job)


def test_a_bad_link_is_a_sentence_and_the_rest_applies(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study="momentum", seeds="1000", view="overlay", pi="3")
    [box] = page.warnings
    seeds, unknown = box.split("\n\n")
    assert seeds.startswith("**Seeds** must be")
    assert "`pi`" in unknown
    assert lent.progress(page.job).runs == 40


def test_another_pages_link_at_this_pages_address_changes_nothing(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK)
    job, link = page.job, dict(page.app.query_params)
    page.app.query_params.clear()
    page.app.query_params.update(ExploreSettings().to_query())
    page.run()
    assert page.job == job
    assert page.warnings == []
    assert dict(page.app.query_params) == link


def test_diverged_and_failed_runs_are_counted_and_failure_is_explained(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK, seed=str(DIVERGES))
    page.wait()
    assert EN("studies.found_nothing") in page.html
    page = PageApp("studies", lent, **QUICK, seed=str(RAISES))
    page.wait()
    assert "the accelerator fell off" in page.warnings[0]


def test_a_job_that_is_no_longer_kept_is_handed_in_again(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK)
    page.app.session_state["studies-job"] = {**page.app.session_state["studies-job"], "job": "gone"}
    page.run()
    assert lent.progress(page.job).runs == 4


def test_a_second_field_makes_a_map(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK)
    [more] = [b for b in page.app.button if b.label == EN("studies.second_field")]
    more.click()
    page.run()
    chart = page.component("studies-chart")
    assert chart is not None
    assert chart["figure"]["data"][0]["type"] == "heatmap"
    assert "and_vary" in page.app.query_params


def test_a_range_takes_the_values_of_the_list_it_replaces(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary="learning_rate:list:0.001, 0.1", seeds="1")
    page.app.button_group(key="studies-spacing-0").set_value("log")
    page.run()
    assert page.app.query_params["vary"] == "optimizer.learning_rate:log:0.001:0.1:2"


def test_what_a_field_cannot_be_is_said_and_changes_nothing(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK)
    page.app.text_input(key="studies-values-0").set_value("0, 7")
    page.run()
    assert page.told.keys() == {"studies-values-0"}
    assert "0.999" in page.told["studies-values-0"]
    assert page.app.query_params["vary"] == "optimizer.momentum:list:0, 0.9"


def test_the_base_can_be_the_run_of_the_first_page(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **QUICK, data="moons")
    [base] = [b for b in page.app.button if b.label == EN("studies.base_from_tutorial")]
    base.click()
    page.run()
    assert "data" not in page.app.query_params
    assert EN("studies.base_tutorial") in [caption.value for caption in page.app.caption]


def test_rates_on_paper_are_computed_and_not_trained(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study="decay-on-paper", paper_rate="0.02", paper_decay_1="1")
    assert "studies-job" not in page.app.session_state
    assert "With a decay of 1 the rate ends at 1e-4 after 200 updates." in page.html
    picture = page.component("studies-paper")
    assert picture is not None
    assert picture["figure"]["data"][0]["y"][:2] == [0.02, 0.01]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_diverged_runs_are_counted_below_the_chart(
    lent: Laboratory, view: str, language: str
) -> None:
    page = PageApp("studies", lent, **QUICK, view=view, lang=language, seed=str(DIVERGES))
    page.wait()
    told = " ".join(caption.value for caption in page.app.caption)
    words = Words(language)
    momentum = words("fields.momentum").lower()
    assert f"{momentum} 0: 2" in told
    assert f"{momentum} 0.9: 2" in told
    assert words("studies.n_runs", count=4) in told


def test_a_single_seed_is_one_seed_and_the_one_of_the_base(lent: Laboratory) -> None:
    page = PageApp("studies", lent, **{**QUICK, "seeds": "1"}, seed="7", view="panels")
    assert "2 settings × 1 seed: 2 runs of 20 epochs." in page.html
    assert any("a single run, of seed 7." in caption.value for caption in page.app.caption)


def test_epochs_that_are_varied_are_told_from_the_least_to_the_most(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary="epochs:list:50,2000", seeds="1")
    assert "2 settings × 1 seed: 2 runs of 50 to 2000 epochs." in page.html
    lent.cancel(page.job)


def test_a_grid_under_both_versions_says_that_it_counts_twice(lent: Laboratory) -> None:
    page = PageApp(
        "studies",
        lent,
        study=OWN,
        vary="learning_rate:log:0.001:1:60",
        and_vary="momentum:linear:0:0.9:60",
        seeds="1",
        preset="both",
    )
    [sentence] = page.warnings
    assert "with 1 seed and both versions of Keras are 7200 runs" in sentence
