"""The frame around every page: table of pages, page settings, style sheet, error guard."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st

from convexviz.app.components.web import asset
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.lessons.cutting_planes.settings import CuttingSettings
from convexviz.app.lessons.geometry.settings import GeometrySettings
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.lessons.race.settings import RaceSettings
from convexviz.app.shell import startup, state
from convexviz.app.shell.errors import guard
from convexviz.app.shell.settings import Settings
from convexviz.app.shell.share import show_link_problems

PAGES_FOLDER = Path(__file__).resolve().parents[3] / "pages"
ICON = str(files("convexviz.app.components.web").joinpath("icon.svg"))
ABOUT = "**convexviz**: two-layer ReLU networks trained to certified global optimality."


@dataclass(frozen=True)
class PageSpec:
    """A page: its file `pages/<name>.py` and, for a lesson, the class of its settings."""

    name: str
    title: str
    settings: type[Any] | None = None


PAGES = (
    PageSpec("home", "Home"),  # the first one is the default page, at "/"
    PageSpec("splines", "Splines", Settings),
    PageSpec("plane", "The plane", PlaneSettings),
    PageSpec("geometry", "Geometry", GeometrySettings),
    PageSpec("autoencoders", "Auto-encoders", AutoencoderSettings),
    PageSpec("closed-forms", "Closed forms", ClosedSettings),
    PageSpec("cutting-planes", "Cutting planes", CuttingSettings),
    PageSpec("race", "The race", RaceSettings),
)


def page(name: str) -> Any:
    """The page as `st.page_link` and `st.switch_page` take it.

    It has no icon: Streamlit makes a page's icon the tab's icon too, and fetches that from an outside server.
    """
    spec = next(spec for spec in PAGES if spec.name == name)
    file = PAGES_FOLDER / f"{spec.name}.py"
    return st.Page(file, title=spec.title, url_path=spec.name, default=spec is PAGES[0])


def run() -> None:
    """Draw the frame and, inside it, the page that the address names."""
    pages = {spec: page(spec.name) for spec in PAGES}
    chosen = st.navigation(list(pages.values()), position="top")
    spec = next((spec for spec, candidate in pages.items() if candidate.title == chosen.title), PAGES[0])
    st.set_page_config(page_title=page_title(spec), page_icon=ICON, layout="wide", menu_items={"About": ABOUT})
    st.html(f"<style>{asset('web/frame.css')}</style>")
    with guard():
        if spec.settings:
            state.load_settings(spec.name, spec.settings)
            show_link_problems()
        chosen.run()
    startup.freeze_after(spec.name)


def title_of(name: str) -> str:
    """The title of a page by its name."""
    return next(spec.title for spec in PAGES if spec.name == name)


def page_title(spec: PageSpec) -> str:
    return "convexviz" if spec is PAGES[0] else f"{spec.title} · convexviz"
