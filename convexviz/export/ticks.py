"""Ticks that do not touch: as many as there is room for at the size of the text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .words import levelled, width

AIR = 1.25  # of the size of the text: from one label to the next
EASY = 2.6  # of the same: between round numbers from bottom to top
LABEL = 4.5  # and from left to right
ROOM = 0.07  # of the values on an axis: how far it may go on beyond them
MOST = 9  # round numbers on an axis
DECADES = 3.2  # on an axis over more than so many, only powers of ten have labels
POWERS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def thinned(axis: Mapping[str, Any], extent: tuple[float, float], length: float, size: float, across: bool) -> Any:
    """The axis with labels that do not touch on `length` pixels: those it has, or some of them, or round numbers.

    `extent` is the range of what is shown, in the axis's own terms (logarithms on a logarithmic one); `across` is an
    axis from left to right.
    """
    if axis.get("tickvals") is None and axis.get("type") == "log":
        axis = {**axis, **_logarithmic(extent)}
    if axis.get("tickvals") is not None:
        return {**axis, **_every(axis, extent, length, size, across)}
    most = max(2, min(int(length / (size * (LABEL if across else EASY))), axis.get("nticks") or MOST))
    least = axis.get("dtick") or (1 if axis.get("tickformat") == "d" else 0)
    values, texts = round_numbers(*extent, most, least)
    rest = {name: value for name, value in axis.items() if name not in {"dtick", "nticks", "tickformat"}}
    return {**rest, **_every({"tickvals": values, "ticktext": texts}, extent, length, size, across)}


def round_numbers(low: float, high: float, most: int, least: float = 0.0) -> tuple[list[float], list[str]]:
    """Multiples of 1, 2 or 5 times a power of ten within a range, at most `most`, `least` apart; and as text."""
    raw = max((high - low) / max(1, most + 1), 1e-12 * max(abs(low), abs(high), 1e-9))
    first = math.floor(math.log10(raw))
    steps = (m * 10.0**k for k in range(first, first + 3) for m in (1, 2, 5))
    step = next(max(least, s) for s in steps if math.floor(high / s + 1e-9) - math.ceil(low / s - 1e-9) < most)
    places = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    values = [step * n for n in places]
    return values, [number(value, step) for value in values]


def number(value: float, step: float) -> str:
    """A label with as many digits as tell it from one a step further."""
    if value and (step < 1e-4 or abs(value) >= 1e6):
        k = math.floor(math.log10(abs(value)) + 1e-9)
        return f"{value / 10.0**k:.3g}·10{str(k).translate(POWERS)}".replace("-", "−")
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value + 0.0:.{digits}f}".replace("-", "−")


def _logarithmic(extent: tuple[float, float]) -> dict[str, Any]:
    """Labels of their own, for the powers that plotly writes are small."""
    low, high = extent
    steps = (0,) if high - low > DECADES else (0, 5) if high - low > 2 else (0, 2, 5)
    places = [(k, step) for k in range(math.floor(low), math.ceil(high) + 1) for step in steps]
    values = [(step or 1) * 10.0**k for k, step in places]
    shown = [(v, k, step) for v, (k, step) in zip(values, places, strict=True) if low <= math.log10(v) <= high]
    return {"tickvals": [v for v, _, _ in shown], "ticktext": [_power(v, k, step) for v, k, step in shown]}


def _power(value: float, k: int, step: int) -> str:
    if -4 <= k <= 4:
        return f"{value:g}"
    return (f"{step}·" if step else "") + "10" + str(k).translate(POWERS)


def _every(
    axis: Mapping[str, Any], extent: tuple[float, float], length: float, size: float, across: bool
) -> dict[str, Any]:
    """Every first, second, third … of the labels it was given: the first step at which none touches the next."""
    values = np.asarray(axis["tickvals"], float)
    texts = [levelled(str(text)) for text in axis.get("ticktext") or [f"{v:g}" for v in values]]
    places = np.log10(np.maximum(values, 1e-300)) if axis.get("type") == "log" else values
    at = places * length / (abs(extent[1] - extent[0]) or 1.0)
    sizes = np.array([(width(text, size) if across else 0.8 * size) for text in texts])
    step = next((k for k in range(1, len(at) + 1) if _clear(at[::k], sizes[::k], (AIR - 0.8) * size)), 1)
    return {"tickvals": list(values[::step]), "ticktext": texts[::step]}


def _clear(at: np.ndarray, sizes: np.ndarray, air: float) -> bool:
    return bool((np.abs(np.diff(at)) >= (sizes[1:] + sizes[:-1]) / 2 + air).all())


def extent_of(axis: Mapping[str, Any], values: Iterable[Sequence[float]]) -> tuple[float, float]:
    """The range of an axis, or that of the finite values on it."""
    if axis.get("range") is not None:
        low, high = sorted(float(end) for end in axis["range"])
        return low, high
    flat = [np.asarray(v, float).ravel() for v in values]
    held = np.concatenate([v[np.isfinite(v)] for v in flat]) if flat else np.empty(0)
    if axis.get("type") == "log":
        held = np.log10(held[held > 0])
    low, high = (float(held.min()), float(held.max())) if held.size else (0.0, 1.0)
    room = ROOM * (high - low)
    return low - room, high + room
