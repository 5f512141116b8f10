"""A talk that is being given: the address names it and its place, so a reload comes back to where it was.

`?present=1` alone puts the page on stage as it is. With `talk` and `at` the state of the scene is taken from the talk.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

import streamlit as st

from convexviz.app.components import shown, talk
from convexviz.app.components.web import sequence
from convexviz.app.contracts import TalkMessage, TalkRequest
from convexviz.app.shell import state
from convexviz.app.stage.talk import layout
from convexviz.app.stage.talk.scenes import Talk, TalkError, TalkScene, decode

ASKED = "cvz-talk-asked"  # session keys: what a key has asked for,
ARRIVED = "cvz-talk-arrived"  # the talk and place that the page was last drawn for,
LEFT = "cvz-talk-left"  # the talk that was last given, and how far,
WANTED = "cvz-talk-wanted"  # and where dialog or key lead

NO_TALK = Talk()


@dataclass(frozen=True)
class Given:
    """What the address names: the talk as text, and the scene that is on; where it cannot be read, the problem."""

    text: str = ""
    at: int = 0
    talk: Talk = NO_TALK
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


def left() -> Talk | None:
    """The talk that was last given and left."""
    kept = st.session_state.get(LEFT)
    return _decoded(kept[0]) if kept else None


def address_of(text: str, given_talk: Talk, at: int) -> Address:
    """Where scene `at` of a talk is shown."""
    return given_talk.scenes[at].lesson, {"present": "1", "talk": text, "at": str(at)}


# ---------------------------------------------------------------- before the page is drawn


def elsewhere(lesson: str, lessons: Container[str]) -> Address | None:
    """Where the scene that the address names is shown, if that is on the page of another of the `lessons`."""
    now = named() if presenting() else Given()
    if now.scene is None or now.scene.lesson == lesson or now.scene.lesson not in lessons:
        return None
    return address_of(now.text, now.talk, now.at)


def arriving(lesson: str, link: Callable[[], Mapping[str, str]]) -> Mapping[str, str] | None:
    """The query of the scene that has just come on stage, None if it was there before.

    `link` makes what a link to the lesson as the session has it names.
    """
    now = named() if presenting() else Given()
    asked: TalkRequest | None = st.session_state.pop(ASKED, None)
    place = (now.text, now.at) if now.scene is not None and now.scene.lesson == lesson else None
    before = st.session_state.get(ARRIVED)
    st.session_state[ARRIVED] = place
    if before is not None and not presenting():
        st.session_state[LEFT] = before
    if asked and asked["ask"] == "begin" and not presenting():
        st.session_state[WANTED] = _begun(lesson, link())
    if place is None or now.scene is None:
        return None
    again = asked is not None and asked["ask"] == "again"
    return now.scene.query if again or place != before else None


def _begun(lesson: str, link: Mapping[str, str]) -> Address:
    """Back into the talk that was left, else this page as it is."""
    kept = st.session_state.get(LEFT)
    if kept is not None:
        text, at = kept
        return address_of(text, _decoded(text), at)
    return lesson, {"present": "1", **{name: value for name, value in link.items() if name not in state.GUIDED}}


# ---------------------------------------------------------------- the page


def backdrop() -> str:
    """The style sheet that clears the stage."""
    return talk.BACKDROP if presenting() else ""


def mount(lesson: str, claim: str) -> None:
    """The stage around the pictures of the lesson; where the page is not on stage, the key that begins."""
    if not presenting():
        talk.mount(_message(Given(), TalkScene(lesson), False), _ask)
        return
    now, parts = named(), shown.now()
    scene = now.scene or TalkScene(lesson, sentence=claim)
    show = [name for name in scene.show if name in layout.names(parts)]
    st.html(f"<style>{layout.style(show or layout.first(lesson, parts), scene.hand)}</style>")
    talk.mount(_message(now, scene, True), _ask)


def _message(now: Given, scene: TalkScene, on: bool) -> TalkMessage:
    wanted: Address | None = st.session_state.pop(WANTED, None)
    problems = [now.problem] if now.problem else state.current().problems if on else []
    return {
        "on": on,
        "at": now.at,
        "lessons": [one.lesson for one in now.talk.scenes],
        "sentence": scene.sentence,
        "theme": scene.theme,
        "problem": " ".join(problems),
        "go": None if wanted is None else {"lesson": wanted[0], "query": wanted[1], "seq": sequence()},
    }


def _ask(asked: object) -> None:
    """What a key asks for, checked."""
    if isinstance(asked, Mapping) and asked.get("ask") in ("begin", "again"):
        st.session_state[ASKED] = {"ask": asked["ask"]}
