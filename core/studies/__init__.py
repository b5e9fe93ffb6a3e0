"""Studies: the tutorial's seven experiments and grids of one's own, as data."""

from core.studies.cost import Size, check_size, seconds, size
from core.studies.grid import Axis, grid, linear, listed, logarithmic
from core.studies.study import Cell, Study, check_seeds
from core.studies.table import Row, table, table_csv
from core.studies.tutorial import STUDIES, Difference, differences, rates, study

__all__ = [
    "STUDIES",
    "Axis",
    "Cell",
    "Difference",
    "Row",
    "Size",
    "Study",
    "check_seeds",
    "check_size",
    "differences",
    "grid",
    "linear",
    "listed",
    "logarithmic",
    "rates",
    "seconds",
    "size",
    "study",
    "table",
    "table_csv",
]
