"""Films read by others, how long they last, that their axes stand still, that they can be cancelled."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from convexviz.export import ExportError, Renderer, film, film_files, missing
from convexviz.export.film import FilmCancelled, export_film, filmed
from convexviz.export.film_axes import held_still
from convexviz.export.film_files import Timing
from tests.export.conftest import needed

COUNT, FPS, HOLD = 5, 4.0, 0.5
CAPTIONS = [f"β = {value} & more" for value in range(COUNT)]
SMALL = 0.25  # of a slide: 320 x 180 pixels
MARK = (255, 0, 255)


def frame(grown: float, title: str = "Growing") -> Any:
    """A line that grows, from frame to frame, beyond any range, and a mark at the origin of a colour of its own."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [-1.0, 1.0],
        "y": [-grown, 10.0 * grown],
        "line": {"color": "#0072B2"},
    }
    mark = {"type": "scatter", "mode": "markers", "x": [0.0], "y": [0.0], "marker": {"color": "#FF00FF", "size": 16}}
    return {"data": [line, mark], "layout": {"title": {"text": title}, "showlegend": False}}


FRAMES = [frame(2.0**place) for place in range(COUNT)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, draw: Renderer) -> Path:
    """One film in each format."""
    made = tmp_path_factory.mktemp("films")
    for name in film.FORMATS:
        export_film(FRAMES, made / f"film.{name}", fps=FPS, hold=HOLD, scale=SMALL, captions=CAPTIONS, renderer=draw)
    return made


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe says of the only stream, every frame read."""
    needed("ffprobe", "" if shutil.which("ffprobe") else "ffprobe")
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    (stream,) = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["streams"]
    return dict(stream)


def test_mp4_is_h264_that_powerpoint_and_keynote_play(folder: Path) -> None:
    stream = probed(folder / "film.mp4")
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (stream["width"], stream["height"]) == (320, 180)
    assert (stream["color_space"], stream["color_range"]) == ("bt709", "tv")
    assert stream["r_frame_rate"] == stream["avg_frame_rate"] == "12/1"
    assert int(stream["nb_read_frames"]) == 3 * COUNT + 2 * HOLD * 12
    assert float(stream["duration"]) == pytest.approx(2 * HOLD + COUNT / FPS, abs=1 / 12)
    data = (folder / "film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "a player that has only begun to load it knows all of it"


def test_gif_has_every_frame_its_time_and_one_palette(folder: Path) -> None:
    stream = probed(folder / "film.gif")
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("gif", 320, 180)
    assert int(stream["nb_read_frames"]) == COUNT
    assert float(stream["duration"]) == pytest.approx(2 * HOLD + COUNT / FPS, abs=0.01)
    with Image.open(folder / "film.gif") as picture:
        assert picture.info["loop"] == 0
        durations = [one.info["duration"] for one in ImageSequence.Iterator(picture)]
        paper = picture.convert("RGB").getpixel((0, 0))
    assert durations == [750, 250, 250, 250, 750]
    assert paper == (255, 255, 255), "not what lies between it and its neighbours"
    assert local_palettes((folder / "film.gif").read_bytes()) == 0


def test_a_gif_keeps_the_colours_of_every_frame() -> None:
    """Flat areas exactly, also beside more colours than there is room for, and few of them without a mistake."""
    noise = np.random.default_rng(0).integers(0, 255, (20, 80, 3))
    for many in (False, True):
        frames = []
        for place in range(3):
            pixels = np.full((90, 160, 3), 255, np.uint8)
            pixels[50:60, 10 + 10 * place : 30 + 10 * place] = (0, 114, 178)
            if many:
                pixels[20:40, 20:100] = noise
            frames.append(Image.fromarray(pixels))
        with Image.open(io.BytesIO(film_files.gif(frames, Timing(3, 4.0, 0.0), lambda: None))) as written:
            read = [one.convert("RGB") for one in ImageSequence.Iterator(written)]
        for place, (one, given) in enumerate(zip(read, frames, strict=True)):
            assert one.getpixel((0, 0)) == (255, 255, 255)
            assert one.getpixel((15 + 10 * place, 55)) == (0, 114, 178)
            if not many:
                assert np.array_equal(np.asarray(one), np.asarray(given))


def local_palettes(data: bytes) -> int:
    """How many frames of a GIF bring colours of their own, read from its blocks."""
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1) * (data[10] >> 7)
    found = 0
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        else:
            flags = data[at + 9]
            found += flags >> 7
            at += 11 + (3 * 2 ** ((flags & 7) + 1) if flags >> 7 else 0)
        while data[at]:
            at += data[at] + 1
        at += 1
    return found


def test_zip_has_transparent_frames_and_their_times(folder: Path) -> None:
    with zipfile.ZipFile(folder / "film.zip") as files:
        names = [f"frame-{number:04d}.png" for number in range(1, COUNT + 1)]
        assert files.namelist() == [*names, "timing.csv"]
        for name in names:
            picture = Image.open(io.BytesIO(files.read(name)))
            assert (picture.mode, picture.size) == ("RGBA", (320, 180))
            assert picture.getpixel((0, 0)) == (0, 0, 0, 0), "nothing but the paper"
            assert picture.getextrema()[3] == (0, 255)
        rows = list(csv.DictReader(io.StringIO(files.read("timing.csv").decode())))
    assert [row["file"] for row in rows] == names
    assert [row["caption"] for row in rows] == CAPTIONS
    assert [float(row["start_s"]) for row in rows] == [0, 0.75, 1.0, 1.25, 1.5]
    assert sum(float(row["duration_s"]) for row in rows) == pytest.approx(2 * HOLD + COUNT / FPS)


def test_axes_stand_still_while_what_they_show_grows(folder: Path) -> None:
    with zipfile.ZipFile(folder / "film.zip") as files:
        pictures = [np.asarray(Image.open(io.BytesIO(files.read(n)))) for n in files.namelist() if n.endswith("png")]
    at = [np.argwhere((picture[..., :3] == MARK).all(axis=2) & (picture[..., 3] == 255)) for picture in pictures]
    assert all(len(places) for places in at)
    centres = [places.mean(axis=0) for places in at]
    assert max(abs(one - centres[0]).max() for one in centres) < 1.0
    assert all((one != other).any() for one, other in pairwise(pictures))


def test_two_pictures_stand_side_by_side(draw: Renderer, tmp_path: Path) -> None:
    """Of half a slide each; sides of an odd number of pixels get one more in a film."""
    pairs = [(one, frame(1.0, "Steady")) for one in FRAMES[:2]]
    path = export_film(pairs, tmp_path / "pair.mp4", fps=20, hold=0, scale=0.2515, theme="dark", renderer=draw)
    stream = probed(path)
    assert (stream["width"] % 2, stream["height"] % 2) == (0, 0)
    assert stream["width"] == pytest.approx(1280 * 0.2515, abs=2)
    assert int(stream["nb_read_frames"]) == 2
    data = filmed(pairs, "zip", scale=0.25, transparent=False, theme="dark", renderer=draw)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        picture = Image.open(io.BytesIO(files.read("frame-0002.png")))
    assert picture.size == (320, 180)
    assert picture.getpixel((0, 0)) == picture.getpixel((319, 179)) == (16, 22, 28, 255)


def test_captions_stand_below_the_title_and_move_nothing() -> None:
    """All frames leave room for the longest, and what it says is text, not markup."""
    long = "a < b & c " * 20
    words = ["β = 1", long]
    look = film._Look("slide", "light", False, 1.0)
    first, second = (specs[0]["layout"] for specs in film._dressed([(one,) for one in FRAMES[:2]], words, look))
    lines = [layout["title"]["text"].split("<br>") for layout in (first, second)]
    assert lines[0][0] == lines[1][0] == "<b>Growing</b>"
    assert len(lines[0]) == len(lines[1]) > 2
    assert "β = 1" in lines[0][1]
    assert "a &lt; b &amp; c" in lines[1][1]
    assert first["margin"] == second["margin"]
    without = film._dressed([(one,) for one in FRAMES[:2]], ["", ""], look)[0][0]["layout"]
    assert first["margin"]["t"] > without["margin"]["t"]


# ---------------------------------------------------------------- how long a film lasts


@pytest.mark.parametrize("fps", [0.3, 1, 4, 6.5, 15, 23.976, 50])
@pytest.mark.parametrize("hold", [0, 0.2, 1.5])
@pytest.mark.parametrize("count", [1, 2, 41])
def test_every_format_lasts_hold_and_frames_and_hold(count: int, hold: float, fps: float) -> None:
    timing = Timing(count, fps, hold)
    whole = 2 * hold + count / fps
    assert timing.seconds == timing.edges[-1] == pytest.approx(whole)
    assert all(later > earlier for earlier, later in pairwise(timing.edges))
    assert timing.rate >= 10
    assert sum(timing.repeats) / timing.rate == pytest.approx(whole, abs=float(1 / timing.rate) + 1e-4 * whole)
    assert len(set(timing.repeats[1:-1])) <= 1, "in between all stand equally long"
    assert sum(timing.ticks) == round(100 * whole)
    assert all(abs(tick / 100 - 1 / fps) <= 0.01 for tick in timing.ticks[1:-1])


# ---------------------------------------------------------------- axes that hold still


def axes(specs: list[Any], name: str = "yaxis") -> list[Any]:
    return [spec["layout"][name].get("range") for spec in held_still(specs)]


def test_ranges_reach_over_all_frames() -> None:
    assert axes(FRAMES) == [pytest.approx([-16 - 8.8, 160 + 8.8])] * COUNT
    assert axes([trace(y=[1, 10]), trace(y=[1, 1000])], "xaxis") == [pytest.approx([-0.05, 1.05])] * 2


def test_ranges_that_a_figure_sets_are_kept_and_widened_to_the_widest() -> None:
    one, two = (trace(y=[0, 1]) | {"layout": {"yaxis": {"range": ends}}} for ends in ([0, 1], [-3, 0.5]))
    assert axes([one, one]) == [[0, 1]] * 2
    assert axes([one, two]) == [[-3, 1]] * 2


def test_logarithmic_axes_leave_out_what_they_cannot_show() -> None:
    log = [trace(y=[0, 1, 10]), trace(y=[None, 100, 1000])]
    for spec in log:
        spec["layout"] = {"yaxis": {"type": "log"}}
    assert axes(log) == [pytest.approx([-0.05, 3.05])] * 2


def test_hidden_traces_and_other_axes_do_not_count() -> None:
    spec = trace(y=[0, 1])
    spec["data"] += [{"x": [0], "y": [99], "visible": False}, {"x": [0, 1], "y": [-5, -7], "yaxis": "y2"}]
    assert axes([spec]) == [pytest.approx([-0.05, 1.05])]
    assert axes([spec], "yaxis2") == [pytest.approx([-7.1, -4.9])]


def test_maps_keep_their_edges_their_direction_and_their_colours() -> None:
    maps = [
        {"data": [{"type": "heatmap", "z": [[0, high], [1, 2]], "x0": 0, "dx": 2}], "layout": {"yaxis": turned}}
        for high, turned in ((3, {"autorange": "reversed"}), (9, {"autorange": "reversed"}))
    ]
    for spec in held_still(maps):
        assert spec["layout"]["xaxis"]["range"] == [-1, 3]  # type: ignore[typeddict-item]
        assert spec["layout"]["yaxis"]["range"] == [1.5, -0.5]  # type: ignore[typeddict-item]
        assert (spec["data"][0]["zmin"], spec["data"][0]["zmax"]) == (0, 9)


def test_categories_of_the_longest_frame_stay() -> None:
    bars = [
        {"data": [{"x": names, "y": [1] * len(names)}], "layout": {"xaxis": {"type": "category"}}}
        for names in (["1"], ["1", "2", "3"], [])
    ]
    for spec in held_still(bars):
        axis: Any = spec["layout"]["xaxis"]
        assert (axis["categoryarray"], axis["range"]) == (["1", "2", "3"], [-0.5, 2.5])


def test_space_stands_still_too() -> None:
    solid = [
        {"data": [{"type": "scatter3d", "x": [0, 1], "y": [0, 1], "z": [0, high]}], "layout": {}} for high in (1, 7)
    ]
    scenes: Any = [spec["layout"]["scene"] for spec in held_still(solid)]
    assert [scene["zaxis"]["range"] for scene in scenes] == [[0, 7], [0, 7]]
    assert "xaxis" not in held_still(solid)[0]["layout"]


def trace(**data: Any) -> Any:
    return {"data": [{"mode": "lines", "x": list(range(len(data["y"]))), **data}], "layout": {}}


# ---------------------------------------------------------------- progress, cancel, errors


class Draws:
    """A renderer that needs no browser."""

    def __init__(self) -> None:
        self.drawn = 0

    def png(self, spec: Any, scale: float) -> bytes:
        self.drawn += 1
        out = io.BytesIO()
        size = (round(scale * spec["layout"]["width"]), round(scale * spec["layout"]["height"]))
        Image.new("RGBA", size, (self.drawn, 0, 0, 255)).save(out, "PNG")
        return out.getvalue()


@pytest.mark.parametrize("form", film.FORMATS)
def test_progress_is_told_to_its_end(form: str) -> None:
    told: list[tuple[int, int]] = []
    filmed(FRAMES, form, scale=0.1, renderer=Draws(), progress=lambda *steps: told.append(steps))  # type: ignore[arg-type]
    assert told == [(done, 2 * COUNT) for done in range(1, 2 * COUNT + 1)]


@pytest.mark.parametrize("form", film.FORMATS)
@pytest.mark.parametrize("after", [0, 2, COUNT + 2], ids=["before", "drawing", "writing"])
def test_a_cancelled_film_leaves_nothing(form: str, after: int, tmp_path: Path) -> None:
    path = tmp_path / f"film.{form}"
    path.write_bytes(b"an older one")
    told: list[int] = []
    before = children()
    with pytest.raises(FilmCancelled):
        export_film(
            FRAMES,
            path,
            scale=0.1,
            renderer=Draws(),
            progress=lambda done, total: told.append(done),
            cancelled=lambda: len(told) >= after,
        )
    assert len(told) == after
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"an older one"
    assert children() <= before


def test_a_film_that_opened_a_browser_ends_it() -> None:
    needed("a browser", missing())
    before = children()
    told: list[int] = []
    with pytest.raises(FilmCancelled):
        filmed(FRAMES, "gif", scale=0.1, progress=lambda done, _: told.append(done), cancelled=lambda: len(told) == 2)
    assert children() <= before


def children() -> set[int]:
    """Processes that this one has started and that have not ended."""
    return set(_children(os.getpid())) if Path("/proc/self/stat").exists() else set()


def _children(parent: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, above = text.rpartition(")")[2].split()[:2]
        if int(above) == parent and state != "Z":
            yield int(stat.parent.name)


def test_an_encoder_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(film_files, "_ffmpeg", lambda: shutil.which("false") or "false")
    with pytest.raises(ExportError, match=r"ffmpeg wrote no film: .*GIF"):
        export_film(FRAMES, tmp_path / "film.mp4", scale=0.1, renderer=Draws())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fps": 0}, "fps must be above 0 and at most 50"),
        ({"fps": 51}, "got 51"),
        ({"fps": float("nan")}, "fps must be"),
        ({"hold": -1}, "hold must be 0 to 60 seconds, got -1"),
        ({"scale": 9}, "scale must be above 0 and at most 3"),
        ({"captions": ["one"]}, "a caption for each of the 5 frames, got 1"),
        ({"transparent": True}, "gif cannot be transparent"),
        ({"theme": "grey"}, "theme must be"),
        ({"preset": "wall"}, "preset must be"),
    ],
)
def test_what_cannot_be_a_film_is_refused_before_anything_is_drawn(wrong: dict[str, Any], words: str) -> None:
    draws: Any = Draws()
    with pytest.raises(ValueError, match=words):
        filmed(FRAMES, "gif", renderer=draws, **wrong)
    assert draws.drawn == 0


def test_other_formats_no_frames_and_mixed_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gif, mp4, zip, got '\.avi'"):
        export_film(FRAMES, tmp_path / "film.avi")
    with pytest.raises(ValueError, match="at least one frame"):
        filmed([], "gif")
    with pytest.raises(ValueError, match="one figure, or all two"):
        filmed([FRAMES[0], (FRAMES[0], FRAMES[1])], "gif")


def test_frames_may_come_one_by_one(tmp_path: Path) -> None:
    draws: Any = Draws()
    path = export_film((one for one in FRAMES), tmp_path / "film.GIF", scale=0.1, renderer=draws)
    assert struct.unpack("<HH", path.read_bytes()[6:10]) == (128, 72)
