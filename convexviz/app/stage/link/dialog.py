"""The dialog beside a shared address: what the link shows, how that looks, and the texts and the code to hand it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from convexviz.app.components import preview
from convexviz.app.shell import state
from convexviz.app.shell.settings import table
from convexviz.app.stage.link import qr, wording
from convexviz.app.stage.link.embedded import Embedding
from convexviz.app.stage.link.snippets import SNIPPETS, Target, embedded_address

WHOLE, EMBED = "The whole lesson", "Board, verdict and one figure"
SIZES = {"Slide, 960 × 540": (960, 540), "Page, 640 × 480": (640, 480), "Phone, 390 × 700": (390, 700)}
TOO_LONG = "This link is longer than a QR code can hold. A preset, or fewer points, makes it shorter."


@dataclass(frozen=True)
class Shared:
    """A lesson as it was when the dialog was opened."""

    address: str
    title: str
    page: str
    settings: Any
    embedding: Embedding


def button(shared: Shared) -> None:
    """The way into the dialog."""
    if st.button("Embed, QR code…", key="open-link", icon=":material/qr_code:", help="Choose what the link shows"):
        open_link(shared)


def shared(address: str, title: str, settings: Any, embedding: Embedding) -> Shared:
    """What the page shows now; `settings` hold the points as drawn."""
    return Shared(address, title, st.context.url or "", settings, embedding)


@st.dialog("A link to this lesson", width="large", icon=":material/link:")
def open_link(shared: Shared) -> None:
    """Choose, look, copy."""
    choose, look = st.columns([42, 58], gap="medium")
    with choose:
        embed = st.radio("What it shows", (EMBED, WHOLE), key="link-shows") == EMBED
        query = _embedded(shared) if embed else _whole(shared)
        width, height = SIZES[st.selectbox("Window", list(SIZES), key="link-size")]
    target = Target(embedded_address(shared.page, query, embed), shared.title, width, height)
    with look:
        preview.mount("link-preview", target.address, width, height)
    st.code(target.address, language=None, wrap_lines=True)
    texts, code = st.columns([68, 32], gap="medium")
    with texts:
        _snippets(target)
    with code:
        _code(target.address, shared.address)


def _embedded(shared: Shared) -> dict[str, str]:
    """The query of an embedded lesson."""
    figures = shared.embedding.figures
    figure = st.selectbox("Figure", list(figures), format_func=figures.__getitem__, key="link-figure")
    hidden = []
    if "beta" in table(type(shared.settings))["hide"].choices and not st.toggle(
        "β can be changed", True, key="link-beta"
    ):
        hidden = ["beta"]
    first = next(iter(figures))
    return link_query(shared.settings, hidden, figure if figure != first else None)


def _whole(shared: Shared) -> dict[str, str]:
    """The query of a lesson without what is chosen here."""
    choices = table(type(shared.settings))["hide"].choices
    parts = {
        "Hide controls": wording.groups(shared.address, choices) | _named(wording.TOOLS),
        "Hide texts": _named((*wording.TITLE, *wording.TEXTS)),
        "Hide navigation": _named(wording.NAVIGATION),
    }
    hidden: list[str] = []
    for label, names in parts.items():
        before = [name for name in names if shared.settings.hides(name)]
        hidden += st.pills(
            label,
            list(names),
            selection_mode="multi",
            default=before,
            format_func=names.__getitem__,
            key=f"link-{label}",
        )
    return link_query(shared.settings, hidden)


def _named(parts: Sequence[str]) -> dict[str, str]:
    return {part: wording.PART_NAMES[part] for part in parts}


def link_query(settings: Any, hidden: Sequence[str], figure: str | None = None) -> dict[str, str]:
    """The query that brings these settings, without what is hidden, and with the figure of an embedded page."""
    order = table(type(settings))["hide"].choices
    query = state.link_query(replace(settings, hide=",".join(part for part in order if part in hidden)))
    query.pop(state.FIGURE, None)
    return query if figure is None else query | {state.FIGURE: figure}


def _snippets(target: Target) -> None:
    """A text to copy for each place."""
    for tab, snippet in zip(st.tabs([snippet.label for snippet in SNIPPETS.values()]), SNIPPETS.values(), strict=True):
        with tab:
            st.code(snippet.text(target), language=snippet.language, wrap_lines=True)


def _code(link: str, name: str) -> None:
    """The QR code, as a picture and as files."""
    made = qr.code(link)
    if made is None:
        st.info(TOO_LONG)
        return
    with st.container(key="link-code"):
        st.image(made.svg, width="stretch")
    for warning in made.warnings:
        st.caption(warning)
    with st.container(horizontal=True, gap="xsmall"):
        _download("SVG", made.svg, f"convexviz-{name}-qr.svg", "image/svg+xml")
        _download("PNG", made.png, f"convexviz-{name}-qr.png", "image/png")


def _download(label: str, data: str | bytes, file: str, mime: str) -> None:
    st.download_button(label, data, file, mime, icon=":material/download:", on_click="ignore", key=f"link-{label}")
