"""Texts of figures: how wide they are, where their lines break, what a title says and which lines it explains.

Widths are those of Arial and of Liberation Sans, which has the same, in shares of the size of the text: close enough to
break lines by, and known without a browser.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

FONT = 'Arial, "Liberation Sans", Helvetica, "DejaVu Sans", "Segoe UI Symbol", sans-serif'

_NARROW, _SLIM, _WIDE = "ijl.,:;'|!", "ftrI ()[]/-", "mwMW%@"
_USUAL, _CAPITAL, _SYMBOL = 0.556, 0.7, 0.85
_TAG = re.compile(r"<[^>]*>")
_PIECE = re.compile(r"(?:<[^>]*>|[^\s<])+")
_SPAN = re.compile(r"(</?span[^>]*>)")
_SCRIPT = re.compile(r"<(sub|sup)>([^<]*)</\1>")
_BELOW = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_ABOVE = str.maketrans("0123456789+-−=()nTi", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿᵀⁱ")
# What a title asks the reader of the page to do means nothing in a picture.
_INVITATION = re.compile(r"\s*[:;,]\s*(?:point at|click|drag|press|tap|hover)\b.*$", re.IGNORECASE | re.DOTALL)

Title = tuple[str, list[str]]


def plain(text: str) -> str:
    """The text without its tags, its entities read."""
    return html.unescape(_TAG.sub("", text.replace("<br>", " ")))


def width(text: str, size: float) -> float:
    """How wide the text is about, in the unit of `size`; of several lines, the widest."""
    return size * max(sum(map(_advance, plain(line))) for line in text.split("<br>"))


def _advance(letter: str) -> float:
    if letter in _NARROW:
        return 0.25
    if letter in _SLIM:
        return 0.31
    if letter in _WIDE:
        return 0.88
    if ord(letter) >= 0x2190:
        return _SYMBOL
    return _CAPITAL if letter.isupper() else _USUAL


def levelled(text: str) -> str:
    """Sub- and superscripts as letters of their own where there are such, so that none is set smaller than the text."""

    def one(found: re.Match[str]) -> str:
        table = _BELOW if found[1] == "sub" else _ABOVE
        return found[2].translate(table) if all(ord(letter) in table for letter in found[2]) else found[0]

    return _SCRIPT.sub(one, text)


def still(title: str) -> str:
    """A title for a picture, which nobody can point at."""
    return _INVITATION.sub("", title)


def split_title(text: str) -> Title:
    """The title, and the explanations that follow it in small type (`figures.parts.keyed`)."""
    words, keys, depth, small = "", "", 0, None
    for piece in _SPAN.split(text):
        if piece.startswith("<span"):
            depth += 1
            if small is None and "font-size" in piece:
                small = depth
                keys += "  "
                continue
        elif piece.startswith("</span"):
            depth -= 1
            if small is not None and depth < small:
                small = None
                continue
        if small is None:
            words += piece
        else:
            keys += piece
    return words.strip(), [entry.strip() for entry in re.split(r"\s{2,}", keys) if plain(entry).strip()]


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines that are no wider than `room`, broken between words."""
    return [line for part in text.split("<br>") for line in _filled(_PIECE.findall(part), " ", size, room)]


def listed(entries: Iterable[str], size: float, room: float) -> list[str]:
    """Entries in lines, as many in each as there is room for; one too wide for a line is broken between words."""
    pieces = [piece for entry in entries for piece in _fitting(entry, size, room)]
    return _filled(pieces, "\u2003", size, room)


def _fitting(entry: str, size: float, room: float) -> list[str]:
    return [entry] if width(entry, size) <= room else wrapped(entry, size, room)


def _filled(pieces: list[str], gap: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]}{gap}{piece}" if lines else piece
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines
