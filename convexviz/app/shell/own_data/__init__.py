"""Your own data: the dialog with the points as numbers, in a table, a text or a file, all read by one reader."""

from convexviz.app.shell.own_data.dialog import open_data

__all__ = ["open_data"]
