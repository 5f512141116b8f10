"""The films' part of the export dialog: which film, how fast, as what; then how far it is, then the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.components import shown
from convexviz.app.components.player import making
from convexviz.app.stage.film_work import FilmWork, Order
from convexviz.app.stage.pictures import Film, films, picture, pictures
from convexviz.app.stage.scene import Scene
from convexviz.export import missing, picture_name
from convexviz.export.film import FASTEST, FPS, HOLD, LONGEST, Format
from convexviz.export.film_files import Timing
from convexviz.export.styled import split_title
from convexviz.export.words import levelled, plain, still
from convexviz.figures.spec import Spec

WORK, OFFER = "cvz-film-work", "cvz-film-offer"  # session keys: the film in the making; what there is to film
FORMATS: Mapping[str, Format] = {"MP4": "mp4", "GIF": "gif", "PNG frames": "zip"}
MIME: Mapping[Format, str] = {"mp4": "video/mp4", "gif": "image/gif", "zip": "application/zip"}
PLAYS: Mapping[Format, str] = {
    "mp4": "H.264 video: plays in PowerPoint, Keynote and browsers.",
    "gif": "Plays by itself, over and over, wherever a picture can stand.",
    "zip": "A zip of the frames as pictures, and a table of when each is shown: for the animations of a slide.",
}
SIZES: Mapping[str, float] = {"1920 × 1080": 1.5, "1280 × 720": 1.0, "960 × 540": 0.75}
ALONE = "nothing"
LEAST_FPS, SLOWEST = 0.2, 600.0  # frames a second; seconds in all


@dataclass(frozen=True)
class Offer:
    """What there is to film of a scene: by the name of a film, the pictures that change in it, and their titles."""

    scene: Scene
    films: Mapping[str, Film]
    moving: Mapping[str, Mapping[str, str]]


@st.fragment
def part(scene: Scene) -> None:
    """All about films; what is pressed in it reruns nothing else."""
    work: FilmWork | None = st.session_state.get(WORK)
    if lacking := missing():
        st.info(f"Films are drawn on the server, which cannot draw: {lacking}")
        return
    offer = _offer(scene)
    _unfinished(offer.scene)
    order = _order(offer) if offer.films else None
    going = work is not None and work.going
    if order and st.button("Make the film", key="cvz-film-make", type="primary", disabled=going) and not going:
        work, going = FilmWork(order), True
        st.session_state[WORK] = work
    if work is not None and going:
        _progress(work)
    elif work is not None:
        _result(work)


# ---------------------------------------------------------------- what there is


def _offer(scene: Scene) -> Offer:
    """As of now: a path may have become longer since the dialog was opened."""
    now = shown.now()
    parts = {key: now.get(key, old) if old.kind in {"path", "film"} else old for key, old in scene.parts.items()}
    fresh = replace(scene, parts=parts)
    known: Offer | None = st.session_state.get(OFFER)
    if known is None or known.scene != fresh:
        found = films(fresh)
        known = Offer(fresh, found, {name: moving(fresh, film) for name, film in found.items()})
        st.session_state[OFFER] = known
    return known


def moving(scene: Scene, film: Film) -> dict[str, str]:
    """The pictures that are not the same in all of the film, by name, and their titles."""
    first, last = film.frames[0], film.frames[-1]
    middle = film.frames[len(film.frames) // 2]
    made = {name: _text(spec) for name, spec in pictures(scene, first).items()}
    names = [
        name
        for name, text in made.items()
        if any(_text(picture(scene, name, other)) != text for other in (last, middle))
    ]
    return {name: _label(name, picture(scene, name)) for name in names}


def _text(spec: Spec) -> str:
    return json.dumps(spec, default=lambda value: np.asarray(value).tolist())


def _label(name: str, spec: Spec) -> str:
    title: Any = spec["layout"].get("title") or ""
    words, _ = split_title(title if isinstance(title, str) else title.get("text") or "")
    return plain(still(levelled(words))) or name


def _unfinished(scene: Scene) -> None:
    """What is not there yet, and how it is made."""
    for path in scene.of("path"):
        count, slider = len(json.loads(path.data["frames"] or "[]")), scene.parts.get(path.key.removesuffix("-path"))
        if path.data.get("complete") or (slider is not None and slider.data["disabled"]):
            continue
        there = f"{count} answers on the path over β are there" if count else "The path over β is not there yet"
        st.caption(f"{there}; the page solves the rest while your hand rests. A film shows those that are there.")
        st.button("Look again", key="cvz-film-look", icon=":material/refresh:")
    for film in scene.of("film"):
        if not film.data.get("frames"):
            st.caption(f"The film on this page is not made yet: close this, and press “{film.data['title']}”.")
    if not scene.of("path") and not scene.of("film"):
        st.caption("Nothing plays on this page, so there is no film of it; the pictures are above.")


# ---------------------------------------------------------------- what is asked for


def _order(offer: Offer) -> Order | None:
    film = _film(offer)
    titles = offer.moving[film.name]
    if not titles:
        st.caption("None of this page's pictures changes in this film.")
        return None
    names = _pictures(titles)
    left, middle, right = st.columns(3)
    kind = FORMATS[left.segmented_control("As", list(FORMATS), default="MP4", key="cvz-film-format", required=True)]
    size = middle.selectbox("Pixels", list(SIZES), key="cvz-film-size")
    theme = right.segmented_control("Theme", ["light", "dark"], default=_theme(), key="cvz-film-theme", required=True)
    fps, hold = _speed(len(film.frames))
    left, right = st.columns(2)
    captions = left.toggle("Write β or the round under the title", True, key="cvz-film-captions")
    clear = kind == "zip" and right.toggle("Leave the paper out", True, key="cvz-film-clear")
    st.caption(f"{_length(Timing(len(film.frames), fps, hold))} {PLAYS[kind]}")
    return Order(offer.scene, film, names, kind, fps, hold, SIZES[size], theme, clear, captions)


def _film(offer: Offer) -> Film:
    names = list(offer.films)
    words = {name: "The sweep of β" if name == "beta" else offer.films[name].title for name in names}
    if len(names) == 1:
        st.markdown(f"**{words[names[0]]}**")
        return offer.films[names[0]]
    return offer.films[st.selectbox("Film", names, format_func=words.__getitem__, key="cvz-film-name")]


def _pictures(titles: Mapping[str, str]) -> tuple[str, ...]:
    left, right = st.columns(2)
    first = left.selectbox("Picture", list(titles), format_func=titles.__getitem__, key="cvz-film-picture")
    others = [ALONE, *(name for name in titles if name != first)]
    second = right.selectbox(
        "Beside it", others, format_func=lambda name: titles.get(name, name), key="cvz-film-beside"
    )
    return (first,) if second == ALONE else (first, second)


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def _speed(count: int) -> tuple[float, float]:
    """Frames a second, and seconds of hold."""
    left, middle, right = st.columns(3)
    by = left.segmented_control(
        "Speed by", ["frames a second", "seconds in all"], default="frames a second", key="cvz-film-by", required=True
    )
    hold = right.number_input("Hold at the ends, s", 0.0, LONGEST, HOLD, 0.5, "%g", key="cvz-film-hold")
    if by == "frames a second":
        return middle.number_input("Frames a second", LEAST_FPS, FASTEST, FPS, 1.0, "%g", key="cvz-film-fps"), hold
    least, usual = count / FASTEST + 2 * hold, round(count / FPS + 2 * hold, 1)
    seconds = middle.number_input(
        "Seconds in all", round(least + 0.05, 1), SLOWEST, usual, 1.0, "%g", key="cvz-film-seconds"
    )
    return count / (seconds - 2 * hold), hold


def _length(timing: Timing) -> str:
    frames = "1 frame" if timing.count == 1 else f"{timing.count} frames"
    return f"{frames}, {timing.seconds:.1f} s in all."


# ---------------------------------------------------------------- making it


def _progress(work: FilmWork) -> None:
    work.ask()
    making.mount("cvz-film-making", share=work.share, words=_doing(work), on_cancel=work.cancel)


def _doing(work: FilmWork) -> str:
    if work.waiting:
        return "Other films of this server come first …"
    count = len(work.order.film.frames)
    drawn = min(count, round(2 * count * work.share))
    return f"{drawn} of {count} frames drawn" if drawn < count else "Writing the file …"


def _result(work: FilmWork) -> None:
    if work.trouble:
        st.error(work.trouble)
    elif work.data is None:
        st.caption("The film was cancelled; nothing of it is left.")
    else:
        _download(work, work.data)


def _download(work: FilmWork, data: bytes) -> None:
    order = work.order
    name = picture_name(order.scene, "-".join((order.film.name, *order.names)), [order.theme], order.format)
    size = f"{len(data) / 1e6:.1f} MB" if len(data) >= 1e5 else f"{len(data) / 1e3:.0f} kB"
    st.download_button(
        f"Download the film ({size})",
        data,
        name,
        MIME[order.format],
        key="cvz-film-download",
        on_click="ignore",
        icon=":material/download:",
    )
    length = _length(Timing(len(order.film.frames), order.fps, order.hold))
    st.caption(f"{name}: {length}")
