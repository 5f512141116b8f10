"""Tables as people have them, read: bytes to text, text to cells, cells to numbers, dates and classes, these to points.

    decoding → separating → numbers, dates → columns → sheet → choice → points

There is one reader, `read_sheet`. `read_table`, `read_cells` and `read_columns` are stricter doors to it: they leave
nothing out.
"""

from convexviz.data.tables.choice import Choice, Taken
from convexviz.data.tables.columns import Column
from convexviz.data.tables.errors import TableError
from convexviz.data.tables.named import Columns, read_columns
from convexviz.data.tables.sheet import Sheet, read_sheet
from convexviz.data.tables.text import read_cells, read_table, write_table
from convexviz.data.tables.thinning import thinned

__all__ = [
    "Choice",
    "Column",
    "Columns",
    "Sheet",
    "TableError",
    "Taken",
    "read_cells",
    "read_columns",
    "read_sheet",
    "read_table",
    "thinned",
    "write_table",
]
