"""Toggles on a page whose runs are slow, with a part that asks for a run of its own all the time, as a path does."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Self

import streamlit as st

from convexviz.app import reruns
from convexviz.app.shell import controls, state
from convexviz.app.shell.settings import setting

SECONDS = 0.1  # before the toggles are drawn, and after that
_ticks = st.components.v2.component(
    "ticks",
    js="""export default ({ setTriggerValue }) => {
      globalThis.ticks ??= setInterval(() => globalThis.tick("tick", performance.now()), 200);
      globalThis.tick = setTriggerValue;
    }""",
)


@dataclass(frozen=True)
class Settings:
    """Two overlays in the open and two in a popover."""

    a: bool = setting(False, "bool", "A")
    b: bool = setting(False, "bool", "B")
    c: bool = setting(False, "bool", "C")
    d: bool = setting(False, "bool", "D")

    @classmethod
    def assembled(cls, values: dict[str, Any]) -> tuple[Self, list[str]]:
        return cls(**values), []

    def changed(self, **changes: Any) -> Self:
        return replace(self, **changes)


@st.fragment
def part() -> None:
    """What asks for run after run."""
    _ticks(key="ticks", on_tick_change=lambda: None)


reruns.mend()
state.load_settings("harness", Settings)
time.sleep(SECONDS)
controls.toggle("a")
controls.toggle("b")
with st.popover("Show"):
    controls.toggle("c")
    controls.toggle("d")
st.button("C on", on_click=lambda: state.update(c=True))
if st.toggle("busy", key="busy"):
    part()
time.sleep(SECONDS)
now = state.current().settings
st.text("".join(name.upper() if getattr(now, name) else name for name in "abcd"))
