"""A run beside the same one by the other engine, in a sentence or two of the visitor's language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.analysis.agreement import Agreement, Difference, agreement
from core.experiment.records import Run
from core.service import Laboratory, UnknownJob
from core.service.messages import EngineName
from dashboard.text import Words
from dashboard.text.numbers import percent

Json = dict[str, Any]

Runs = Mapping[EngineName, Run]

COMPILED: EngineName = "compiled"
KERAS: EngineName = "keras"
PER_CENT_FROM = 1e-3  # a share that is smaller is told as one part in so many
PARTS_DIGITS = 2  # of so many


def agreement_summary(laboratory: Laboratory, job: str, against: str, words: Words) -> Json:
    """What is said of a check, and marked: {"sentence", "evidence"}.

    Empty where either is no longer kept.
    """
    both = (job, against)
    try:
        progress = [laboratory.progress(one) for one in both]
        alone = all(one.runs == 1 for one in progress)
        runs = {laboratory.engine(one): laboratory.runs(one)[0] for one in both} if alone else {}
        done = all(one.state == "done" for one in progress)
    except UnknownJob:
        runs = {}
    of = {run.experiment.key for run in runs.values()}
    if runs.keys() != {COMPILED, KERAS} or len(of) > 1:  # whatever else a browser may ask for
        return {"sentence": "", "evidence": []}
    found = agreement(runs[COMPILED], runs[KERAS])
    said = sentences(found, runs, done, words)
    return {"sentence": said, "evidence": evidence(found, runs[KERAS], words) if done else []}


def sentences(found: Agreement, runs: Runs, done: bool, words: Words) -> str:
    """How far apart the two are, and what that means; before the check is done, so far."""
    said = [sentence(found, done, words)] if found.epochs else []
    if done:
        said += [*cut_short(found, runs, words), *ends(found, runs, words)]
    return words("explore.between_sentences").join(said)


def sentence(found: Agreement, done: bool, words: Words) -> str:
    """The largest difference and its epoch, and where chaos parts them."""
    if not done:
        key = "so_far" if found.loss.size else "so_far_identical"
    else:
        key = found.kind if found.loss.size else "identical"
    return words(
        f"keras.{key}",
        epochs=found.epochs,
        largest=largest(found.loss, words),
        accuracies=accuracies(found.accuracy, words),
        first=found.parted,
        stretch=stretch(found, words),
    )


def largest(loss: Difference, words: Words) -> str:
    """The largest difference of a loss: "0.74 % of the test loss (epoch 21)"."""
    column = words(f"chart.column_{loss.column}")
    values = {"share": share(loss.size, words), "column": column, "epoch": at(loss.epoch, words)}
    return words("keras.largest", **values)


def at(epoch: int, words: Words) -> str:
    return words("keras.at", epoch=epoch) if epoch else words("keras.at_start")


def share(size: float, words: Words) -> str:
    """A share as people read it.

    >>> [share(size, Words("en")) for size in (0.31, 0.052, 0.00738, 5.16e-7)]
    ['31\\xa0%', '5.2\\xa0%', '0.74\\xa0%', 'one part in 1,900,000']
    """
    if size >= PER_CENT_FROM:
        digits = 2 if size < 0.01 else 1 if size < 0.1 else 0
        return unbroken(percent(size, digits))
    parts = 1 / size if size else math.inf
    if math.isinf(parts):
        return percent(0.0, 0)
    rounded = round(parts, PARTS_DIGITS - 1 - math.floor(math.log10(parts)))
    return words("keras.one_part", parts=f"{rounded:,.0f}")


def unbroken(text: str) -> str:
    """A figure with its unit, on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def accuracies(most: Difference, words: Words) -> str:
    """By how many points an accuracy differs at most, or that none does."""
    points = f"{100 * most.size:.1f}"
    if float(points) == 0:
        return words("keras.accuracies_same")
    return words("keras.accuracies", points=points, epoch=at(most.epoch, words))


def stretch(found: Agreement, words: Words) -> str:
    """The epochs in which they are apart."""
    first, end = found.stretch or (1, 2)
    if end == first + 1:
        return words("keras.stretch_one", epoch=first)
    return words("keras.stretch", first=first, last=end - 1)


def cut_short(found: Agreement, runs: Runs, words: Words) -> list[str]:
    """That only a part of the epochs was compared, where one of the two has no more."""
    if all(run.outcome.is_final for run in runs.values()) or not found.epochs:
        return []
    total = runs[KERAS].experiment.length
    return [words("keras.compared", epochs=found.epochs, total=total)]


def ends(found: Agreement, runs: Runs, words: Words) -> list[str]:
    """Where either diverges, and how good both are where they have parted."""
    ours, keras = runs[COMPILED], runs[KERAS]
    kinds = {run.outcome.kind for run in runs.values()}
    if "diverged" in kinds:
        if ours.outcome == keras.outcome:
            return [words("keras.both_diverge", epoch=keras.outcome.epoch)]
        return [words("keras.one_diverges", ours=end(ours, words), keras=end(keras, words))]
    if kinds != {"finished"} or found.kind not in ("parted", "unlike"):
        return []
    last = [unbroken(percent(float(run.column("val_accuracy")[-1]))) for run in (ours, keras)]
    return [words("keras.at_the_end", ours=last[0], keras=last[1])]


def end(run: Run, words: Words) -> str:
    return words(f"keras.end_{run.outcome.kind}", epoch=run.outcome.epoch)


def evidence(found: Agreement, keras: Run, words: Words) -> list[Json]:
    """Where they part, to be marked as the evidence of a verdict is."""
    if not found.parted:
        return []
    value = float(keras.column("val_loss")[found.parted - 1])
    where = {"column": "val_loss", "from": found.parted, "to": found.parted}
    return [{**where, "value": value, "kind": "at", "text": words("keras.parts_here")}]
