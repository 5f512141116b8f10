"""Widgets driven by the table of settings: label, help, choices and bounds come from there, changes go back there.

A widget's value is set through session state and never passed as its default: Streamlit warns when both are done.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from convexviz.app.shell import state
from convexviz.app.shell.settings import Setting, table


def choice(name: str, options: Sequence[str] = (), style: str = "segmented", **look: Any) -> str:
    """One of a few. `options` narrows the table's choices; `style` is segmented, select or radio."""
    row = _row(name)
    shown = list(options or row.choices)
    words = dict(row.names)
    CHOICE_STYLES[style](row.label, shown, format_func=lambda value: words.get(value, value), **_wiring(row, look))
    return _value(name)


def _segmented(label: str, options: list[str], **wiring: Any) -> None:
    st.segmented_control(label, options, required=True, **wiring)


CHOICE_STYLES: Mapping[str, Callable[..., Any]] = {
    "segmented": _segmented,
    "select": st.selectbox,
    "radio": st.radio,
}


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


def _wiring(row: Setting, look: Mapping[str, Any]) -> dict[str, Any]:
    """Key, help and callback of a widget, its value put where Streamlit will find it.

    It is put there in every run: what stands in a popover is mounted when that is opened, and takes only a value that
    the last run has set.
    """
    st.session_state[key(row.name)] = _value(row.name)
    return {
        "key": key(row.name),
        "help": row.help or None,
        "on_change": _changed,
        "args": (state.page(), row.name),
        **look,
    }


def _changed(page: str, name: str) -> None:
    """A widget of a page moved: its value becomes the setting. An emptied field leaves the setting as it was.

    Word of a widget may come when the visitor has gone on to another page, whose widgets share its key: then it is
    about settings that are not on show, and says nothing.
    """
    value = st.session_state.get(key(name)) if page == state.page() else None
    if value is not None:
        state.update(**{name: value})


def _row(name: str) -> Setting:
    return table(type(state.current().settings))[name]


def _value(name: str) -> Any:
    return getattr(state.current().settings, name)
