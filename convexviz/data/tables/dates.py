"""Dates and times in cells, as days since 1970-01-01: 2025-12-31 12:00, 31.12.2025, 12/31/2025, 31 Dec 2025.

3/4/2025 is in March to one writer and in April to the other: the column must hold a day above 12, or nobody can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)
LAST_MONTH = 12
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar",
            "feb february februar",
            "mar march mär märz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}

_TIME = (
    r"(?:(?:T|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_ISO = re.compile(rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_MONTH_ONLY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})", re.ASCII)
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}){_TIME}", re.ASCII
)
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})\.?[ -](?P<name>[^\W\d_]{{3,9}})\.?[ -](?P<year>\d{{4}}){_TIME}")
_MONTH_FIRST = re.compile(rf"(?P<name>[^\W\d_]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_TIME}")


@dataclass(frozen=True)
class Moment:
    """A cell as a date: days since 1970-01-01 with the day first and with the month first; None where it is none.

    Attributes
    ----------
    zoned : whether the cell names a time zone.
    fault : what keeps it from being read although it looks like a date, or "".
    """

    day_first: float | None
    month_first: float | None
    zoned: bool = False
    fault: str = ""


def looks_like_date(cell: str) -> bool:
    """Whether the cell has the form of a date."""
    return moment(cell) is not None


def moment(cell: str) -> Moment | None:
    """What the cell means as a date; None for what has not the form of one."""
    for pattern in (_ISO, _MONTH_ONLY, _NUMERIC, _DAY_FIRST, _MONTH_FIRST):
        match = pattern.fullmatch(cell)
        if match:
            return _moment(match.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> Moment | None:
    zoned = parts.get("zone") is not None
    if parts.get("a"):
        if len(parts["year"] or "") == 2:
            return Moment(None, None, zoned, "write the year with four digits")
        first = _days(parts, parts["a"], parts["b"])
        # points between the numbers put the day first everywhere
        second = first if parts["mark"] == "." else _days(parts, parts["b"], parts["a"])
    else:
        month = parts.get("month") or str(MONTHS.get((parts.get("name") or "").lower(), 0))
        if month == "0":
            return None
        first = second = _days(parts, parts.get("day") or "1", month)
    fault = "there is no such day or time" if first is None and second is None else ""
    return Moment(first, second, zoned, fault)


def _days(parts: dict[str, str | None], day: str | None, month: str | None) -> float | None:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").lower()[:1]
    if half:
        if not 1 <= hour <= LAST_MONTH:
            return None
        hour = hour % 12 + 12 * (half == "p")
    try:
        when = datetime(
            int(parts["year"] or 0),
            int(month or 0),
            int(day or 0),
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )
    except ValueError:
        return None
    since = when - EPOCH - _offset(parts.get("zone"))
    part = float(f"0.{parts.get('part') or 0}")
    return since.days + (since.seconds + part) / 86400


def _offset(zone: str | None) -> timedelta:
    if not zone or zone in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))


def written(days: float) -> str:
    """A number of days since 1970-01-01 as a date, with the time of day where it has one: 2025-12-31 06:00."""
    when = EPOCH + timedelta(days=days)
    when = (when + timedelta(milliseconds=500)).replace(microsecond=0)  # fractions of days are no whole seconds
    if (when.hour, when.minute, when.second) == (0, 0, 0):
        return when.date().isoformat()
    return when.isoformat(" ", "seconds" if when.second else "minutes")
