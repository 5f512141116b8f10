"""The tab with values: f(x) of x that is typed, and all x at which f is a value that is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import streamlit as st

from convexviz.app.lessons.splines.answer.answered import Answered, literal, number, table
from convexviz.core.network import ReLUNetwork
from convexviz.core.pieces import Interval

MOST = 500  # numbers at once
BETWEEN = re.compile(r"[\s;]+|,\s+")  # of numbers in a row; a comma without a space might be a decimal sign
HELP = "One number, or many with spaces, semicolons or new lines between them."


def show(now: Answered, network: ReLUNetwork) -> None:
    """Both questions, side by side."""
    x = literal(now.axes[0])
    left, right = st.columns(2, gap="medium")
    with left:
        typed = st.text_area(f"{x}: what is f there?", key="values-x", help=HELP, height=80, placeholder="0.5 1 1.5")
        _told(typed, lambda given: _values(now, network, given))
    with right:
        typed = st.text_area(f"f: at which {x}?", key="values-f", help=HELP, height=80, placeholder="0")
        _told(typed, lambda given: _places(now, network, given))


def numbers(text: str) -> list[float]:
    """The numbers of a text; ValueError names what is none."""
    parts = [part for part in BETWEEN.split(text.replace("−", "-").strip()) if part]
    if len(parts) > MOST:
        raise ValueError(f"At most {MOST} numbers at once, got {len(parts)}; network.predict in Python takes more.")
    return [_number(part) for part in parts]


def _number(part: str) -> float:
    if "," in part:
        raise ValueError(f"“{part}” could be one number or two: write 1.5 for the decimal, or a space between numbers.")
    try:
        value = float(part)
    except ValueError:
        raise ValueError(f"“{part}” is no number: write one like 0.5 or −1e3.") from None
    if not np.isfinite(value):
        raise ValueError(f"“{part}” is not finite: write a number like 0.5.")
    return value


def _told(typed: str, answer: Callable[[list[float]], str]) -> None:
    """The answer to what is typed, or what is wrong with it."""
    try:
        given = numbers(typed)
    except ValueError as error:
        st.warning(literal(str(error)))
        return
    if given:
        st.markdown(answer(given))


def _values(now: Answered, network: ReLUNetwork, given: list[float]) -> str:
    """A table of f at places x."""
    x, y = literal(now.axes[0]), literal(now.target)
    f = network.predict(np.array(given)[:, None]).tolist()
    rows = [[number(a), number(b), *_class(now, b), _outside(now, a)] for a, b in zip(given, f, strict=True)]
    head = [x, f"f, {y}" if y != "f" else "f", *(["class"] if now.classes else []), " "]
    return table(head, rows, words=[len(head) - 1])


def _class(now: Answered, f: float) -> list[str]:
    """The class of a value, which is +1 above zero and −1 from zero on down."""
    return [("+1" if f > 0 else "−1")] if now.classes else []


def _outside(now: Answered, *places: float) -> str:
    low, high = now.ends
    return "outside the data: extrapolated" if min(places) < low or max(places) > high else ""


def _places(now: Answered, network: ReLUNetwork, given: list[float]) -> str:
    """A table of the places where f takes values."""
    rows = []
    for value in given:
        found = network.level_set(value)
        rows += [[number(value), _place(place), _outside(now, *place)] for place in found]
        if not found:
            rows.append([number(value), "nowhere", "f never takes this value"])
    return table(["f", literal(now.axes[0]), " "], rows, words=[2])


def _place(place: Interval) -> str:
    if place.start == place.stop:
        return number(place.start)
    if place.start == -np.inf and place.stop == np.inf:
        return "everywhere"
    return f"all from {number(place.start)} to {number(place.stop)}"
