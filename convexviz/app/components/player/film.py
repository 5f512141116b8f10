"""The film: a sequence of frames with a caption each, such as the rounds of a solver, played in the browser.

All frames are sent once, in one message that stays the same from rerun to rerun until `rev` changes; while they play,
nothing is asked of the server. A frame is shown as the β slider shows one, so all pictures of the page follow it.
"""

import json
from collections.abc import Callable, Sequence
from numbers import Integral

import streamlit as st

from convexviz.app.components import chart, shown
from convexviz.app.components.player import scrubber
from convexviz.app.components.web import module
from convexviz.app.contracts import FilmFrame, FilmMessage, FilmParcel, FilmPayload

FIELDS = ("beta", "network", "badge", "figures", "caption", "round")
OVERLAID = "curves"  # optional: what the board shows instead of the curves of its answer
SPEEDS = (1.0, 4.0, 15.0)  # frames a second: slow enough to explain each, to follow each, to see the whole as a motion
TITLE = "Solve it round by round"

_component = st.components.v2.component(
    "convexviz_film",
    # The slider looks like that of β.
    js=module("player/film.js", "player/scrubber.css", "player/film.css"),
    isolate_styles=False,
)


def mount(
    key: str,
    *,
    frames: str | None,
    rev: str,
    title: str = "",
    caption: str = "",
    waiting: str = "",
    on_ask: Callable[[], None] | None = None,
    unit: str = "round",
    speeds: tuple[float, float, float] = SPEEDS,
) -> None:
    """Show the player of `frames` (from `pack_frames`), or while there are none the button that asks for them.

    `on_ask` is called before the rerun that the button causes; until that rerun ends in a message from here, the
    button gives way to `waiting`. Frames that were asked for start to play by themselves. `rev` names the data that
    the frames belong to: with a new one the page returns to its answer. `caption` stands where the frames' captions do
    while the page shows its answer. `title` is the button's text, `unit` what `round` counts, `speeds` are the frames a
    second of slow, normal and fast.
    """
    film = payload(
        frames=frames,
        rev=rev,
        title=title,
        caption=caption,
        waiting=waiting,
        unit=unit,
        speeds=speeds,
        asked=_asked(key),
    )
    data: FilmMessage = {"key": key, **film}
    shown.note("film", key, data)
    if frames is None and on_ask is not None and shown.alone("films"):
        on_ask()
    _component(key=key, data=data, on_ask_change=lambda: _tell(key, on_ask))


def parcel(rev: str) -> FilmParcel:
    """What the board brings a film along with an answer: frames of another `rev` are out of date."""
    return {"rev": rev}


def payload(
    *,
    frames: str | None,
    rev: str,
    title: str = "",
    caption: str = "",
    waiting: str = "",
    unit: str = "round",
    speeds: Sequence[float] = SPEEDS,
    asked: int = 0,
) -> FilmPayload:
    """What the browser is sent.

    `asked` is the number of the last request seen: without it an answer that brings no frames would equal the message
    before it, and Streamlit sends no message twice.
    """
    if len(speeds) != len(SPEEDS) or not all(speed > 0 for speed in speeds):
        raise ValueError(f"speeds must be {len(SPEEDS)} positive numbers (slow, normal, fast), got {speeds!r}.")
    return {
        "frames": frames,
        "rev": rev,
        "title": title or TITLE,
        "caption": caption,
        "waiting": waiting or "Solving …",
        "unit": unit,
        "speeds": [float(speed) for speed in speeds],
        "asked": asked,
    }


def pack_frames(frames: Sequence[FilmFrame]) -> str:
    """Frames as JSON text; pure, so the caller may cache it.

    A frame is one of the β slider's (`beta`, `network`, `badge`, `figures`) with a `caption` and its `round`, a whole
    number that does not fall from frame to frame; it may have `curves` that the board draws instead of its answer's.
    """
    _check(frames)
    packed = json.loads(scrubber.pack_frames(frames))
    words = [{"caption": frame["caption"], "round": int(frame["round"])} for frame in frames]
    curves = [{OVERLAID: chart.pack(frame["curves"])} if "curves" in frame else {} for frame in frames]
    film = [shared | own | drawn for shared, own, drawn in zip(packed, words, curves, strict=True)]
    return json.dumps(film, allow_nan=False, separators=(",", ":"))


def _check(frames: Sequence[FilmFrame]) -> None:
    if not frames:
        raise ValueError("A film needs at least one frame, got none; mount it with frames=None until there is one.")
    last = 0
    for place, frame in enumerate(frames):
        if missing := [name for name in FIELDS if name not in frame]:
            raise ValueError(f"A frame of a film has {', '.join(FIELDS)}; frame {place} lacks {', '.join(missing)}.")
        if not isinstance(frame["caption"], str):
            raise ValueError(f"caption must be text, got {frame['caption']!r} in frame {place}.")
        number = frame["round"]
        if not isinstance(number, Integral) or isinstance(number, bool) or number < last:
            raise ValueError(f"round must be a whole number of at least {last}, got {number!r} in frame {place}.")
        last = int(number)


def _asked(key: str) -> int:
    """The number of the browser's last request that was seen."""
    return int(st.session_state.get(f"{key}-asked", 0))


def _tell(key: str, on_ask: Callable[[], None] | None) -> None:
    """Note the request and hand it on, unless a foreign page sent what no button sends."""
    number = (st.session_state.get(key) or {}).get("ask")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return
    st.session_state[f"{key}-asked"] = number
    if on_ask is not None:
        on_ask()
