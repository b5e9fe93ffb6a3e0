"""What a record can hold beside the columns that every record has, for those who ask for it."""

from __future__ import annotations

# Each is measured after the epoch, on all training rows, and costs more than training itself.
EXTRA = ("gradient_norm", "sharpness", "preconditioned_sharpness")
