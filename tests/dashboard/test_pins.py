"""Pins: what a link carries of them, and what becomes of a bad one."""

from __future__ import annotations

import random
import string

import pytest

from core.experiment import Experiment
from core.experiment.limits import SEED_MAX
from core.experiment.refusals import FieldError
from dashboard.lines.labels import pin_names
from dashboard.lines.plan import plan
from dashboard.pages.parts.pins import of_study, with_pins
from dashboard.settings.axis import VariedField
from dashboard.settings.compare import PINS_MAX, SEEDS, CompareSettings
from dashboard.settings.experiment import known_paths, old_names
from dashboard.settings.link import Refused
from dashboard.settings.pin import TRAINED, Pin, from_text
from dashboard.settings.refusals import SENTENCES_MAX, PinError, box
from dashboard.settings.studies import BOTH, OWN, StudiesSettings
from dashboard.text import LANGUAGES, Words
from tests.experiment.kinds import FORK, each_kind

MUTILATED = 3_000


def sentences(refusals: list[FieldError], words: Words) -> list[str]:
    """What the page says of a link, a sentence each."""
    told = box([Refused(error, by_link=True) for error in refusals], words, "compare")
    return told.split("\n\n") if told else []


def pins() -> list[Pin]:
    """A run for each kind of every part, runs with other values, and every study."""
    changes = [
        *each_kind(),
        {"changes": FORK, "loss": "squared_error", "model.l2": 0.01},
        {"model.hidden": [], "model.activation": "gelu"},
        {"model.hidden": [64, 32], "epochs": 7, "batch_size": 500, "seed": 9},
        {"optimizer.learning_rate": 3.1e-7, "optimizer.momentum": 0.999, "data.seed": 5},
        {"schedule.kind": "plateau", "schedule.patience": 2, "schedule.warmup_epochs": 3},
    ]
    runs = [Pin(Experiment().replace(change)) for change in changes]
    named = [Pin(name="50 % ~ fast, 快"), Pin(Experiment().replace({"epochs": 9}), "keras-3")]
    studies = [Pin(study=study, preset="keras-3", name="Mine") for study in TRAINED]
    studies.append(Pin(Experiment().replace({"epochs": 50}), study="decay"))
    return [*runs, *named, *studies, *own_studies()]


def own_studies() -> list[Pin]:
    """Grids of one and of two fields, on the tutorial's run and on another."""
    adam = Experiment().replace({"optimizer.kind": "adam", "epochs": 20})
    rates = VariedField.from_text("learning_rate:log:0.001:1:4", Experiment())
    momenta = VariedField.from_text("momentum:list:0, 0.9", Experiment())
    layers = VariedField.from_text("hidden:list:10; 50,50", Experiment())
    return [
        Pin(study=OWN, axes=(rates,)),
        Pin(study=OWN, axes=(rates, momenta), preset="keras-3", name="Mine ~ 1"),
        Pin(adam, study=OWN, axes=(layers,)),
    ]


@pytest.mark.parametrize("pin", pins(), ids=Pin.to_text)
def test_a_link_brings_a_pin_back(pin: Pin) -> None:
    assert from_text(pin.to_text()) == (pin, [])


def test_the_text_of_a_pin_says_only_what_differs_from_the_tutorial() -> None:
    assert Pin().to_text() == "run"
    adam = Experiment().replace({"optimizer.kind": "adam", "seed": 3})
    assert Pin(adam).to_text() == "optimizer.kind~adam~seed~3"
    assert Pin(study="momentum").to_text() == "study~momentum"


def test_a_pin_needs_no_escape_in_a_link() -> None:
    without_lists = [pin for pin in pins()[:10] if pin.experiment.model.kind == "dense"]
    for pin in without_lists:
        assert set(pin.to_text()) <= set(string.ascii_letters + string.digits + "-._~")


def test_a_comparison_comes_back_with_all_that_can_be_set() -> None:
    whole = CompareSettings(
        tuple(pins()[:PINS_MAX]), 10, "difference", "loss", 3, True, "-best", language="zh"
    )
    assert CompareSettings.from_query(whole.to_query()) == (whole, [])


def test_a_new_comparison_has_seeds_enough_to_compare() -> None:
    assert CompareSettings.from_query({}).settings.seeds == CompareSettings().seeds == SEEDS == 5


def test_a_link_of_the_first_edition_that_says_nothing_of_seeds_has_one() -> None:
    assert CompareSettings.from_query({"pin": ["run", "momentum~0.9"]}).settings.seeds == 1
    assert CompareSettings((Pin(),)).to_query()["seeds"] == "5"


def test_a_bad_field_is_refused_by_its_pin_and_the_rest_applies() -> None:
    texts = ["momentum~0.9", "epochs~50~momentum~7", "optimizer~adam"]
    reading = CompareSettings.from_query({"pin": texts, "seeds": "10"})
    [error] = reading.refusals
    assert isinstance(error, PinError)
    assert (error.pin, error.path, error.got) == (2, "momentum", "7")
    assert [pin.to_text() for pin in reading.settings.pins] == [
        "optimizer.momentum~0.9",
        "epochs~50",
        "optimizer.kind~adam",
    ]
    assert reading.settings.seeds == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_names_the_pin_the_field_what_it_must_be_and_what_it_got(
    language: str,
) -> None:
    words = Words(language)
    refused = CompareSettings.from_query({"pin": ["run", "momentum~7"]}).refusals
    [sentence] = sentences(refused, words)
    for part in ("2", words("fields.momentum"), "0.999", "`7`"):
        assert part in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"pin": ["run"] * 11}, "11"),
        ({"pin": ["study~haste"]}, "haste"),
        ({"pin": ["momentum"]}, "momentum"),
        ({"pin": ["x" * 5_000]}, "5000"),
        ({"pin": ["pins~3"]}, "pins"),
        ({"pin": ["seeds~3"]}, "seeds"),
        ({"pin": ["name~" + "x" * 50]}, "40"),
        ({"pin": ["lang~zh"]}, "lang"),
        ({"pin": ["study~momentum~learning_rate~1"]}, "`1`"),
        ({"pin": ["study~own~vary~learning_rate:log:0.001:1:101"]}, "101"),
        ({"pin": ["study~own~vary~momentum:list:0, 7"]}, "0.999"),
        ({"pin": ["study~own~vary~haste:list:1"]}, "haste"),
        ({"pin": ["study~own~vary~noise:linear:1:5:11~and_vary~momentum:linear:0:0.9:10"]}, "110"),
        ({"pin": ["study~own~vary~momentum:list:0~and_vary~momentum:list:0"]}, "1"),
        ({"seeds": "51"}, "50"),
        ({"reference": "3", "pin": ["run"]}, "3"),
        ({"tab": "sideways"}, "sideways"),
        ({"haste": "1"}, "haste"),
    ],
)
def test_each_kind_of_bad_link_has_its_sentence(
    query: dict[str, object], told: str, language: str
) -> None:
    reading = CompareSettings.from_query(query)
    [sentence] = sentences(reading.refusals, Words(language))
    assert told in sentence


def test_of_many_refusals_the_first_ones_are_told() -> None:
    refused = CompareSettings.from_query({f"field{n}": "" for n in range(30)}).refusals
    told = sentences(refused, Words("en"))
    assert len(told) == SENTENCES_MAX + 1
    assert "22" in told[-1]


def mutilated(rng: random.Random, texts: list[str]) -> dict[str, object]:
    """A link as it should not be: fields missing, doubled, swapped, their values broken."""
    junk = string.printable + "∞é\u0000中💥\ud800"
    values = ["", "nan", "inf", "1e999", "-1", "true", "[]", "9" * 5000, "1_0", "%7E", "~~", "%"]
    pieces = []
    for _ in range(rng.randint(0, 10)):
        words = rng.choice(texts).split("~")
        for _ in range(rng.randint(0, 4)):
            place = rng.randrange(len(words))
            names = [
                *known_paths(),
                *old_names(),
                "study",
                "vary",
                "and_vary",
                "name",
                "preset",
                "lang",
                "live",
                "run",
                "",
            ]
            replacements = [
                rng.choice(values),
                rng.choice(names),
                rng.choice([*TRAINED, OWN, "momentum:list:0, 0.9", "noise:linear:1:3:3"]),
                "".join(rng.choices(junk, k=rng.randint(0, 50))),
            ]
            words[place : place + rng.randint(0, 1)] = [rng.choice(replacements)]
        pieces.append("~".join(words))
    names = ["seeds", "tab", "show", "reference", "all", "sort", "lang", "".join(rng.choices(junk))]
    return {"pin": pieces, rng.choice(names): rng.choice([*values, "2", "overlay", "loss"])}


def test_thousands_of_mutilated_links_are_read_without_an_exception() -> None:
    rng = random.Random(8)
    words = [Words(language) for language in LANGUAGES]
    texts = [pin.to_text() for pin in pins()]
    bad = 0
    for _ in range(MUTILATED):
        comparison, refusals = CompareSettings.from_query(mutilated(rng, texts))
        assert CompareSettings.from_query(comparison.to_query()) == (comparison, [])
        bad += len(refusals)
        for one in words:
            assert all(sentences(refusals, one))
    assert bad > MUTILATED  # the links were bad indeed


def test_whatever_is_pinned_can_be_planned() -> None:
    rng = random.Random(9)
    texts = [pin.to_text() for pin in pins()]
    for _ in range(100):
        comparison = CompareSettings.from_query(mutilated(rng, texts)).settings
        asked = plan(comparison.pins, 3)
        assert len(asked.lines) == sum(len(pin.cells()) for pin in comparison.pins)


def test_a_study_of_ones_own_has_a_line_a_cell() -> None:
    one, two, layers = own_studies()
    assert [len(pin.cells()) for pin in (one, two, layers)] == [4, 8, 2]
    assert len(plan((one, two, layers), 2).lines) == 14
    names = pin_names((one, two), Words("en"))
    assert names == ["Learning rate, Keras 2.3", "Mine ~ 1"]


def test_a_study_is_pinned_as_it_is_seen_under_one_version_or_both() -> None:
    own = StudiesSettings(study=OWN, preset=BOTH, seeds=3, axes=own_studies()[1].axes)
    pins = of_study(own)
    assert [(pin.study, pin.preset, pin.axes) for pin in pins] == [
        (OWN, "keras-2.3", own.axes),
        (OWN, "keras-3", own.axes),
    ]
    held = with_pins(CompareSettings(), pins, own.seeds)
    assert (len(held.pins), held.seeds) == (2, 3)
    assert CompareSettings.from_query(held.to_query()) == (held, [])
    assert of_study(StudiesSettings(study="decay")) == [Pin(study="decay")]


def test_a_single_run_is_compared_over_several_seeds() -> None:
    held = with_pins(CompareSettings(), [Pin()], 1)
    assert held.seeds == SEEDS
    assert with_pins(held, of_study(StudiesSettings(study="decay", seeds=10)), 10).seeds == 10


def test_there_is_room_for_all_versions_of_a_study_or_for_none() -> None:
    full = CompareSettings((Pin(),) * (PINS_MAX - 1))
    with pytest.raises(FieldError):
        with_pins(full, of_study(StudiesSettings(study="decay", preset=BOTH)), 1)


def test_more_runs_than_a_job_may_hold_are_counted_and_not_made() -> None:
    rates = VariedField.from_text("learning_rate:linear:0.001:1:100", Experiment())
    many = tuple(
        Pin(Experiment().replace({"epochs": 50 + n}), study=OWN, axes=(rates,)) for n in range(3)
    )
    asked = plan(many, 50)
    assert asked.experiments == ()
    refusal = asked.refusal()
    assert refusal is not None
    assert (refusal.path, refusal.got) == ("runs", 3 * 100 * 50)


def test_seeds_beyond_the_last_one_are_refused_in_a_sentence() -> None:
    late = Pin(Experiment().replace({"seed": SEED_MAX}))
    refusal = plan((late,), 10).refusal()
    assert refusal is not None
    assert (refusal.path, refusal.got) == ("seed", SEED_MAX)
    assert plan((late,), 1).refusal() is None


def test_more_than_a_job_may_hold_is_refused() -> None:
    many = tuple(
        Pin(Experiment().replace({"epochs": 50 + n}), study="learning-rate")
        for n in range(PINS_MAX)
    )
    refusal = plan(many, 50).refusal()
    assert refusal is not None
    assert (refusal.path, refusal.got) == ("runs", 8 * 8 * 50)
    rates = (0.1 * (n + 1) for n in range(PINS_MAX))
    long = tuple(
        Pin(Experiment().replace({"epochs": 2000, "optimizer.learning_rate": rate}))
        for rate in rates
    )
    refusal = plan(long, 50).refusal()
    assert refusal is not None
    assert refusal.path == "epochs"
