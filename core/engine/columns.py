"""What a record can hold beside the columns that every record has; loads no TensorFlow."""

from __future__ import annotations

from core.experiment.records import COLUMNS, Columns, check_columns

# Each is measured after the epoch, on all training rows with dropout off; the last three cost more
# than training itself.
EXTRA = (
    "measured_loss",
    "measured_accuracy",
    "gradient_norm",
    "sharpness",
    "preconditioned_sharpness",
)


def check_extra(columns: Columns) -> None:
    """Raise `ValueError` for columns that no engine measures."""
    check_columns(columns)
    if unknown := [name for name in columns[len(COLUMNS) :] if name not in EXTRA]:
        raise ValueError(f"Session: columns must be among {', '.join(EXTRA)}, got {unknown[0]}.")
