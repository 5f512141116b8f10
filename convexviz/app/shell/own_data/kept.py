"""What was typed, pasted or uploaded into the dialog, kept while it is closed; no widget holds it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from convexviz import data

Cells = list[list[str]]


@dataclass
class Kept:
    """What one board's dialog holds.

    `text` and `upload` (name and bytes of a file) are never there both: what comes replaces the other. `cells` are the
    table as it was left, made from the points of `stamp`, `base` what its widget began with. `seen` are the
    choosers that were on the page. `turn` counts how often the widgets were emptied.
    """

    text: str = ""
    upload: tuple[str, bytes] | None = None
    cells: Cells | None = None
    base: Cells = field(default_factory=list)
    stamp: tuple[int, int] = (-1, -1)
    turn: int = 0
    replaced: str = ""  # what the last one to come has replaced
    read: dict[int, data.Sheet | data.TableError] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @property
    def source(self) -> str | bytes | None:
        """The text or the file in use; None for neither."""
        if self.upload is not None:
            return self.upload[1]
        return self.text if self.text.strip() else None

    def take_text(self, text: str) -> None:
        """A text takes the place of a file."""
        if text.strip() and self.upload is not None:
            self.replaced, self.upload, self.turn = f"the file {self.upload[0]}", None, self.turn + 1
        self.text = text

    def take_upload(self, name: str, content: bytes) -> None:
        """A file takes the place of a text."""
        self.replaced = "the pasted text" if self.text.strip() else ""
        self.upload, self.text, self.turn = (name, content), "", self.turn + 1

    def drop(self) -> None:
        """Neither text nor file."""
        self.text, self.upload, self.replaced, self.turn = "", None, "", self.turn + 1

    def sheet(self, source: str | bytes | Sequence[Sequence[str]]) -> data.Sheet:
        """The sheet in a source, read once; TableError where there is none."""
        key = hash(source if isinstance(source, str | bytes) else tuple(map(tuple, source)))
        if key not in self.read:
            try:
                self.read = {key: data.read_sheet(source)}
            except data.TableError as error:
                self.read = {key: error}
        found = self.read[key]
        if isinstance(found, data.TableError):
            raise found
        return found


def of(board: str) -> Kept:
    """What is kept for a board, by the name of its points."""
    kept: Kept = st.session_state.setdefault(f"own-data-{board}", Kept())
    return kept
