"""A program of a few lines for every view, each of which makes a picture that can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.analysis.studies import Study, grid, study
from core.analysis.studies.grid import axis_of
from core.analysis.studies.tutorial import KERAS_2
from core.experiment import Experiment
from core.experiment.data import Blobs, Digits
from dashboard.claims.glance import glance
from dashboard.claims.job import Whole
from dashboard.lines.ends import Drawing as EndDrawing
from dashboard.lines.ends import ending
from dashboard.lines.figures import Json, data_figure, explore_figure
from dashboard.lines.layout import layout
from dashboard.lines.look import Look
from dashboard.lines.overlay import difference_figure
from dashboard.lines.paper import on_paper, paper_figure
from dashboard.lines.plan import plan
from dashboard.lines.study_curves import Drawing, overlay, panels
from dashboard.lines.study_lines import names_of, study_lines, versions_of
from dashboard.settings.axis import VariedField
from dashboard.settings.compare import CompareSettings
from dashboard.settings.pin import TRAINED, Pin
from dashboard.settings.studies import INTERVAL, SPREAD, Paper
from dashboard.settings.study_plan import under
from dashboard.text import Words
from tests.figures.made_up import EPOCHS, filled, on_a_phone

EN, ZH = Words("en"), Words("zh")
BASE = Experiment(epochs=EPOCHS)
PROGRAMS: dict[str, Callable[[], Json]] = {}


def program(make: Callable[[], Json]) -> Callable[[], Json]:
    PROGRAMS[make.__name__.replace("_", "-")] = make
    return make


def run(**changes: Any) -> Experiment:
    return BASE.replace({name.replace("__", "."): value for name, value in changes.items()})


# One run


def one(experiment: Experiment, words: Words = EN) -> Json:
    return filled(explore_figure(words, experiment.length), [experiment])


@program
def explore() -> Json:
    return one(run())


@program
def explore_in_chinese() -> Json:
    return one(run(schedule__kind="time_decay"), ZH)


@program
def explore_diverged() -> Json:
    return one(run(optimizer__learning_rate=1.0, seed=1))


# Pins


RATES = Pin(run(), study="learning-rate", name="Rates")
SLOW, FAST = Pin(run(), name="Slow"), Pin(run(optimizer__momentum=0.9), name="Fast <b>%{x}</b>")
LOST = Pin(run(optimizer__learning_rate=1.0, seed=1), name="Lost")
MANY = VariedField.from_text("optimizer.momentum:linear:0:0.9:12", BASE)


def pinned(
    *pins: Pin, seeds: int = 3, words: Words = EN, phone: bool = False, **looks: Any
) -> Json:
    now = CompareSettings(pins, seeds, **looks)
    look = Look(now, plan(pins, seeds), words)
    live = look.figure()
    live.figure["layout"].setdefault("height", look.height)
    return filled(on_a_phone(live) if phone else live, look.plan.experiments)


@program
def panels_of_two_runs() -> Json:
    return pinned(SLOW, LOST, seeds=1)


@program
def panels_of_runs_and_a_study() -> Json:
    return pinned(SLOW, FAST, RATES)


@program
def panels_of_rates() -> Json:
    return pinned(SLOW, Pin(run(schedule__kind="time_decay"), name="Decay"), show="learning_rate")


@program
def panels_of_eight_pins() -> Json:
    rates = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5)
    pins = [Pin(run(optimizer__learning_rate=rate)) for rate in rates]
    return pinned(*pins, Pin(run(), name="A name that takes two lines in a panel"), seeds=1)


@program
def panels_of_five_pins() -> Json:
    return pinned(SLOW, FAST, LOST, SLOW, RATES, seeds=2, show="loss")


@program
def panels_on_a_phone() -> Json:
    return pinned(SLOW, FAST, LOST, seeds=1, phone=True)


@program
def overlay_of_runs() -> Json:
    return pinned(SLOW, FAST, LOST, tab="overlay", show="loss")


@program
def overlay_of_one_seed() -> Json:
    return pinned(SLOW, LOST, seeds=1, tab="overlay", words=ZH)


@program
def overlay_of_many_lines() -> Json:
    many = Pin(run(), study="own", axes=(MANY,), name="Many")
    return pinned(RATES, many, seeds=1, tab="overlay")


@program
def difference_of_runs() -> Json:
    return pinned(SLOW, FAST, LOST, tab="difference")


@program
def difference_of_losses_from_the_second() -> Json:
    return pinned(SLOW, FAST, seeds=1, tab="difference", show="loss", reference=1)


@program
def results_of_pins() -> Json:
    return pinned(SLOW, FAST, RATES, tab="results")


# Studies


def of(name: str) -> Study:
    return study(name, KERAS_2, BASE)


def both(name: str) -> Study:
    """Cells of one version of Keras, then of the other."""
    halves = {version: study(name, version, BASE) for version in (KERAS_2, "keras-3")}
    cells = tuple(under(version, cell) for version, half in halves.items() for cell in half.cells)
    return Study(name, cells, figures=halves[KERAS_2].figures)


def own(*settings: str) -> Study:
    return grid(BASE, [axis_of(BASE, setting) for setting in settings])


def curves(draw: Callable[..., Any], of: Study, seeds: int = 3, **looks: Any) -> Json:
    drawing = Drawing(seeds, looks.get("band", SPREAD), looks.get("words", EN))
    return filled(draw(of, drawing), of.experiments(seeds))


def ends(of: Study, seeds: int = 3, band: str = INTERVAL) -> Json:
    lines = study_lines(of, seeds).lines
    laid = layout(lines, names_of(of, EN), versions_of(of, EN))
    return filled(ending(laid, EndDrawing(EN, band, lines)), of.experiments(seeds))


@program
def study_panels() -> Json:
    return curves(panels, of("learning-rate"))


@program
def study_panels_on_a_phone() -> Json:
    chosen = of("momentum")
    return filled(on_a_phone(panels(chosen, Drawing(1, SPREAD, EN))), chosen.experiments(1))


@program
def study_panels_of_several_figures() -> Json:
    return curves(panels, of("patience"), band=INTERVAL, words=ZH)


@program
def study_panels_of_both_versions() -> Json:
    return curves(panels, both("optimizer"), seeds=1)


@program
def study_overlay() -> Json:
    return curves(overlay, of("momentum"))


@program
def study_overlay_of_groups() -> Json:
    return curves(overlay, own("optimizer.momentum=0:0.9:16"), seeds=1)


@program
def study_difference() -> Json:
    chosen = of("momentum")
    lines = study_lines(chosen, 3)
    live = difference_figure(lines, names_of(chosen, EN), EN, "accuracy", 2)
    return filled(live, chosen.experiments(3))


@program
def results_by_rate() -> Json:
    return ends(own("optimizer.learning_rate=0.001:1:7"))


@program
def results_by_optimizer_of_both_versions() -> Json:
    return ends(both("optimizer"), band=SPREAD)


@program
def results_as_a_map() -> Json:
    return ends(own("optimizer.learning_rate=0.001:1:4", "optimizer.momentum=0,0.5,0.9"))


@program
def decay_on_paper() -> Json:
    return paper_figure(on_paper(Paper(updates=40)), EN).figure


# Claims, and the data


@program
def claims_at_a_glance() -> Json:
    studies = {(KERAS_2, name): of(name) for name in TRAINED}
    experiments, runs = [], {}
    for name, chosen in studies.items():
        runs[name] = [[len(experiments) + n] for n in range(len(chosen.cells))]
        experiments += chosen.experiments(1)
    places = {experiment: place for place, experiment in enumerate(experiments)}
    return filled(glance(Whole(tuple(experiments), places, studies, runs), EN), experiments)


@program
def data_of_blobs() -> Json:
    return data_figure(Blobs(samples=60).load(), EN)


@program
def data_of_digits() -> Json:
    return data_figure(Digits().load(), ZH, most_digits=8)
