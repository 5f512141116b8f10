"""Training data: frozen datasets, generators and small real sets, validation, and codecs for text, tables and links."""

from convexviz.data.dataset import TASKS, Dataset, Task
from convexviz.data.formula import Formula, FormulaError, parse_formula, sample_formula
from convexviz.data.generators import DATASETS, load, names, preview
from convexviz.data.link import LinkError, decode_columns, encode_columns
from convexviz.data.spec import DatasetSpec
from convexviz.data.table import Columns, TableError, read_cells, read_columns, read_table, write_table
from convexviz.data.validation import check_problem

__all__ = [
    "DATASETS",
    "TASKS",
    "Columns",
    "Dataset",
    "DatasetSpec",
    "Formula",
    "FormulaError",
    "LinkError",
    "TableError",
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
    "read_table",
    "sample_formula",
    "write_table",
]
