"""Training data: frozen datasets, generators and small real sets, validation, and codecs for text, tables and links."""

from convexviz.data.dataset import TASKS, Dataset, Task
from convexviz.data.formula import Formula, FormulaError, parse_formula, sample_formula
from convexviz.data.generators import DATASETS, load, names, preview
from convexviz.data.link import LinkError, decode_columns, encode_columns
from convexviz.data.spec import DatasetSpec
from convexviz.data.tables import (
    Choice,
    Column,
    Columns,
    Sheet,
    TableError,
    Taken,
    read_cells,
    read_columns,
    read_sheet,
    read_table,
    thinned,
    write_table,
)
from convexviz.data.validation import check_problem

__all__ = [
    "DATASETS",
    "TASKS",
    "Choice",
    "Column",
    "Columns",
    "Dataset",
    "DatasetSpec",
    "Formula",
    "FormulaError",
    "LinkError",
    "Sheet",
    "TableError",
    "Taken",
    "Task",
    "check_problem",
    "decode_columns",
    "encode_columns",
    "load",
    "names",
    "parse_formula",
    "preview",
    "read_cells",
    "read_columns",
    "read_sheet",
    "read_table",
    "sample_formula",
    "thinned",
    "write_table",
]
