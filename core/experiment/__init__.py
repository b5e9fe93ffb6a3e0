"""What is trained, as immutable descriptions, and what comes of it: records and outcomes."""

from core.experiment.experiment import Experiment
from core.experiment.parts import PARTS

__all__ = ["PARTS", "Experiment"]
