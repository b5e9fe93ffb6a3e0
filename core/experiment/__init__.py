"""What is trained, as immutable descriptions, and what comes of it: records and outcomes."""

from core.experiment.experiment import KEY_LENGTH, LOSSES, Experiment
from core.experiment.parts import PARTS

__all__ = ["KEY_LENGTH", "LOSSES", "PARTS", "Experiment"]
