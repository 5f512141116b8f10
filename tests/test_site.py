"""The documentation site: it builds without a warning, and says something of every public name."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

import convexviz as cv

ROOT = Path(__file__).resolve().parents[1]
API = ROOT / "docs" / "api"


def directives() -> list[str]:
    """What the pages of the reference describe."""
    pages = [page.read_text(encoding="utf-8") for page in sorted(API.glob("*.md"))]
    return re.findall(r"^::: (\S+)$", "\n".join(pages), flags=re.MULTILINE)


def test_the_reference_describes_every_public_name_once() -> None:
    described = [name.removeprefix("convexviz.") for name in directives()]
    assert sorted(name for name in described if name in cv.__all__ and name != "datasets") == sorted(
        name for name in cv.__all__ if name != "datasets"
    )
    assert {"datasets", "geometry", "closed_form", "export.export"} <= set(described)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; any warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        caught: list[str] = []
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: caught.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger("mkdocs").addHandler(handler)
        try:
            build(load_config(str(ROOT / ".ci" / "docs" / "mkdocs.yml"), site_dir=str(folder)))
        finally:
            logging.getLogger("mkdocs").removeHandler(handler)
    assert caught == []
    return folder


def test_it_builds_without_a_warning_and_has_every_page(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    built = {page.relative_to(site) for page in site.rglob("*.html")}
    assert pages | {Path("contributing.html")} <= built


@pytest.mark.parametrize(("page", "least"), [("tutorial.html", 5), ("figures.html", 30)])
def test_pictures_stand_below_the_python_that_makes_them(site: Path, page: str, least: int) -> None:
    words = (site / page).read_text(encoding="utf-8")
    assert words.count('<div role="img"') >= least
    assert words.count("Plotly.newPlot(") == words.count('<div role="img"')
    assert (site / "assets" / "plotly.min.js").stat().st_size > 1e6


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:)?//')
    for page in site.rglob("*.html"):
        assert not fetched.search(re.sub(r'<link[^>]+rel="canonical"[^>]*>', "", page.read_text(encoding="utf-8"))), (
            page
        )


def test_formulas_and_parameters_are_set(site: Path) -> None:
    assert "<math" in (site / "proofs.html").read_text(encoding="utf-8")
    solve = (site / "api" / "solving.html").read_text(encoding="utf-8")
    assert "strength of weight decay, positive" in re.sub(r"\s+", " ", solve)
    assert not re.search(r"<code>\(n, d\) inputs", solve)  # what a parameter is, is no type
