"""What never does anything in an experiment: the laboratory's own words."""

from core.experiment.notes import ENGLISH

WORDS = {**ENGLISH}
