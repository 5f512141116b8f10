"""What the buttons of `takeaway` open, each a dialog about the scene on the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from convexviz.app.components import takeaway
from convexviz.app.components.takeaway import Way
from convexviz.app.stage import export_dialog
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.take_home import dialog as take_home_dialog
from convexviz.app.stage.talk import dialog as talk_dialog


def buttons(scene: Callable[[], Scene]) -> None:
    """The buttons, and the dialog of the one just pressed."""
    takeaway.mount()
    way = takeaway.pressed()
    if way is not None:
        DIALOGS[way](scene())


@st.dialog("Export", width="large", icon=":material/download:")
def open_export(scene: Scene) -> None:
    """Pictures and films as files."""
    export_dialog.show(scene)


@st.dialog("A page to take home", width="large", icon=":material/home:")
def open_take_home(scene: Scene) -> None:
    """The scene as one file that opens without any server."""
    take_home_dialog.body(scene)


def open_talk(scene: Scene) -> None:
    """The scenes of a talk."""
    talk_dialog.opened()
    _talk(scene)


@st.dialog("On stage", width="large", icon=":material/present_to_all:")
def _talk(scene: Scene) -> None:
    talk_dialog.show(scene)


DIALOGS: dict[Way, Callable[[Scene], None]] = {
    "export": open_export,
    "take-home": open_take_home,
    "talk": open_talk,
}
