"""The texts of a lesson as HTML: Markdown as Streamlit reads it, formulas as MathML, which browsers draw themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # which HTML knows by itself
BARS = ("|", "‖", "∥")
LIMITS = ("min", "max", "sup", "inf")  # in a line of its own what they range over stands below them
THIN = {"negativethinmathspace": "-0.167em"}

# What only Streamlit understands: icons go, coloured words stay without their colour.
_ICON = re.compile(r":material/\w+:\s?")
_COLOURED = re.compile(r":(?:[a-z]+-)*[a-z]+\[((?:[^\[\]]|\[[^\]]*\])*)\]")


def as_html(markdown: str) -> str:
    """A text as HTML; tags in it are shown as they are written, since no text of a lesson has any."""
    plain = _COLOURED.sub(r"\1", _ICON.sub("", markdown))
    return str(_reader().render(plain)).strip()


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return reader.use(dollarmath_plugin, renderer=_formula, double_inline=True)


def _formula(tex: str, options: Mapping[str, Any]) -> str:
    """A formula as MathML, with its source for readers that prefer it."""
    display = bool(options.get("display_mode"))
    made = convert(tex.replace("{aligned}", "{align*}"), display="block" if display else "inline")
    root = ElementTree.fromstring(made.replace(NAMESPACE, ""))
    for node in root.iter():
        _mend(node, display)
    root.set("alttext", " ".join(tex.split()))
    return ElementTree.tostring(root, encoding="unicode")


def _mend(node: ElementTree.Element, display: bool) -> None:
    """What the converter leaves to browsers that they do not do as TeX does."""
    if node.tag == "mo" and node.text in BARS:
        node.attrib |= {"lspace": "0em", "rspace": "0em"}  # else a bar stands apart from what it encloses
    if node.tag == "mspace":
        node.set("width", THIN.get(node.get("width", ""), node.get("width", "")))
    if display and node.tag == "msub" and node[0].text in LIMITS:
        node.tag = "munder"
