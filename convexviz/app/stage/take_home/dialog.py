"""The dialog that makes the page: what is inside, how large it is, and the file."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from convexviz.app.components.shown import Part
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.take_home.page import Inside, file_name, film_of, path_of, take_home_page

ABOUT = (
    "One file that opens from disk or from any web page, without server or network: the pictures, which answer to the "
    "pointer, and the certificate. Where its proof is inside, the page checks it in exact arithmetic when it opens."
)
AT_HOME = ("localhost", "127.0.0.1", "::1")  # hosts that nobody else can reach


def body(scene: Scene) -> None:
    """Choices, what is not ready yet, and the file."""
    st.markdown(ABOUT)
    with st.container(key="take-home-inside", horizontal=True):
        inside = Inside(
            path=_slides(scene) and _choice("path", "β slider", _path(scene) is not None),
            film=bool(scene.of("film")) and _choice("film", "Film", film_of(scene) is not None),
            text=_choice("text", "Text and equations"),
            code=_choice("code", "Python"),
        )
    for said in unready(scene):
        st.info(said, icon=":material/hourglass_empty:")
    page = take_home_page(scene, inside, server(st.context.url or "", scene)).encode()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download the page",
            page,
            file_name(scene),
            "text/html",
            key="take-home-file",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
        st.markdown(f"`{file_name(scene)}`, {size(len(page))}")


def _choice(name: str, label: str, there: bool = True) -> bool:
    return st.checkbox(label, value=there, disabled=not there, key=f"take-home-{name}")


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def unready(scene: Scene) -> list[str]:
    """What the lesson has and the page would lack, with the way to it."""
    said = []
    path = _path(scene)
    if path is None and _slides(scene):
        said.append("The path over β is not solved yet. Close this, give it a moment, and open it again.")
    elif path is not None and not path.data["complete"]:
        said.append("The path over β is solved in part. Close this, give it a moment, and open it again for all of it.")
    said += [
        f"The film is not made yet. Close this, press “{film.data['title']}”, and open it again."
        for film in scene.of("film")
        if not film.data["frames"]
    ]
    return said


def _slides(scene: Scene) -> bool:
    """Whether β can be moved at all."""
    return any(not slider.data["disabled"] for slider in scene.of("slider"))


def _path(scene: Scene) -> Part | None:
    return next((path for slider in scene.of("slider") if (path := path_of(scene, slider))), None)


def server(url: str, scene: Scene) -> str:
    """The address that the scene's link continues, from that of the page; "" where others cannot open it."""
    parts = urlsplit(url)
    if not parts.hostname or parts.hostname in AT_HOME:
        return ""
    above = parts.path.rstrip("/").removesuffix(f"/{scene.address}")
    return f"{parts.scheme}://{parts.netloc}{above}"
