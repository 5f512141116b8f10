"""All figures of a scene as one zip: pictures, their numbers, the Python that makes the same, and what is what."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from .names import file_name, settings_of
from .presets import preset_of, theme_of
from .render import SHARED
from .styled import styled
from .tables import table

Draw = Callable[..., bytes]
Tell = Callable[[float, str], None]


def bundle(
    scene: Any,
    pictures: Mapping[str, Any] | None = None,
    *,
    form: str = "svg",
    preset: str = "slide",
    theme: str = "light",
    transparent: bool = False,
    scale: float = 2.0,
    draw: Draw | None = None,
    tell: Tell | None = None,
) -> bytes:
    """A zip with a file in the given form and a table for each picture of the scene; see the README.txt in it.

    `scene` has a title, an address, a query, code and a certificate, as far as there are such; `pictures` are those of
    `scene.pictures()` by default. Its `pieces` are a table of the network on the line, "" where there is none.
    `draw(spec, form, scale=…)` is another renderer, `tell(share, name)` hears what is being drawn.
    """
    preset_of(preset), theme_of(theme)
    shown = dict(scene.pictures() if pictures is None else pictures)
    if not shown:
        raise ValueError("The scene has no picture. Take one whose lesson draws a board or a chart.")
    dressed = [preset, theme, *(["transparent"] if transparent else [])]
    drawn: Draw = draw or SHARED.draw
    files: dict[str, bytes] = {}
    told: list[tuple[str, str]] = []
    for number, (name, spec) in enumerate(shown.items()):
        if tell is not None:
            tell(number / len(shown), name)
        words = alt_of(spec) or name
        if form != "csv":
            picture = picture_name(scene, name, dressed, form)
            files[picture] = drawn(styled(spec, preset, theme, transparent), form, scale=scale)
            told.append((picture, words))
        numbers = picture_name(scene, name, [], "csv")
        files[numbers] = table(spec)
        told.append((numbers, words if form == "csv" else "the numbers of the same"))
    for name, words, content in _others(scene):
        files[name] = content
        told.append((name, words))
    files["README.txt"] = _readme(scene, told).encode()
    return _zipped(files)


def alt_of(spec: Any) -> str:
    """The figure in words, as readers of screens hear them."""
    layout = spec.get("layout", {}) if isinstance(spec, Mapping) else spec.to_plotly_json().get("layout", {})
    return str((layout.get("meta") or {}).get("alt", ""))


def picture_name(scene: Any, name: str, dressed: Sequence[str], ext: str) -> str:
    """What the file of one picture of a scene is called; `dressed` are words such as preset and theme."""
    query = {str(k): str(v) for k, v in dict(getattr(scene, "query", None) or {}).items()}
    return file_name(getattr(scene, "address", "") or "figure", name, [*settings_of(query), *dressed], ext)


def _others(scene: Any) -> list[tuple[str, str, bytes]]:
    """Name, explanation and content of what is no picture."""
    found = []
    if code := getattr(scene, "code", ""):
        found.append(("script.py", "the Python that makes the same, with the package convexviz", code.encode()))
    if pieces := getattr(scene, "pieces", ""):
        words = "the network piece by piece: f(x) = slope x + intercept from one end to the other"
        found.append(("pieces.csv", words, pieces.encode()))
    if certificate := getattr(scene, "certificate", None):
        text = json.dumps(_plain(certificate), indent=1, ensure_ascii=False, allow_nan=False)
        found.append(("certificate.json", "the verdict and its bounds", text.encode()))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _readme(scene: Any, told: list[tuple[str, str]]) -> str:
    widest = max(len(name) for name, _ in told)
    claim, link = re.sub(r"[*_`]", "", getattr(scene, "claim", "")), getattr(scene, "link", "")
    head = [getattr(scene, "title", "Figures"), *([claim] if claim else []), ""]
    state = ["", f"The state they show, behind the address of the app: {link}"] if link else []
    return "\n".join([*head, *(f"{name:{widest}}  {words}" for name, words in told), *state, ""])


def _zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    now = datetime.now().timetuple()[:6]
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, now), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
