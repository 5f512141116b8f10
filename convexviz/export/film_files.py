"""Frames of a film as a file: GIF, MP4 (H.264) or a zip of PNG files; how long each frame stands.

A film of n frames at `fps` frames a second lasts hold + n / fps + hold seconds: its first and its last frame stand for
`hold` seconds longer than the others.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy.spatial import cKDTree

from convexviz.core.network import Array

from .errors import ExportError

STEADY = 10  # frames of video a second at least: players wait long for the next of fewer
TICK = 100  # of a GIF's clock a second
COLOURS = 256  # of a GIF
EXACT = 8  # of them kept as they are: paper, ink and the widest areas
UNKNOWN = -1  # place of a colour that has not been looked up
SAMPLES = 16  # frames from which a GIF's colours are taken
QUALITY = 18  # of H.264, "crf": no difference to be seen
SECONDS = 60.0  # for the encoder to end

Step = Callable[[], None]
"""Called after each frame; raises where the film is cancelled."""


@dataclass(frozen=True)
class Timing:
    """When the frames of a film are shown.

    Attributes
    ----------
    count : number of frames.
    fps : frames a second.
    hold : seconds for which the first and the last frame stand longer.
    """

    count: int
    fps: float
    hold: float

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return 2 * self.hold + self.count / self.fps

    @property
    def edges(self) -> list[float]:
        """When each frame comes, and the end, in seconds from the start."""
        return [0.0, *(self.hold + place / self.fps for place in range(1, self.count)), self.seconds]

    @property
    def rate(self) -> Fraction:
        """Frames of video a second: a multiple of `fps`, so that all frames stand equally long."""
        exact = Fraction(self.fps).limit_denominator(1000)
        return exact * max(1, -(-STEADY // exact))

    @property
    def repeats(self) -> list[int]:
        """How many frames of video each frame is."""
        each = round(self.rate / Fraction(self.fps).limit_denominator(1000))
        held = round(self.hold * self.rate)
        counts = [each] * self.count
        counts[0] += held
        counts[-1] += held
        return counts

    @property
    def ticks(self) -> list[int]:
        """How long each frame of a GIF stands, in hundredths of a second that add up to the whole."""
        places = [round(TICK * edge) for edge in self.edges]
        return [later - earlier for earlier, later in pairwise(places)]


# ---------------------------------------------------------------- GIF


def gif(frames: Sequence[Image.Image], timing: Timing, step: Step) -> bytes:
    """A film that begins anew when it ends; all frames have the same colours."""
    colours = _Colours(frames)
    small = []
    for frame in frames:
        small.append(colours.of(frame))
        step()
    out = io.BytesIO()
    durations = [tick * 1000 // TICK for tick in timing.ticks]
    shown: Any = durations if len(durations) > 1 else durations[0]
    first, rest, table = small[0], small[1:], colours.table.tobytes()  # said here, or each frame would bring its own
    first.save(out, "GIF", save_all=True, append_images=rest, duration=shown, loop=0, optimize=False, palette=table)
    return out.getvalue()


class _Colours:
    """The colours of a GIF. They are chosen by the root of how often they are seen, or thin lines would lose theirs.

    Pillow looks up the nearest colour roughly, so that white paper may become grey; here it is the nearest.
    """

    def __init__(self, frames: Sequence[Image.Image]) -> None:
        chosen = (*frames[:: max(1, len(frames) // SAMPLES)], frames[-1])
        seen, counts = np.unique(np.concatenate([_packed(frame)[::2] for frame in chosen]), return_counts=True)
        often = np.repeat(seen, np.ceil(np.sqrt(counts)).astype(int))
        made = Image.fromarray(_unpacked(often)[None]).quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
        table = np.array(made.getpalette(), np.int64).reshape(-1, 3)
        for colour in _unpacked(seen[np.argsort(counts)[-EXACT:]]).astype(np.int64):  # the paper comes last, and wins
            table[np.argmin(((table - colour) ** 2).sum(axis=1))] = colour
        self.table = np.unique(table, axis=0).astype(np.uint8)  # Pillow confuses colours that a table has twice
        self._tree = cKDTree(self.table)
        self._places = np.full(1 << 24, UNKNOWN, np.int16)  # in the table, by colour

    def of(self, frame: Image.Image) -> Image.Image:
        """The frame in these colours."""
        packed = _packed(frame)
        new = np.unique(packed[self._places[packed] == UNKNOWN])
        if new.size:
            self._places[new] = self._tree.query(_unpacked(new))[1]
        drawn = Image.fromarray(self._places[packed].astype(np.uint8).reshape(frame.height, frame.width))
        drawn.putpalette(self.table.tobytes())
        return drawn


def _packed(frame: Image.Image) -> Array:
    """Each pixel's colour as one number, (pixels,)."""
    pixels = np.asarray(frame.convert("RGB")).reshape(-1, 3).astype(np.uint32)
    return pixels[:, 0] << 16 | pixels[:, 1] << 8 | pixels[:, 2]


def _unpacked(packed: Array) -> Array:
    """Red, green and blue, (n, 3)."""
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8)


# ---------------------------------------------------------------- MP4


def mp4(frames: Sequence[Image.Image], timing: Timing, step: Step) -> bytes:
    """H.264 in the colours and the order that PowerPoint, Keynote and browsers play; frames have even sides."""
    with tempfile.TemporaryDirectory(prefix="convexviz-film-") as folder:
        path = Path(folder, "film.mp4")
        words = Path(folder, "errors.txt")
        with words.open("wb") as errors:
            _encode(_command(path, frames[0].size, timing.rate), frames, timing.repeats, step, errors)
        if not path.is_file() or not path.stat().st_size:
            told = words.read_text(encoding="utf-8", errors="replace").strip()
            raise ExportError(f"ffmpeg wrote no film: {told or 'it did not say why'}. Try a smaller size, or GIF.")
        return path.read_bytes()


def _command(path: Path, size: tuple[int, int], rate: Fraction) -> list[str]:
    given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-"]
    # Without these words ffmpeg takes the colours of standard definition, and players those of high: all would be off.
    colours = ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    colours += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(QUALITY), "-tune", "animation"]
    codec += ["-g", str(max(1, round(2 * rate))), "-fps_mode", "cfr", "-movflags", "+faststart", "-an"]
    return [_ffmpeg(), "-y", "-nostdin", "-loglevel", "error", *given, *colours, *codec, str(path)]


def _ffmpeg() -> str:
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except ImportError as error:
        raise ExportError('MP4 needs the package imageio-ffmpeg: pip install "convexviz[export]".') from error
    except RuntimeError as error:
        raise ExportError(f"MP4 needs ffmpeg: {error} Or take GIF.") from error


def _encode(command: list[str], frames: Sequence[Image.Image], repeats: list[int], step: Step, errors: Any) -> None:
    """Hand ffmpeg the frames; whatever happens, it is not left running."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        if process.stdin is None:  # cannot be: a pipe was asked for
            raise ExportError("ffmpeg takes no frames.")
        for frame, times in zip(frames, repeats, strict=True):
            raw = frame.convert("RGB").tobytes()
            for _ in range(times):
                process.stdin.write(raw)
            step()
        process.stdin.close()
        process.wait(SECONDS)
    except BrokenPipeError:
        process.wait(SECONDS)  # it has ended by itself; its words say why
    except subprocess.TimeoutExpired as error:
        raise ExportError(f"ffmpeg did not end within {SECONDS:.0f} s. Try a smaller size, or GIF.") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # what it has not read, nobody will
                process.stdin.close()


# ---------------------------------------------------------------- PNG files


def frame_names(count: int) -> Iterator[str]:
    """Names of the frames in their order."""
    return (f"frame-{number:04d}.png" for number in range(1, count + 1))


def archive(pngs: Sequence[bytes], timing: Timing, captions: Sequence[str], step: Step) -> bytes:
    """The frames as they were drawn, and a table of when each is shown."""
    out, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["file", "start_s", "duration_s", "caption"])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as files:
        spans = pairwise(timing.edges)
        for name, png, (start, end), words in zip(frame_names(len(pngs)), pngs, spans, captions, strict=True):
            files.writestr(name, png)
            rows.writerow([name, f"{start:.4f}", f"{end - start:.4f}", words])
            step()
        files.writestr("timing.csv", table.getvalue())
    return out.getvalue()
