"""Numbers as people and programs write them: what a cell means with a decimal point, and what with a decimal comma.

    1.234,5    only with a decimal comma        1,234.5    only with a decimal point
    1,5        only with a decimal comma        1.5        only with a decimal point
    1,234      1234 with a point, 1.234 with a comma: other cells must tell

Nothing is read by `float` before a grammar has passed it: Python's takes 1_000, digits of every script, and infinity.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

GAPS = frozenset(
    [
        *("", "-", "--", "---", "\u2013", "\u2014", ".", "?"),
        *("na", "n/a", "n.a.", "nan", "-nan", "+nan", "nat", "<na>", "null", "(null)", "none", "nil", "missing"),
        *("#n/a", "#n/a n/a", "#nv", "1.#ind", "-1.#ind", "1.#qnan"),
    ]
)
SHEET_ERRORS = frozenset(["#div/0!", "#ref!", "#value!", "#wert!", "#name?", "#num!", "#zahl!", "#null!", "#bezug!"])
MINUS = str.maketrans(dict.fromkeys("\u2212\ufe63\uff0d", "-"))  # the minus sign of typesetters, and its wide forms
SPACES = " \u00a0\u2007\u2009\u202f"  # that part thousands
CURRENCIES = "$€£¥₹"

_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞|1\.#inf)", re.IGNORECASE)
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_BLANKS = rf"[1-9][0-9]{{0,2}}(?:(?P<gap>[{SPACES}'\u2019])[0-9]{{3}})(?:(?P=gap)[0-9]{{3}})*"
_INDIAN = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"


def _grammar(decimal: str, thousands: str, also: str = "") -> re.Pattern[str]:
    d, t = re.escape(decimal), re.escape(thousands)
    plain = rf"(?:[0-9]+{d}?[0-9]*|{d}[0-9]+){_EXPONENT}"
    grouped = rf"(?:[1-9][0-9]{{0,2}}(?:{t}[0-9]{{3}})+|{_BLANKS}{also})(?:{d}[0-9]+)?"
    return re.compile(rf"[+-]?(?:{plain}|{grouped})")


_POINT = _grammar(".", ",", f"|{_INDIAN}")
_COMMA = _grammar(",", ".")
_NO_MARKS = str.maketrans("", "", SPACES + "'\u2019")
_AFFIXED = re.compile(
    rf"(?P<sign>[+-]?)(?P<before>[{CURRENCIES}]|[A-Z]{{3}})?\s*(?P<number>[+-]?[.,]?[0-9](?:.*[0-9])?[.,]?)"
    r"\s*(?P<after>[^\W\d_][^\W\d_/·*^°%²³⁻¹]*(?:[/·*^][^\W\d_][^\W\d_²³⁻¹]*)*[²³⁻¹]*|[%‰°][CFK]?|[$€£¥₹])?",
    re.DOTALL,
)
_ACCOUNTING = re.compile(r"\(\s*([0-9.,][^()]*)\)")
_FORMULA = re.compile(r'="(.*)"')


class Reading(NamedTuple):
    """A cell as a number, with a decimal point and with a decimal comma; None where it is none.

    affix : the unit or currency beside it.
    """

    point: float | None
    comma: float | None
    affix: str = ""


def is_gap(cell: str) -> bool:
    """Whether the cell says that nothing is known."""
    return cell.lower() in GAPS


def reading(cell: str) -> Reading | None:
    """What the cell means as a number; None for what is no number either way."""
    found = _plain(cell)
    if found:
        return found
    text = _bare(cell)
    if _INFINITE.fullmatch(text):
        value = -math.inf if text.startswith("-") else math.inf
        return Reading(value, value)
    return _plain(text) or _affixed(text)


def _plain(text: str) -> Reading | None:
    point, comma = with_point(text), with_comma(text)
    return None if point is None and comma is None else Reading(point, comma)


def _bare(cell: str) -> str:
    """The number in what spreadsheets put round it: ="1", '1, (1) for -1; and hyphens for other signs of minus."""
    text = cell.strip().translate(MINUS)
    formula = _FORMULA.fullmatch(text)
    if formula:
        text = formula[1].strip()
    if text[:1] == "'":
        text = text[1:].strip()
    if text[:1] == "\u2013" and len(text) > 1:
        text = "-" + text[1:].lstrip()
    accounting = _ACCOUNTING.fullmatch(text)
    return "-" + accounting[1].strip() if accounting else text


def with_point(text: str) -> float | None:
    """The number where the point is the decimal sign."""
    if not _POINT.fullmatch(text):
        return None
    return float(text.translate(_NO_MARKS).replace(",", ""))


def with_comma(text: str) -> float | None:
    """The number where the comma is the decimal sign."""
    if not _COMMA.fullmatch(text):
        return None
    return float(text.translate(_NO_MARKS).replace(".", "").replace(",", "."))


def _affixed(text: str) -> Reading | None:
    """A number with one unit or currency before or after it."""
    match = _AFFIXED.fullmatch(text)
    if not match or bool(match["before"]) == bool(match["after"]):
        return None
    number = match["sign"] + match["number"].strip()
    point, comma = with_point(number), with_comma(number)
    affix = match["before"] or match["after"]
    if (point is None and comma is None) or is_gap(affix):
        return None
    return Reading(point, comma, affix)


def remedy(cell: str) -> str:
    """What to do about a cell that is no number."""
    text = _bare(cell)
    if not cell:
        return "fill it or remove the row"
    if cell.lower() in SHEET_ERRORS:
        return "a formula went wrong there: mend it, or empty the cell"
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]+", text):
        return "write it with decimal digits"
    fortran = re.fullmatch(r"([+-]?[0-9.,]+)[dD]([+-]?[0-9]+)", text)
    if fortran:
        return f"write {fortran[1]}e{fortran[2]} if that is meant"
    if any(letter.isdigit() and not letter.isascii() for letter in text):
        return "write it with the digits 0 to 9"
    return "write it as 0.5, without units or thousands separators"
