"""The card that goes along with a tour or a challenge, at the foot of the window, below whatever figure is in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from convexviz.app.components import guide
from convexviz.app.contracts import GuideMessage, KeeperMessage
from convexviz.app.course.glossary import Reading
from convexviz.app.course.scenes import Challenge, Prompt, Step
from convexviz.app.shell import keep, state
from convexviz.app.shell.source import Points
from convexviz.app.shell.state import Begun

UNDER_WAY = "cvz-scenes"
"""Session key: the scenes of the lesson on show, for the fragments that answer its gestures."""


@dataclass(frozen=True)
class Scenes:
    """What can be begun on a lesson."""

    prompts: Sequence[Prompt] = ()
    tour: Sequence[Step] = ()
    challenges: Sequence[Challenge] = ()

    def find(self, begun: Begun | None) -> Prompt | Step | Challenge | None:
        """What was begun; None for nothing, and for a name that there is not."""
        kinds: dict[str, Sequence[Prompt | Step | Challenge]]
        kinds = {"try": self.prompts, "tour": self.tour, "challenge": self.challenges}
        named = kinds[begun.kind] if begun else ()
        return next((scene for scene in named if begun and scene.name == begun.name), None)


def enter(scenes: Scenes) -> None:
    """Take up what a link names: alone it brings its settings, beside settings only its words."""
    lesson = state.current()
    st.session_state[UNDER_WAY] = scenes
    if lesson.begun is None:
        return
    scene = scenes.find(lesson.begun)
    if scene is None:
        lesson.problems.append(f"{lesson.begun.kind}: this lesson has none of that name.")
        lesson.begun = None
    elif lesson.query.keys() - {state.FIGURE} == {lesson.begun.kind} and lesson.loads != lesson.entered:
        state.begin(lesson.begun, scene.changes)
    lesson.entered = lesson.loads


def toolbar_button(tour: Sequence[Step]) -> None:
    """The way into the tour."""
    if tour:
        st.button("Tour", key="open-tour", icon=":material/tour:", help="A guided tour", on_click=go, args=(tour[0],))


def challenge_button(challenge: Challenge) -> None:
    """The way into a challenge."""
    st.button(
        challenge.ask,
        key=f"begin-{challenge.name}",
        icon=":material/flag:",
        type="tertiary",
        on_click=state.begin,
        args=(Begun("challenge", challenge.name), challenge.changes),
    )


def go(step: Step) -> None:
    """To a stop of the tour; the address names it, so that it outlives a reload."""
    state.begin(Begun("tour", step.name), step.changes)
    state.put_link({"tour": step.name})


def end() -> None:
    """Leave the tour or the challenge; what is on the page stays."""
    state.current().begun = None
    state.put_link({})


def parcels(settings: Any, points: Points | None) -> Mapping[str, GuideMessage | KeeperMessage]:
    """What the board hands on after a gesture: whether the challenge under way is met, and what is to be kept."""
    return {guide.KEY: _message(settings, points), **keep.parcels()}


def card(reading: Reading, settings: Any, points: Points | None) -> None:
    """The words of what is under way, the ways on, and what brings its figure into view."""
    lesson = state.current()
    scenes: Scenes = st.session_state[UNDER_WAY]
    scene = scenes.find(lesson.begun)
    with st.container(key="guide", gap="xxsmall"):
        if isinstance(scene, Step):
            _step(scene, list(scenes.tour), reading)
        elif isinstance(scene, Challenge):
            _challenge(scene, reading)
        guide.mount(_message(settings, points))


def _step(step: Step, tour: list[Step], reading: Reading) -> None:
    k = tour.index(step)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{k + 1}/{len(tour)} · {step.title}**")
        if k > 0:
            st.button("Back", key="tour-back", on_click=go, args=(tour[k - 1],), shortcut="Alt+Left")
        if k + 1 < len(tour):
            st.button("Next", key="tour-next", type="primary", on_click=go, args=(tour[k + 1],), shortcut="Alt+Right")
        st.button("End", key="guide-end", type="tertiary", on_click=end)
    st.markdown(reading(step.words), unsafe_allow_html=True)


def _challenge(challenge: Challenge, reading: Reading) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**Challenge.** {reading(challenge.ask)}", unsafe_allow_html=True)
        with st.popover("Hint", key="challenge-hint", type="tertiary"):
            st.markdown(reading(challenge.hint), unsafe_allow_html=True)
        st.button("End", key="guide-end", type="tertiary", on_click=end)


def _message(settings: Any, points: Points | None) -> GuideMessage:
    lesson, page = state.current(), state.page()
    scene = st.session_state[UNDER_WAY].find(lesson.begun)
    if scene is None or lesson.begun is None:
        return guide.parcel(page)
    name = f"{page}/{lesson.begun.kind}/{scene.name}/{lesson.loads}"
    if not isinstance(scene, Challenge):
        return guide.parcel(name, scene.figure)
    done = bool(scene.solved(settings, points))  # what is no bool of Python's, numpy's say, is no JSON
    return guide.parcel(name, scene.figure, f"{page}/{scene.name}", done, scene.reward if done else "")
