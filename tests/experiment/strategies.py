"""Generated descriptions of every kind, made from the rules of their fields."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from core.experiment import Experiment
from core.experiment.changes import Changes, numbers_of
from core.experiment.data import DATA, Digits
from core.experiment.experiment import LOSSES, BatchSize
from core.experiment.field_types import Choice, Flag, Integer, Integers, Number, Rule
from core.experiment.fields import Description, rules
from core.experiment.limits import BATCH_SIZE_MAX, EPOCHS_MAX, SEED_MAX, UPDATES_MAX
from core.experiment.network import Conv, Dense
from core.experiment.optimizers import OPTIMIZERS, Optimizer, Sgd
from core.experiment.refusals import FieldError
from core.experiment.schedules import SCHEDULES


def accepted_by(rule: Rule) -> st.SearchStrategy[Any]:
    """Any value that a rule accepts, in any of the types it accepts."""
    match rule:
        case Number(low, high, above):
            floats = st.floats(low, high, exclude_min=above)
            whole = [n for n in (0, 1, 2, 10) if low <= n <= high and not (above and n == low)]
            return st.one_of(floats, st.sampled_from(whole)) if whole else floats
        case BatchSize(low, high):
            return st.one_of(st.integers(low, high), st.just("all"))
        case Integer(low, high):
            return st.one_of(st.integers(low, high), st.integers(low, high).map(float))
        case Changes():
            return changes(Sgd())
        case Choice(options):
            return st.sampled_from(options)
        case Flag():
            return st.booleans()
        case Integers(low, high, most):
            return st.lists(st.integers(low, high), max_size=most).map(tuple)
    raise AssertionError(f"no strategy for {rule}")


def refused_by(rule: Rule) -> st.SearchStrategy[Any]:
    """Values that a rule refuses: of another type, out of bounds, not finite."""
    anything = st.sampled_from([None, [], {}, (), "nonsense", b"", "é\ud800\n", [[]], {"a": 1}])
    odd = st.sampled_from([float("nan"), float("inf"), float("-inf"), 1e999, 10**400, -(10**400)])
    match rule:
        case Number(low, high):
            outside = st.floats(max_value=low, exclude_max=True) | st.floats(high, exclude_min=True)
            return st.one_of(anything, odd, outside, st.booleans())
        case Integer(low, high):
            outside = st.integers(max_value=low - 1) | st.integers(high + 1)
            return st.one_of(anything, odd, outside, st.just(low + 0.5), st.booleans())
        case Integers(low, high, most):
            outside = st.lists(st.integers(high + 1), min_size=1)
            long = st.lists(st.just(low), min_size=most + 1, max_size=most + 3)
            others = st.sampled_from([None, {}, "50", b"", 50, [[50]], [True], [0.5]])
            return st.one_of(others, odd, outside, long)
        case Changes(most):
            long = st.integers(most + 1, most + 3).map(lambda count: [{"epoch": 1}] * count)
            return st.one_of(st.sampled_from([None, {}, "[]", b"", 5, True]), long)
        case Choice():
            return st.one_of(anything, odd, st.integers(), st.booleans())
        case Flag():
            return st.one_of(anything, odd, st.integers())
    raise AssertionError(f"no strategy for {rule}")


def descriptions(cls: type[Description]) -> st.SearchStrategy[Any]:
    """Any description of one class."""
    return st.builds(cls, **{name: accepted_by(rule) for name, rule in rules(cls).items()})


def any_of(kinds: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(sorted(kinds)).flatmap(lambda kind: descriptions(kinds[kind]))


@st.composite
def changes(draw: st.DrawFn, optimizer: Optimizer, epochs_max: int = EPOCHS_MAX) -> list[Any]:
    """A few changes of a run with this optimizer, which end it at most after so many epochs."""
    numbers = {f"optimizer.{name}": rule for name, rule in numbers_of(optimizer).items()}
    epochs = draw(st.lists(st.integers(1, EPOCHS_MAX), unique=True, max_size=4).map(sorted))
    given = []
    for epoch in epochs:
        names = draw(st.lists(st.sampled_from(sorted(numbers)), unique=True, max_size=3))
        change: dict[str, Any] = {"epoch": epoch}
        change |= {name: draw(accepted_by(numbers[name])) for name in names}
        if draw(st.booleans()):
            change["schedule"] = draw(any_of(SCHEDULES)).to_dict()
        if epoch <= epochs_max and draw(st.booleans()):
            change["epochs"] = draw(st.integers(epoch, epochs_max))
        if len(change) > 1:  # one of nothing is refused
            given.append(change)
    return given


LIMITS = ("model.hidden", "model.filters", "batch_size")  # too large, or too large for its batches


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Any experiment of any kinds, within the limits on work."""
    data, optimizer, schedule = (
        draw(any_of(DATA)),
        draw(any_of(OPTIMIZERS)),
        draw(any_of(SCHEDULES)),
    )
    kinds = (Dense, Conv) if isinstance(data, Digits) else (Dense,)
    batch_size = draw(st.integers(1, BATCH_SIZE_MAX))
    updates_per_epoch = -(-data.train_rows // batch_size)
    epochs_max = min(EPOCHS_MAX, UPDATES_MAX // updates_per_epoch)
    try:
        return Experiment(
            data,
            draw(st.sampled_from(kinds).flatmap(descriptions)),
            draw(st.sampled_from(LOSSES)),
            optimizer,
            schedule,
            draw(st.just([]) | changes(optimizer, epochs_max)),
            draw(st.integers(1, epochs_max)),
            batch_size,
            draw(st.integers(0, SEED_MAX)),
        )
    except FieldError as error:
        assume(error.path not in LIMITS)
        raise
