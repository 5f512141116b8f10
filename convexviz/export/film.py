"""Films of figures: frame after frame drawn by one Chromium, written as GIF, as MP4 or as a zip of PNG files.

A film of n frames lasts hold + n / fps + hold seconds. In an MP4 each frame is one or more frames of video, all equally
many, so that there are at least ten a second; `hold` is rounded to whole ones. A GIF keeps time in hundredths of a
second, and counts frames that look the same as one. A zip holds frame-0001.png and so on, and timing.csv.
"""

from __future__ import annotations

import html
import io
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from PIL import Image

from convexviz.figures.spec import Spec

from .errors import ExportError
from .film_axes import held_still
from .film_files import Timing, archive, gif, mp4
from .presets import Preset, preset_of, theme_of
from .render import Renderer
from .styled import heading_of, styled
from .words import wrapped

Format = Literal["gif", "mp4", "zip"]
Picture = Spec | tuple[Spec, Spec]
"""A frame: a figure, or two side by side."""

Progress = Callable[[int, int], None]

FPS, HOLD, SCALE = 4.0, 1.0, 1.5  # a slide times 1.5 has 1920 x 1080 pixels
FASTEST = 50.0  # frames a second: a GIF's clock knows no more
LONGEST = 60.0  # seconds of hold
LARGEST = 3840  # pixels of a side: players and chips decode no more
HERE = "\ue000"  # stands for a line of a caption until a title is laid out; no text has it
FORMATS: tuple[Format, ...] = get_args(Format)


class FilmCancelled(ExportError):
    """The film was given up because it was cancelled."""


def export_film(frames: Iterable[Picture], path: str | Path, **choices: Any) -> Path:
    """Write a film; its format is that of the file's name: .gif, .mp4 or .zip. All else as `filmed`.

    A film that fails or is cancelled leaves no file, and an older one of the same name as it was.
    """
    target = Path(path)
    data = filmed(frames, _format(target.suffix), **choices)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        return Path(name).replace(target)
    finally:  # there still where the disk is full or, on Windows, where a player has the older film open
        Path(name).unlink(missing_ok=True)


def filmed(
    frames: Iterable[Picture],
    format: str,
    *,
    fps: float = FPS,
    hold: float = HOLD,
    preset: str = "slide",
    theme: str = "light",
    transparent: bool | None = None,
    scale: float = SCALE,
    captions: Sequence[str] | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    renderer: Renderer | None = None,
) -> bytes:
    """A film as the bytes of a file.

    Parameters
    ----------
    frames : figures, or pairs of figures that stand side by side; a pair of a slide is two half slides. Axes that
        plotly would choose for each frame reach over what all frames show.
    format : "gif", "mp4" or "zip".
    fps : frames a second, at most 50.
    hold : seconds for which the first and the last frame stand longer than the others.
    preset, theme, scale : size and colours as in `export`; sides of a film are even numbers of pixels.
    transparent : leave the paper out, as a zip does unless this is False; frames of GIF and MP4 cannot be transparent.
    captions : a line below the title of each frame; None, or an empty text, for none.
    progress : called with how many of how many steps are done, of which each frame takes two.
    cancelled : asked between frames; once it is true, FilmCancelled is raised, and nothing is left running.
    renderer : a Chromium that is open; without one a film opens its own, and ends it.

    Raises
    ------
    ExportError where Chromium or ffmpeg is missing or fails, ValueError for what cannot be a film.
    """
    kind = _format(format)
    look = _Look(preset, theme, _clear(transparent, kind), scale)
    made = _listed(frames, cancelled)
    _check(fps, hold, scale, made, captions, look)
    words = list(captions) if captions is not None else [""] * len(made)
    steps = _Steps(2 * len(made), progress, cancelled)
    pngs = _drawn(made, words, look, steps, renderer)
    timing = Timing(len(made), float(fps), float(hold))
    if kind == "zip":
        return archive(pngs, timing, words, steps)
    pictures = [_even(Image.open(io.BytesIO(png)), look.theme) for png in pngs]
    return (gif if kind == "gif" else mp4)(pictures, timing, steps)


@dataclass
class _Steps:
    """Counts what is done, and looks whether to go on."""

    total: int
    progress: Progress
    cancelled: Callable[[], bool]
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)
        _go_on(self.cancelled)


@dataclass(frozen=True)
class _Look:
    """Size and colours of all frames."""

    preset: str
    theme: str
    transparent: bool
    scale: float

    def of(self, count: int) -> Preset:
        """The preset of each of so many pictures side by side."""
        return preset_of(self.name(count))

    def name(self, count: int) -> str:
        return "half" if count > 1 and self.preset == "slide" else self.preset


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise FilmCancelled("The film was cancelled.")


# ---------------------------------------------------------------- what is asked for


def _format(name: str) -> Format:
    plain = name.lower().removeprefix(".")
    for known in FORMATS:
        if plain == known:
            return known
    raise ValueError(f"A film is one of {', '.join(FORMATS)}, got {name!r}; name the file film.mp4, say.")


def _clear(transparent: bool | None, kind: Format) -> bool:
    if transparent and kind != "zip":
        raise ValueError(f"Frames of {kind} cannot be transparent; leave transparent out, or take a zip of PNG files.")
    return kind == "zip" if transparent is None else bool(transparent)


def _listed(frames: Iterable[Picture], cancelled: Callable[[], bool]) -> list[tuple[Spec, ...]]:
    made = []
    for frame in frames:
        _go_on(cancelled)
        made.append(tuple(frame) if isinstance(frame, tuple | list) else (frame,))
    return made


def _check(fps: float, hold: float, scale: float, made: list[Any], captions: Sequence[str] | None, look: _Look) -> None:
    if not 0 < fps <= FASTEST:
        raise ValueError(f"fps must be above 0 and at most {FASTEST:g} frames a second, got {fps!r}.")
    if not 0 <= hold <= LONGEST:
        raise ValueError(f"hold must be 0 to {LONGEST:g} seconds, got {hold!r}.")
    if not made:
        raise ValueError("A film needs at least one frame, got none.")
    if len({len(frame) for frame in made}) > 1 or not 1 <= len(made[0]) <= 2:
        raise ValueError("All frames must be one figure, or all two side by side.")
    if captions is not None and len(captions) != len(made):
        raise ValueError(f"There must be a caption for each of the {len(made)} frames, got {len(captions)}.")
    size = look.of(len(made[0]))
    side = max(len(made[0]) * size.width, size.height)
    if not 0 < scale <= LARGEST / side:
        raise ValueError(f"scale must be above 0 and at most {LARGEST / side:g} for {look.preset!r}, got {scale!r}.")


# ---------------------------------------------------------------- drawing


def _drawn(
    made: list[tuple[Spec, ...]], captions: list[str], look: _Look, steps: _Steps, renderer: Renderer | None
) -> list[bytes]:
    dressed = _dressed(made, captions, look)
    if renderer is not None:
        return [_frame(renderer, specs, look, steps) for specs in dressed]
    with Renderer() as own:
        return [_frame(own, specs, look, steps) for specs in dressed]


def _frame(draw: Renderer, specs: Sequence[Spec], look: _Look, steps: _Steps) -> bytes:
    pngs = [draw.png(spec, scale=look.scale) for spec in specs]
    steps()
    return pngs[0] if len(pngs) == 1 else _beside(pngs, look)


def _beside(pngs: Sequence[bytes], look: _Look) -> bytes:
    parts = [Image.open(io.BytesIO(png)).convert("RGBA") for png in pngs]
    size = (sum(part.width for part in parts), max(part.height for part in parts))
    whole = Image.new("RGBA", size, (0, 0, 0, 0) if look.transparent else theme_of(look.theme).paper)
    left = 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def _even(picture: Image.Image, theme: str) -> Image.Image:
    """On paper with sides of an even number of pixels, which H.264 asks for."""
    size = (picture.width + picture.width % 2, picture.height + picture.height % 2)
    whole = Image.new("RGB", size, theme_of(theme).paper)
    whole.paste(picture, (0, 0), picture if picture.mode == "RGBA" else None)
    return whole


def _dressed(made: list[tuple[Spec, ...]], captions: list[str], look: _Look) -> list[tuple[Spec, ...]]:
    """All frames in the sizes and colours of the film; axes stand at the same place in all of them."""
    count = len(made[0])
    columns = [held_still(list(column)) for column in zip(*made, strict=True)]
    lines = _caption_lines(captions, look.of(count))
    blank: list[list[str]] = [[] for _ in made]
    written = [lines, *[blank] * (count - 1)]
    dressed = [
        [_titled(spec, own, look, count) for spec, own in zip(column, words, strict=True)]
        for column, words in zip(columns, written, strict=True)
    ]
    return list(zip(*_aligned(dressed), strict=True))


def _caption_lines(captions: list[str], size: Preset) -> list[list[str]]:
    """Each caption in lines that fit; all have as many, or the plots would jump."""
    room = size.width - 2 * size.pad
    found = [wrapped(html.escape(words, quote=False), size.text, room) if words else [] for words in captions]
    most = max(map(len, found))
    return [[*lines, *["\u00a0"] * (most - len(lines))] for lines in found]


def _titled(spec: Spec, lines: list[str], look: _Look, count: int) -> Any:
    """The figure dressed, with a caption between its title and its legend: in the place of lines of the title."""
    size = look.of(count)
    if not lines:
        return styled(spec, look.name(count), look.theme, look.transparent)
    heading = heading_of(spec, size)
    above = "<br>".join([heading, *[HERE] * len(lines)] if heading else [HERE] * len(lines))
    made = styled(spec, look.name(count), look.theme, look.transparent, title=above)
    title: Any = made["layout"]["title"]
    text = title["text"]
    for line in lines:
        text = text.replace(f"<b>{HERE}</b>", f'<span style="font-size:{size.text}px">{line}</span>', 1)
    return {"data": made["data"], "layout": made["layout"] | {"title": title | {"text": text}}}


def _aligned(columns: list[list[Any]]) -> list[list[Any]]:
    """The widest margin of a column on each side for all its frames; that above for all columns."""
    top = max(spec["layout"]["margin"]["t"] for column in columns for spec in column)
    return [[_with_margin(spec, _widest(column) | {"t": math.ceil(top)}) for spec in column] for column in columns]


def _widest(column: list[Any]) -> dict[str, float]:
    return {side: max(spec["layout"]["margin"][side] for spec in column) for side in "lrb"}


def _with_margin(spec: Any, margin: dict[str, float]) -> Any:
    return {"data": spec["data"], "layout": spec["layout"] | {"margin": margin}}
