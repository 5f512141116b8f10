"""A talk that is being given: the address names it and its place, so a reload comes back to where it was.

`?present=1` alone puts the page on stage as it is. With `talk` and `at` the state of the scene is taken from the talk.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from convexviz.app.components import shown, talk
from convexviz.app.contracts import TalkMessage, TalkRequest
from convexviz.app.shell import state
from convexviz.app.stage.talk import layout
from convexviz.app.stage.talk.scenes import Talk, TalkError, TalkScene, decode

ASKED = "cvz-talk-asked"  # session keys: what a key has asked for,
ARRIVED = "cvz-talk-arrived"  # the talk and place that the page was last drawn for,
LEFT = "cvz-talk-left"  # the talk that was last given, and how far,
VISITS = "cvz-talk-visits"  # and how often a scene has come on stage


@dataclass(frozen=True)
class Given:
    """What the address names: the talk as text, and the scene that is on; where it cannot be read, the problem."""

    text: str = ""
    at: int = 0
    talk: Talk = Talk()
    problem: str = ""

    @property
    def scene(self) -> TalkScene | None:
        """The scene on stage, if the address names a talk."""
        return self.talk.scenes[self.at] if self.talk.scenes else None


Address = tuple[str, dict[str, str]]
"""A lesson's address and a query."""


def presenting() -> bool:
    """Whether the page is on stage."""
    return st.query_params.get("present", "0") not in ("", "0")


def named() -> Given:
    """The talk and place that the address names."""
    text = st.query_params.get("talk", "")
    if not text:
        return Given()
    try:
        found = _decoded(text)
    except TalkError as error:
        return Given(problem=str(error))
    if not found.scenes:
        return Given(problem="This talk has no scenes yet; add some in the dialog On stage of a lesson.")
    at = st.query_params.get("at", "0")
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 4 else 0
    return Given(text, min(place, len(found.scenes) - 1), found)


@st.cache_data(max_entries=32, show_spinner=False)
def _decoded(text: str) -> Talk:
    return decode(text)


def address_of(text: str, given_talk: Talk, at: int) -> Address:
    """Where scene `at` of a talk is shown."""
    return given_talk.scenes[at].lesson, {"present": "1", "talk": text, "at": str(at)}


# ---------------------------------------------------------------- before the page is drawn


def way(lesson: str, lessons: Container[str], link: Callable[[], Mapping[str, str]]) -> Address | None:
    """Where the page has to go before it is drawn, if anywhere: a key has asked, or the scene is another lesson's.

    `lessons` are the addresses of all, `link` makes what a link to the present state names.
    """
    asked: TalkRequest | None = st.session_state.pop(ASKED, None)
    if not presenting():
        return _begun(lesson, link()) if asked and asked["ask"] == "begin" else None
    now = named()
    if asked and asked["ask"] == "leave":
        st.session_state[LEFT] = (now.text, now.at) if now.text else None
        st.session_state.pop(ARRIVED, None)
        return lesson, {}
    if now.scene is None:
        return None
    at = now.at
    if asked and asked["ask"] == "go":
        at = min(max(0, int(asked.get("to", at))), len(now.talk.scenes) - 1)
        if at == now.at:
            st.session_state.pop(ARRIVED, None)  # asked for again: as it was written down
    there = now.talk.scenes[at].lesson
    if there not in lessons:  # told by the page itself
        return None
    return None if (there, at) == (lesson, now.at) else address_of(now.text, now.talk, at)


def _begun(lesson: str, link: Mapping[str, str]) -> Address:
    """Back into the talk that was left, else this page as it is."""
    left = st.session_state.get(LEFT)
    if left is not None:
        text, at = left
        return address_of(text, _decoded(text), at)
    return lesson, {"present": "1", **{name: value for name, value in link.items() if name not in state.GUIDED}}


def arriving(lesson: str) -> Mapping[str, str] | None:
    """The query of the scene that has just come on stage, None if it was there before."""
    now = named() if presenting() else Given()
    place = (now.text, now.at) if now.scene is not None and now.scene.lesson == lesson else None
    before = st.session_state.get(ARRIVED)
    st.session_state[ARRIVED] = place
    if place is None or place == before or now.scene is None:
        return None
    st.session_state[VISITS] = st.session_state.get(VISITS, 0) + 1
    return now.scene.query


# ---------------------------------------------------------------- the page


def backdrop() -> str:
    """The style sheet that clears the stage."""
    return talk.BACKDROP if presenting() else ""


def mount(lesson: str, claim: str) -> None:
    """The stage around the pictures of the lesson; where the page is not on stage, the key that begins."""
    if not presenting():
        talk.mount(_message(Given(), "", ""), _ask)
        return
    now = named()
    parts = shown.now()
    scene = now.scene or TalkScene("", sentence=claim)
    there = layout.names(parts)
    show = tuple(name for name in scene.show if name in there) if scene.show else ()
    st.html(f"<style>{layout.style(show or layout.first(lesson, parts), scene.hand)}</style>")
    talk.mount(_message(now, scene.sentence, scene.theme), _ask)


def _message(now: Given, sentence: str, theme: Any) -> TalkMessage:
    problems = [now.problem] if now.problem else []
    if presenting() and not now.problem:
        problems = state.current().problems
    return {
        "on": presenting(),
        "at": now.at,
        "count": len(now.talk.scenes),
        "sentence": sentence,
        "theme": theme,
        "problem": " ".join(problems),
        "visit": _visit(),
    }


def _visit() -> int:
    return int(st.session_state.get(VISITS, 0))


def _ask(asked: object) -> None:
    """What a key asks for, checked."""
    if isinstance(asked, Mapping) and asked.get("ask") in ("begin", "leave", "go"):
        to = asked.get("to", 0)
        st.session_state[ASKED] = {"ask": asked["ask"], "to": to if isinstance(to, int) else 0}
