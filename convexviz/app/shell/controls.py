"""Widgets driven by the table of settings: label, help, choices and bounds come from there, changes go back there.

The browser keeps the value of a widget too, and says it with every request, even of one in a popover that is closed and
takes no news. So what it says is not always what a hand has just done: `_changed` tells the two apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from convexviz.app.shell import state
from convexviz.app.shell.settings import Setting, table

WIDGETS, SENT = "cvz-widgets", "cvz-widgets-sent"  # session keys


def choice(name: str, options: Sequence[str] = (), style: str = "segmented", **look: Any) -> str:
    """One of a few. `options` narrows the table's choices; `style` is segmented, select or radio."""
    row = _row(name)
    shown = list(options or row.choices)
    words = dict(row.names)
    wiring = _wiring(row, look)
    first = wiring.pop("value", None)
    CHOICE_STYLES[style](row.label, shown, first, format_func=lambda value: words.get(value, value), **wiring)
    return _value(name)


def _segmented(label: str, options: list[str], first: str | None, **wiring: Any) -> None:
    st.segmented_control(label, options, required=True, default=first if first in options else None, **wiring)


def _select(label: str, options: list[str], first: str | None, **wiring: Any) -> None:
    st.selectbox(label, options, index=options.index(first) if first in options else 0, **wiring)


def _radio(label: str, options: list[str], first: str | None, **wiring: Any) -> None:
    st.radio(label, options, index=options.index(first) if first in options else 0, **wiring)


CHOICE_STYLES: Mapping[str, Callable[..., Any]] = {"segmented": _segmented, "select": _select, "radio": _radio}


def toggle(name: str, **look: Any) -> bool:
    """On or off."""
    row = _row(name)
    st.toggle(row.label, **_wiring(row, look))
    return _value(name)


def number(name: str, lo: float | None = None, hi: float | None = None, slider: bool = False, **look: Any) -> Any:
    """A number within the table's bounds, or within narrower ones: a field to type in, or a slider."""
    row = _row(name)
    cast = int if row.kind == "int" else float
    lo, hi = (cast(max(row.lo, lo if lo is not None else row.lo)), cast(min(row.hi, hi if hi is not None else row.hi)))
    if slider:  # a slider ends somewhere; a value from a link may lie beyond
        lo, hi = min(lo, _value(name)), max(hi, _value(name))
    widget = st.slider if slider else st.number_input
    widget(row.label, min_value=lo, max_value=hi, **_wiring(row, look))
    return _value(name)


def log_slider(name: str, lo: float, hi: float, steps: int = 60, **look: Any) -> float:
    """A number on a logarithmic scale from lo to hi; the present value is always among the stops."""
    return stop_slider(name, log_stops(lo, hi, steps, _value(name)), lambda value: f"{value:.3g}", **look)


def stop_slider(name: str, stops: Sequence[float], words: Callable[[float], str], **look: Any) -> float:
    """A number among `stops`, which hold the present value; `words` is what is shown of one."""
    row = _row(name)
    st.select_slider(row.label, options=list(stops), format_func=words, **_wiring(row, look))
    return _value(name)


def log_stops(lo: float, hi: float, steps: int, value: float) -> list[float]:
    """Logarithmically spaced stops, rounded to three digits, with `value` itself in its place."""
    grid = {float(f"{lo * math.exp(k * math.log(hi / lo) / steps):.3g}") for k in range(steps + 1)}
    return sorted(grid | {value})


def text(name: str, **look: Any) -> str:
    """A line of text."""
    row = _row(name)
    st.text_input(row.label, max_chars=int(row.hi), **_wiring(row, look))
    return _value(name)


def key(name: str) -> str:
    """Key of the widget for a setting; Streamlit gives it the class `st-key-set-<name>`."""
    return f"set-{name}"


@dataclass
class Widget:
    """What is known of a widget in the browser.

    Attributes
    ----------
    said : the value that it held when last heard of.
    sent : whether it was sent another one since.
    deaf : whether it has spoken after that, and still said the old one.
    turn : 0 or 1; one that did not listen is exchanged for another, which begins with the value.
    """

    said: Any
    sent: bool = False
    deaf: bool = False
    turn: int = 0


def sent() -> int:
    """How often a widget was sent a value in this session: a new number asks the browser to say what it holds."""
    return int(st.session_state.get(SENT, 0))


def heard() -> None:
    """Note which widgets hold what they were sent, now that the browser has said so."""
    for (page, name), widget in _widgets().items():
        if page == state.page() and widget.sent and st.session_state.get(_turned(name, widget)) == _value(name):
            widget.said, widget.sent = _value(name), False


def _wiring(row: Setting, look: Mapping[str, Any]) -> dict[str, Any]:
    """Key, help and callback of a widget, and its first value; it is sent another only where it holds another.

    Sending it in every run would undo clicks: what a run sends may be older than what the hand has done since.
    """
    value = _value(row.name)
    widget = _widgets().setdefault((state.page(), row.name), Widget(value))
    known = _turned(row.name, widget) in st.session_state
    same = known and st.session_state[_turned(row.name, widget)] == value
    if known and not same and not widget.deaf:
        st.session_state[_turned(row.name, widget)] = value  # Streamlit wants no first value beside this
        widget.sent = True
        st.session_state[SENT] = sent() + 1
        first = {}
    else:
        turn = 1 - widget.turn if known and not same else widget.turn
        widget.said, widget.sent, widget.deaf, widget.turn = value, False, False, turn
        first = {"value": value}
    return {
        "key": _turned(row.name, widget),
        "help": row.help or None,
        "on_change": _changed,
        "args": (state.page(), row.name, widget.turn),
        **first,
        **look,
    }


def _changed(page: str, name: str, turn: int = 0) -> None:
    """A widget of a page moved: its value becomes the setting. An emptied field leaves the setting as it was.

    Word of a widget may come when the visitor has gone on to another page, whose widgets share its key: then it is
    about settings that are not on show, and says nothing. Nor does a widget that was sent a value and says the one
    before: it has not heard yet, or it stands in a closed popover and never will.
    """
    if page != state.page():
        return
    widget = _widgets().setdefault((page, name), Widget(_value(name)))
    value = st.session_state.get(_turned(name, widget))
    if value is None or turn != widget.turn:
        return
    if widget.sent and value == widget.said:
        widget.deaf = True
        return
    widget.said, widget.sent, widget.deaf = value, False, False
    state.update(**{name: value})


def _turned(name: str, widget: Widget) -> str:
    """Key of a widget in its turn: Streamlit makes the same class of both."""
    return key(name) + " " * widget.turn


def _widgets() -> dict[tuple[str, str], Widget]:
    return st.session_state.setdefault(WIDGETS, {})


def _row(name: str) -> Setting:
    return table(type(state.current().settings))[name]


def _value(name: str) -> Any:
    return getattr(state.current().settings, name)
