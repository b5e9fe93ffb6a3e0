"""Verdicts in words: phrases as codes with parameters, and what they are in English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from core.analysis.figures import half_a_row
from core.analysis.verdict import Verdict

WORDS = {
    "diverged": "Diverged at epoch {epoch}: the loss is no longer a number.",
    "diverged_at_once": "Diverged in the first epoch: the loss is no longer a number.",
    "too_large": "Too large: the test accuracy still moves by {swing} points an epoch, around {level}; {beside}.",
    "too_large_thrown": "Too large: the network is thrown about, with a loss of up to {highest}: {level} of test points in the last {late} epochs, {guessing} by guessing.",
    "too_large_frozen": "Too large: the network was thrown off, with a loss of up to {highest}, and stands still where it landed: {level} of test points in the last {late} epochs, {beside}.",
    "too_large_leaps": "Too large: the loss was thrown up to {highest}, and that of the training rows still moves by {leap} an epoch; {level} of test points in the last {late} epochs, {beside}.",
    "too_large_late": "Too large: the steps held the learning up for long; {level} of test points in the last {late} epochs, {beside}.",
    "too_large_sure": "Too large: the steps have made the network sure of its mistakes, and it hardly learns from them any more: {level} of test points in the last {late} epochs, {beside}.",
    "too_large_dead": "Too large: the steps have thrown the network off, and it does no better than guessing: {level} of test points in the last {late} epochs, {guessing} by guessing.",
    "nothing": "Learns nothing: {final} of test points after {epochs} epochs, {before} before them, {guessing} by guessing.",
    "nothing_known": "Learns nothing: {before} of test points were right before the first update, and nothing is gained.",
    "nothing_down": "Learns nothing yet: the test loss came down from {first_val_loss} to {val_loss}, where guessing has {guessing_loss}; {final} of test points after {epochs} epochs, {before} before them, {guessing} by guessing.",
    "nothing_hardly": "Hardly anything to learn: {possible} of test points are possible, {guessing} by guessing; {final} after {epochs} epochs.",
    "nothing_few": "Nothing can be said by so few test rows ({rows}): {level} of them are right in the last {late} epochs, {guessing} by guessing.",
    "too_small": "Too small: {level} of test points in the last {late} epochs, {final} after epoch {epochs}; at this pace ten times as many would not reach {enough}.",
    "too_small_faded": "Too small: the rate has fallen to {last_rate} of {rate}, at {level} of test points in the last {late} epochs; ten times the epochs would not reach {enough}.",
    "still_improving": "Still improving: {level} of test points in the last {late} epochs, {beside}; {final} after epoch {epochs}.",
    "still_improving_loss": "Still improving: the training loss falls, at {level} of test points in the last {late} epochs, {beside}; {final} after epoch {epochs}.",
    "still_improving_val_loss": "Still improving: the test loss falls, at {level} of test points in the last {late} epochs, {beside}; {final} after epoch {epochs}.",
    "settled": "Settles early: nothing improves any more, at {level} of test points in the last {late} epochs, {beside}.",
    "settled_faded": "Settles early: the rate has fallen to {last_rate} of {rate}, at {level} of test points in the last {late} epochs, {beside}.",
    "good": "Learns well: {level} of test points in the last {late} epochs, {beside}; {enough}, which is enough, at epoch {reached}.",
    "good_tutorial": "Learns well: {level} of test points in the last {late} epochs, {beside}; the tutorial’s bar of 80 % at epoch {reached}.",
    "good_slipped": "Learned well, and fell back: {level} of test points in the last {late} epochs, {best} at epoch {best_epoch}; {enough} is enough, {beside}.",
    "good_near": "Learns well: {level} of test points in the last {late} epochs, within chance of the {enough} that is enough; {beside}; {enough} at epoch {reached}.",
    "good_hardly": "Learns what little there is: {level} of test points in the last {late} epochs, {beside}, {guessing} by guessing.",
    "good_few": "Nothing can be said by so few test rows ({rows}): {level} of them are right in the last {late} epochs, {guessing} by guessing.",
    "lost": "Learned it and lost it again: {best} of test points at epoch {best_epoch}, {level} in the last {late} epochs.",
    "overfits": "Overfits: the test loss was lowest at epoch {lowest_epoch} ({lowest}) and is {val_loss} now, the training loss falls on; the test accuracy is still at its best.",
    "overfits_worse": "Overfits: the test loss was lowest at epoch {lowest_epoch} ({lowest}) and is {val_loss} now, the training loss falls on; the test accuracy went from {best} to {level} in the last {late} epochs.",
    "overfits_lost": "Overfits: the test loss was lowest at epoch {lowest_epoch} ({lowest}) and rose while the training loss fell on; then what was learned was lost again, from {best} of test points to {level} in the last {late} epochs.",
    "overfits_back": "Overfits: the test loss was lowest at epoch {lowest_epoch} ({lowest}) and rose while the training loss fell; it is {val_loss} now, and the training loss no longer falls.",
    "too_short": "Too short to judge: {final} of test points after {epochs} epochs.",
    "too_short_one": "Too short to judge: {final} of test points after one epoch.",
    "too_short_unclear": "Not clear yet: after {epochs} epochs the test accuracy moves by {swing} points an epoch, around {level}, in no direction.",
    "too_short_falls": "Not clear yet: after {epochs} epochs the test accuracy is on its way down, from {best} at epoch {best_epoch} to {level} in the last {late} epochs; {beside}.",
    "too_short_restless": "No end in sight: after {epochs} epochs the test accuracy still moves by {swing} points an epoch, around {level}, in no direction; {beside}.",
    "never_warmed": "Never leaves the warm-up: the rate ends at {last_rate} of {rate}.",
    "stopped": "Stopped after epoch {epoch} of {epochs}.",
    "interrupted": "This training was interrupted after epoch {epoch}: {why}",
    "failed": "This training failed: {why}",
    "beside_possible": "{possible} possible",
    "beside_above": "by chance more than the best rule’s {possible}",
    "beside_reference": "{possible} by a support vector machine",
    "spike": "One rare spike: training loss {highest} at epoch {epoch}.",
    "spikes": "{count} rare spikes, the highest a training loss of {highest} at epoch {epoch}.",
    "try_optimizer.learning_rate": "Try a rate of {value}.",
    "try_epochs": "Try {value} epochs.",
    "try_schedule.decay": "Try a decay of {value}.",
    "try_schedule.patience": "Try a patience of {value}.",
    "try_schedule.every_epochs": "Try a cut every {value} epochs.",
    "try_schedule.every_epochs_exponential": "Try {value} epochs for each fall to the decay rate.",
    "try_optimizer.clipnorm": "Try a clipnorm of {value}.",
    "try_model.l2": "Try an L2 penalty of {value}.",
    "try_optimizer.weight_decay": "Try a weight decay of {value}.",
    "try_schedule.warmup_epochs": "Try a warm-up of {value} epochs.",
}


START = ("first_val_loss", "guessing_loss")  # before the first update, and by guessing


class Phrase(NamedTuple):
    """A sentence of a verdict, or a part of one: its code in `WORDS`, and what is filled in."""

    code: str
    parameters: dict[str, str | Phrase]

    def written(self, words: Mapping[str, str]) -> str:
        """In some language's words."""
        filled = {
            name: value.written(words) if isinstance(value, Phrase) else value
            for name, value in self.parameters.items()
        }
        return words[self.code].format(**filled)


def phrases(verdict: Verdict) -> tuple[Phrase, ...]:
    """What is said of a run, sentence by sentence: cause and evidence, spikes, next step."""
    figures = verdict.figures
    code = "_".join(filter(None, (verdict.cause, verdict.detail)))
    if code == "too_short" and figures.epochs == 1:
        code = "too_short_one"
    filled = parameters(verdict)
    said = [Phrase(code, {**filled, "beside": Phrase(beside(verdict), {**filled})})]
    if spikes := figures.spikes:
        code = "spike" if spikes.count == 1 else "spikes"
        leap = {"count": str(spikes.count), "epoch": str(spikes.epoch)}
        said.append(Phrase(code, {**leap, "highest": short(spikes.highest)}))
    for path, value in (verdict.next or {}).items():
        kind = f"try_{path}_{figures.schedule}"  # an exponential schedule has no cuts
        said.append(Phrase(kind if kind in WORDS else f"try_{path}", {"value": short(value)}))
    return tuple(said)


def beside(verdict: Verdict) -> str:
    """The code of what a level is measured against."""
    figures = verdict.figures
    if not figures.is_attainable:
        return "beside_reference"
    is_above = figures.level > figures.possible + half_a_row(figures)
    return "beside_above" if is_above else "beside_possible"


def parameters(verdict: Verdict) -> dict[str, str]:
    """All that a sentence may fill in, as it is written."""
    figures = verdict.figures
    shares = ("final", "level", "best", "before", "guessing", "possible", "enough")
    numbers = ("highest", "lowest", "val_loss", "leap", "rate", "last_rate", *START)
    counts = ("epoch", "epochs", "late", "rows", "best_epoch", "reached", "lowest_epoch", "why")
    return {
        **{name: percent(getattr(figures, name)) for name in shares},
        **{name: short(getattr(figures, name)) for name in numbers},
        **{name: str(getattr(figures, name)) for name in counts},
        "swing": f"{100 * figures.swing:.1f}",
    }


def sentence(verdict: Verdict) -> str:
    """A verdict in English."""
    return " ".join(phrase.written(WORDS) for phrase in phrases(verdict))


def percent(share: float) -> str:
    """
    >>> percent(0.8244)
    '82.4 %'
    """
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"


def short(value: float) -> str:
    """Three digits, plain where that is short.

    >>> [short(value) for value in (0.01, 3.116e-05, 200, 0.821, 1384.2)]
    ['0.01', '3.12e-5', '200', '0.821', '1384']
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else "–"
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"
