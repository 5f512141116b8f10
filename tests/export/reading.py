"""Pictures as others read them: texts of an SVG and their sizes, words of a PDF and their places."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

SVG = "{http://www.w3.org/2000/svg}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def tags(svg: bytes) -> set[str]:
    """Names of all elements."""
    return {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}


def texts(svg: bytes) -> list[tuple[str, float]]:
    """Every text with its size in pixels."""
    found: list[tuple[str, float]] = []

    def walk(element: ET.Element, size: float) -> None:
        given = re.search(r"font-size: ?([\d.]+)(px|%|em)", element.get("style", ""))
        if given:
            size = float(given[1]) * {"px": 1.0, "%": size / 100, "em": size}[given[2]]
        if element.text and element.text.strip() and element.tag in {f"{SVG}text", f"{SVG}tspan"}:
            found.append((element.text, size))
        for child in element:
            walk(child, size)
            if child.tail and child.tail.strip():
                found.append((child.tail, size))

    walk(ET.fromstring(svg), 0.0)
    return found


class Word(NamedTuple):
    """A word and the box around it, in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Word, least: float) -> bool:
        """Whether the boxes share more than `least` in both directions."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > least and down > least

    def holds(self, other: Word) -> bool:
        """Whether the other lies within this box."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def words(pdf: Path) -> tuple[tuple[float, float], list[Word]]:
    """Size of the page, and its words."""
    run = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True)
    page = ET.fromstring(run.stdout).find(f".//{XHTML}page")
    assert page is not None
    places = ("xMin", "yMin", "xMax", "yMax")
    found = [Word(word.text or "", *(float(word.attrib[p]) for p in places)) for word in page]
    return (float(page.attrib["width"]), float(page.attrib["height"])), found


def fonts(pdf: Path) -> list[tuple[str, bool]]:
    """Each font and whether it is embedded."""
    run = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()[2:]
    return [(line.split()[0], line.split()[-5] == "yes") for line in lines]


def page_size(pdf: Path) -> tuple[float, float]:
    """In points."""
    run = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True)
    found = re.search(r"Page size: +([\d.]+) x ([\d.]+)", run.stdout)
    assert found is not None
    assert re.search(r"^Pages: +1$", run.stdout, re.MULTILINE)
    return float(found[1]), float(found[2])
