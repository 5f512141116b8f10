"""What docs/MATH.md and the links of every page name exists: files, functions, a row for every chapter of formulas."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
MATH = ROOT / "docs" / "MATH.md"
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


class Row(NamedTuple):
    """A line of the table of formulas."""

    section: int
    file: str
    names: list[str]


def rows() -> Iterator[Row]:
    table = MATH.read_text(encoding="utf-8").partition("## Where each formula lives")[2]
    for section, file, names in re.findall(r"^\| (\d+) \|.*\]\((.*?)\) \| (.*) \|$", table, flags=re.MULTILINE):
        yield Row(int(section), file, re.findall(r"`(\w+)`", names))


def defined(path: Path) -> set[str]:
    """The functions, methods and classes a file defines."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds)}


def anchors(page: Path) -> set[str]:
    """Where a link may lead on the page: its headings as GitHub spells them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_chapter_of_formulas_has_a_row() -> None:
    chapters = re.findall(r"^## (\d+)\.", MATH.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [int(chapter) for chapter in chapters] == list(range(len(chapters)))
    assert {row.section for row in rows()} == set(range(len(chapters)))


def test_every_line_of_the_table_is_read() -> None:
    table = MATH.read_text(encoding="utf-8").partition("## Where each formula lives")[2]
    assert len(list(rows())) == table.count("\n| ") - 1
    assert all(row.names for row in rows())


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: f"{row.section}: {', '.join(row.names)}")
def test_the_file_defines_what_the_table_names(row: Row) -> None:
    assert set(row.names) <= defined(MATH.parent / row.file)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for file, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / file if file else page
        assert target.exists(), file
        if anchor:
            assert anchor in anchors(target), anchor
