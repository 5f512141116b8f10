"""Axes of dates: the numbers are days since 1 January 1970, what stands at them are dates.

The numbers stay numbers, so that networks, ramps and kinks are computed as on any axis; only ticks and texts change.
`app/components/web/dates.js` does the same on the page's board.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from .parts import Range, Spec
from .spec import Axis

DAY = 86400.0  # seconds
FARTHEST = 1e8  # days that the browser's dates reach in either direction
STEPS = tuple(
    (amount * length, amount, unit)
    for length, unit, amounts in (
        (1.0, "s", (1, 5, 15, 30)),
        (60.0, "s", (1, 5, 15, 30)),
        (3600.0, "s", (1, 3, 6, 12)),
        (DAY, "s", (1, 2, 7, 14)),
        (30.4 * DAY, "M", (1, 3, 6)),
        (365.2425 * DAY, "Y", (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)),
    )
    for amount in amounts
)
MONDAY = 4.0  # days from 1 January 1970 to a Monday, at which weeks begin
TICKS = 6  # of a figure of usual width
_PLACE = re.compile(r"%\{([xy])(:[^}]*)?\}")


class DayAxis(str):
    """Name of an axis, or of a column, whose numbers are days since 1 January 1970.

    >>> DayAxis("day of sale")
    'day of sale'
    """

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        """The name as it is."""
        return super().__new__(cls, name)


def day_text(days: float, step: float = 1.0) -> str:
    """A date as ISO 8601 writes it; with the time of day, where it has one and `step`, what is told apart, is less."""
    if not abs(days) <= FARTHEST:
        return f"{days:.6g}"
    seconds = round(days * DAY * 1000) / 1000
    if step >= 1:
        return str(np.datetime64(int(np.floor(seconds / DAY + 0.5)), "D"))
    whole = str(np.datetime64(round(seconds), "s")).replace("T", " ")
    return whole.removesuffix(":00").removesuffix(" 00:00")


def day_ticks(low: float, high: float, most: int = TICKS) -> tuple[list[float], list[str]]:
    """Where round dates stand between two days, about `most` at most, and what stands there."""
    if not max(abs(low), abs(high)) <= FARTHEST or not high > low:
        return [], []
    least = (high - low) * DAY / max(most, 1)
    length, amount, unit = next((step for step in STEPS if step[0] >= least * (1 - 1e-9)), STEPS[-1])
    days = _evenly(low, high, length) if unit == "s" else _calendar(low, high, amount * (1 if unit == "M" else 12))
    return days, [_tick_text(day, length, unit) for day in days]


def _evenly(low: float, high: float, seconds: float) -> list[float]:
    step = seconds / DAY
    start = MONDAY if step >= 7 else 0.0
    first, last = np.ceil((low - start) / step - 1e-9), np.floor((high - start) / step + 1e-9)
    return [float(start + k * step) for k in np.arange(first, last + 1)]


def _calendar(low: float, high: float, months: int) -> list[float]:
    """First days of every so many months, counted from the year 0."""
    ends = [int(np.floor(end)) for end in (low, high)]
    first, last = (int(np.datetime64(end, "D").astype("M8[M]").astype(int)) + 12 * 1970 for end in ends)
    counts = np.arange(-(-first // months) * months, last + 1, months) - 12 * 1970
    days = counts.astype("M8[M]").astype("M8[D]").astype(float)
    return [float(day) for day in days if low <= day <= high]


def _tick_text(day: float, length: float, unit: str) -> str:
    if unit != "s":
        return str(np.datetime64(int(day), "D"))[: -6 if unit == "Y" else -3]
    return day_text(day, length / DAY)


def day_texts(days: ArrayLike) -> list[str]:
    """Dates of the days (n,), with times of day unless all are whole; "" for gaps."""
    values = np.asarray(days, float)
    held = values[np.isfinite(values)]
    step = 1.0 if np.array_equal(held, np.round(held)) else 0.1
    return [day_text(value, step) if np.isfinite(value) else "" for value in values.tolist()]


def dated_axis(name: str, limits: Range, most: int = TICKS) -> Axis:
    """What makes an axis of this name one of dates; nothing for an axis of numbers."""
    if not isinstance(name, DayAxis):
        return {}
    values, texts = day_ticks(*limits, most)
    return {"tickvals": values, "ticktext": texts} if values else {}


def dated(spec: Spec, x: str = "", y: str = "", told: bool = True) -> Spec:
    """The figure with dates on the axes that are so named, and in what is told of a point there.

    Where frames move the points, dates cannot be `told` with them: then what a place is called is left out.
    """
    names = {letter: name for letter, name in (("x", x), ("y", y)) if isinstance(name, DayAxis)}
    if not names:
        return spec
    page: dict[str, Any] = dict(spec["layout"])
    for letter in names:
        axis = page[f"{letter}axis"]
        page[f"{letter}axis"] = axis | dated_axis(names[letter], axis["range"])
    return {**spec, "data": [_told(trace, names, told) for trace in spec["data"]], "layout": page}  # type: ignore[typeddict-item]


def _told(trace: Any, letters: Iterable[str], told: bool) -> Any:
    """A trace whose template tells dates instead of days; those stand in its text."""
    template = trace.get("hovertemplate", "")
    asked = {found[1] for found in _PLACE.finditer(template)} & set(letters)
    if not asked:
        return trace
    if not told or trace.get("type", "scatter") != "scatter":  # of a map, texts would be a table
        parts = template.split("<br>")
        kept = [part for part in parts if not {found[1] for found in _PLACE.finditer(part)} & asked]
        return {**trace, "hovertemplate": "<br>".join(kept)}
    columns = {letter: day_texts(trace[letter]) for letter in sorted(asked) if np.ndim(trace.get(letter)) == 1}
    free = [name for name in ("text", "customdata") if trace.get(name) is None]
    places = dict(zip(columns, free, strict=False))
    words = _PLACE.sub(lambda found: f"%{{{places[found[1]]}}}" if found[1] in places else found[0], template)
    return {**trace, **{name: columns[letter] for letter, name in places.items()}, "hovertemplate": words}
