"""The dialog behind "Export": pictures of the scene as files, one or all, dressed for a slide or a paper.

The server draws with its Chromium. Where it has none, the reader's browser draws the same figure; PDF, which a browser
cannot write, is then left out, and the dialog says why.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from convexviz.app.components import exporter
from convexviz.app.stage import film_export
from convexviz.app.stage.pictures import pictures
from convexviz.app.stage.scene import Scene
from convexviz.export import ExportError, alt_of, bundle, missing, picture_name, rendered, styled
from convexviz.export.words import levelled, plain, split_title, still

ALL = "all"
FORMS = {"svg": "SVG", "pdf": "PDF", "png": "PNG", "csv": "CSV"}
FORM_HELP = "SVG and PDF stay sharp at any size; PNG goes everywhere; CSV holds the numbers."
PRESET_NAMES = {"slide": "Slide", "half": "Half a slide", "paper": "Column of a paper"}
PRESET_HELP = (
    "A slide is 13.33 × 7.5 inches with text of at least 18 points; a column is 3.5 inches wide, with 8 points."
)
THEME_NAMES = {"light": "Light", "dark": "Dark"}
SCALES = (1, 2, 3, 4)
MIME = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "csv": "text/csv",
    "zip": "application/zip",
}
PREVIEW = 0.5  # pixels for each of the preset
LACKING = "cvz-export-lacking"  # session key: why the server does not draw, once it has failed to
ZIP = "cvz-export-zip"  # session key: what the zip was made for, and the zip


@dataclass(frozen=True)
class Choice:
    """What is to be exported, and how."""

    name: str
    form: str
    preset: str
    theme: Literal["light", "dark"]
    transparent: bool
    scale: float

    @property
    def words(self) -> list[str]:
        """As parts of a file's name."""
        return [self.preset, self.theme, *(["transparent"] if self.transparent else [])]

    @property
    def look(self) -> dict[str, Any]:
        """As arguments of `convexviz.export`."""
        return {"preset": self.preset, "theme": self.theme, "transparent": self.transparent, "scale": self.scale}


Section = Callable[[Scene], None]


def show(scene: Scene) -> None:
    """The dialog: a tab for each kind of file."""
    for tab, section in zip(st.tabs(list(SECTIONS)), SECTIONS.values(), strict=True):
        with tab:
            section(scene)


def pictures_section(scene: Scene) -> None:
    """Choose a picture and how it looks, see it, save it."""
    shown = pictures(scene)
    if not shown:
        st.info("This page shows no picture yet. Wait for its answer, then open the export again.")
        return
    lacking = st.session_state.get(LACKING) or missing()
    left, right = st.columns([2, 3], gap="medium")
    with left:
        choice = _chosen(shown, lacking)
    with right:
        if choice.name == ALL:
            _offer_all(scene, shown, choice, lacking)
        else:
            _offer(scene, shown[choice.name], choice, lacking)


SECTIONS: Mapping[str, Section] = {"Pictures": pictures_section, "Films": film_export.part}


def _chosen(shown: Mapping[str, Any], lacking: str) -> Choice:
    """The widgets."""
    names = [*shown, *([ALL] if len(shown) > 1 else [])]
    name = st.selectbox("Picture", names, format_func=lambda name: _title(shown, name), key="cvz-export-name")
    forms = [form for form in FORMS if not (lacking and (form == "pdf" or (name == ALL and form != "csv")))]
    form = _segment("Format", {form: FORMS[form] for form in forms}, "cvz-export-form", help=FORM_HELP)
    if form == "csv":
        return Choice(name, form, "slide", "light", False, 1.0)
    preset = _segment("Size", PRESET_NAMES, "cvz-export-preset", help=PRESET_HELP)
    dark = st.context.theme.type == "dark"
    theme = _segment("Colours", THEME_NAMES, "cvz-export-theme", first="dark" if dark else "light")
    transparent = st.toggle(
        "Transparent", key="cvz-export-clear", help="Leave the paper out, for slides with one of their own."
    )
    scale = 1
    if form == "png":
        scale = st.select_slider("Pixels, times the size", SCALES, value=2, key="cvz-export-scale")
    return Choice(name, form, preset, "dark" if theme == "dark" else "light", transparent, float(scale))


def _segment(
    label: str, options: Mapping[str, str], key: str, first: str | None = None, help: str | None = None
) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = first or next(iter(options))
    chosen = st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=key, required=True, help=help
    )
    return str(chosen or first or next(iter(options)))


def _title(shown: Mapping[str, Any], name: str) -> str:
    """What a picture is called in the list: its title, its words, or its name."""
    if name == ALL:
        return f"All {len(shown)} figures, as one zip"
    title = shown[name]["layout"].get("title") or ""
    words = still(plain(levelled(split_title(title if isinstance(title, str) else title.get("text") or "")[0])))
    return words or alt_of(shown[name]).removesuffix(".") or name


def _offer(scene: Scene, spec: Any, choice: Choice, lacking: str) -> None:
    """One picture: a look at it, and the button."""
    if choice.form == "csv":
        _csv(scene, spec, choice)
        return
    name = picture_name(scene, choice.name, choice.words, choice.form)
    if not lacking:
        try:
            look = {**choice.look, "scale": PREVIEW * (1 if choice.preset == "slide" else 2)}
            with st.spinner("Drawing …"):
                st.image(_address(rendered(spec, "png", **look)), caption=name)
            st.download_button(
                "Download",
                lambda: rendered(spec, choice.form, **choice.look),
                name,
                MIME[choice.form],
                key=f"cvz-export-{name}",  # another file is another button: none hands out what was chosen before
                type="primary",
                icon=":material/download:",
                on_click="ignore",
            )
            return
        except ExportError as error:
            lacking = st.session_state[LACKING] = str(error)
    _explain(lacking)
    form: Literal["svg", "png"] = "png" if choice.form == "png" else "svg"
    dressed = styled(spec, choice.preset, choice.theme, choice.transparent)
    exporter.mount("cvz-export-here", dressed, form, name.removesuffix(choice.form) + form, choice.scale)


def _address(png: bytes) -> str:
    """The picture itself as an address: a file of the server would be gone while the page still asks for it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _explain(lacking: str) -> None:
    st.info(f"Your browser draws this picture, as the server cannot; that is why there is no PDF. {lacking}")


def _csv(scene: Scene, spec: Any, choice: Choice) -> None:
    table = rendered(spec, "csv")
    lines = table.decode().splitlines()
    st.code("\n".join([*lines[:8], *(["…"] if len(lines) > 8 else [])]), language=None)
    st.caption(f"{len(lines) - 1} rows")
    name = picture_name(scene, choice.name, [], "csv")
    st.download_button(
        "Download",
        table,
        name,
        MIME["csv"],
        key=f"cvz-export-{name}",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def _offer_all(scene: Scene, shown: Mapping[str, Any], choice: Choice, lacking: str) -> None:
    """All pictures: what the zip will hold, and how far it is."""
    kinds = "their numbers (CSV)" if choice.form == "csv" else f"{FORMS[choice.form]}, their numbers (CSV)"
    st.markdown(
        f"{len(shown)} pictures as {kinds}, the Python that makes the same (`script.py`)"
        + (", the pieces of the network (`pieces.csv`)" if scene.pieces else "")
        + (", the certificate (`certificate.json`)" if scene.certificate else "")
        + " and a `README.txt` that says what is what."
    )
    if lacking:
        st.info(f"Only the numbers, as the server cannot draw. {lacking}")
    made_for = (scene.link, choice)
    kept = st.session_state.get(ZIP)
    if kept is None or kept[0] != made_for:
        if not st.button("Make the zip", key="cvz-export-make", icon=":material/folder_zip:"):
            return
        kept = _made(scene, shown, choice, made_for)
    if kept is not None:
        name = picture_name(scene, "figures", choice.words, "zip")
        st.download_button(
            "Download",
            kept[1],
            name,
            MIME["zip"],
            key="cvz-export-zip-file",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )


def _made(scene: Scene, shown: Mapping[str, Any], choice: Choice, made_for: Any) -> Any:
    bar = st.progress(0.0)

    def tell(share: float, name: str) -> None:
        bar.progress(share, f"Drawing {_title(shown, name)} …")

    try:
        made = bundle(scene, shown, form=choice.form, **choice.look, tell=tell)
    except ExportError as error:
        st.error(str(error))
        return None
    finally:
        bar.empty()
    st.session_state[ZIP] = (made_for, made)
    return st.session_state[ZIP]
