"""The QR code of a link: crisp at any size, as SVG and PNG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno

DENSE = 1200  # characters beyond which a phone at the back of a hall cannot tell the modules of a projected code apart
QUIET = 4  # modules of white around the code, as the standard asks
HERE = ("localhost", "127.0.0.1", "::1")  # addresses that lead to whoever reads them


@dataclass(frozen=True)
class Code:
    """A code as files, and what may keep a phone from reading it or from getting anywhere."""

    svg: str
    png: bytes
    warnings: tuple[str, ...] = ()


def code(link: str) -> Code | None:
    """The code of a link; None where it is longer than any code holds."""
    try:
        made = segno.make(link, error="m" if len(link) <= DENSE else "l", micro=False)
    except segno.DataOverflowError:
        return None
    svg, png = io.BytesIO(), io.BytesIO()
    made.save(svg, kind="svg", border=QUIET, light="#fff", xmldecl=False, svgns=True, scale=8, omitsize=True)
    made.save(png, kind="png", border=QUIET, scale=max(4, 1200 // made.symbol_size(border=QUIET)[0]))
    return Code(svg.getvalue().decode(), png.getvalue(), warnings(link))


def warnings(link: str) -> tuple[str, ...]:
    """What the one who shows the code should know."""
    found = []
    if len(link) > DENSE:
        found.append(
            f"This link has {len(link)} characters: its code is so dense that a phone can read it from nearby only, "
            "not from the back of a hall. A preset, or fewer points, makes it shorter."
        )
    if urlsplit(link).hostname in HERE:
        found.append(
            "This address leads to the computer itself. For others to open it, start the app on an address that they "
            "can reach, and share from there."
        )
    return tuple(found)
