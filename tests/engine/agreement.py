"""How far two runs of one experiment lie apart."""

from __future__ import annotations

import numpy as np

from core.experiment.records import COLUMNS, Run

FIGURES = 1e-5  # shares of themselves by which the engines' figures may differ in stable settings,
RATES = 1e-6  # and their rates, which Keras works out in single precision


def difference(ours: Run, reference: Run) -> float:
    """The largest difference of any figure of any epoch, as a share of it; epoch 0 too."""
    apart = [np.abs(one - other) / np.abs(other) for one, other in figures(ours, reference)]
    return float(np.nanmax(apart))  # a figure that is 0 in both is no difference


def figures(ours: Run, reference: Run):
    for name in COLUMNS[3:]:
        yield whole(ours, name), whole(reference, name)


def whole(run: Run, name: str) -> np.ndarray:
    place = run.columns.index(name)
    return np.concatenate([run.start[[place]], run.column(name)])


def assert_agree(ours: Run, reference: Run, limit: float = FIGURES, rows: float = 0.0) -> None:
    """Outcome, length and counts are equal; figures and rates as near as they should be.

    Accuracies may differ by a share `rows` of the rows.
    """
    assert ours.outcome == reference.outcome
    assert ours.records.shape == reference.records.shape
    for name in ours.columns:
        most = {"epoch": 0, "updates": 0, "learning_rate": RATES}.get(name, limit)
        beside = rows if "accuracy" in name else 0.0
        one, other = whole(ours, name), whole(reference, name)
        np.testing.assert_allclose(one, other, rtol=most, atol=beside, err_msg=name)
