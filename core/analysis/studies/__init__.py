"""Studies: the tutorial's seven experiments and grids of one's own, as data."""

from core.analysis.studies.cost import Size, check_size, seconds, size
from core.analysis.studies.grid import Axis, axis_of, axis_of_list, grid, linear, logarithmic
from core.analysis.studies.study import Cell, Study, check_seeds
from core.analysis.studies.table import Row, row, table, table_csv, table_fields
from core.analysis.studies.tutorial import STUDIES, Difference, differences, rates, study

__all__ = [
    "STUDIES",
    "Axis",
    "Cell",
    "Difference",
    "Row",
    "Size",
    "Study",
    "axis_of",
    "axis_of_list",
    "check_seeds",
    "check_size",
    "differences",
    "grid",
    "linear",
    "logarithmic",
    "rates",
    "row",
    "seconds",
    "size",
    "study",
    "table",
    "table_csv",
    "table_fields",
]
