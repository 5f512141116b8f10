"""Palette and layout shared by every figure; the browser adds the ink and paper of the theme in use.

Colours are those of Okabe & Ito (2008), told apart by readers with any colour vision; shape or dash is always a second
channel. Their orange and sky blue are darkened until each mark has a contrast of 3 : 1 with a white page as with a dark
one (WCAG 2, 1.4.11). A colour has one meaning everywhere.
"""

from __future__ import annotations

from typing import Unpack

from .spec import Font, Layout, Margin

FIT = "#0072B2"  # the network; class +1
OTHER_CLASS = "#D55E00"  # class -1
NEURON = "#009E73"  # neurons, kinks, weights
DUAL = "#CC79A7"  # the dual function and its band
OVERLAY = "#BD8300"  # other optimal networks
COMPARISON = "#3A96CC"  # what other methods draw

BAND = "rgba(204, 121, 167, 0.14)"  # DUAL, transparent
HEIGHT = 250
MARGIN: Margin = {"l": 42, "r": 14, "t": 30, "b": 38}
AXIS_FONT: Font = {"size": 12}


def layout(words: str, alt: str, axes: Layout | None = None, **more: Unpack[Layout]) -> Layout:
    """Layout every figure starts from: its title, `alt` for screen readers, no legend, margins, no zoom lost."""
    base: Layout = {
        "title": {"text": words, "font": {"size": 14}, "x": 0.0, "xanchor": "left", "xref": "paper"},
        "meta": {"alt": alt},
        "height": HEIGHT,
        "margin": MARGIN,
        "showlegend": False,
        "hovermode": "closest",
        "uirevision": words,
    }
    return base | more | (axes or {})
