"""Columns of numbers as a short text for a web address, with every damage noticed.

Layout of the bytes, little-endian, before base64url without padding:

    version (4 bits) | wide (1 bit) | k columns (3 bits);  two-valued columns (8 bits);  n points (16 bits)
    low and high of each column, float32, or float64 when wide
    the columns, one after the other: place in [low, high] in 16 bits, or 1 bit in a column of lows and highs only
    CRC-32 of all before it

A text is the only one for what it decodes to: encoding that again gives the same text, so links stay the same.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convexviz.data.validation import FloatArray

VERSION = 1
MAX_POINTS = 2000  # some 11 000 characters with two columns: servers still take it, people no longer paste it
MAX_COLUMNS = 7  # three bits
STEPS = 65535  # a place in 16 bits: a drawing a metre wide to 0.02 mm
FINEST = 64  # float64 spacings in a step, so that a place survives the arithmetic of being read and written
MAX_BOUND = 1e150  # keeps high - low and its ratios far from overflow

HEAD = struct.Struct("<BBH")
CRC = struct.Struct("<I")
_MAX_BYTES = HEAD.size + 16 * MAX_COLUMNS + 2 * MAX_COLUMNS * MAX_POINTS + CRC.size
_MAX_TEXT = -(-_MAX_BYTES * 4 // 3)
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")
_REMEDY = "copy the whole link again, or start from a preset"


class LinkError(ValueError):
    """A text that is no link of ours, or one that was damaged; or columns that no link can hold."""


def encode_columns(columns: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> str:
    """Text for columns (n, k), each rounded to 65536 places in its [low, high]; values beyond are clamped.

    Raises LinkError for shapes, sizes, ranges or values that cannot be written.
    """
    values, low, high = check_columns(columns, lows, highs)
    places = np.rint((np.clip(values, low, high) - low) / (high - low) * STEPS).astype("<u2")
    return _write(places, low, high)


def decode_columns(text: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The columns (n, k), lows (k,) and highs (k,) of a text made by `encode_columns`.

    Raises LinkError, and nothing else, for any text that is not exactly what `encode_columns` wrote.
    """
    body = checked_bytes(text)
    places, low, high = _read(body)
    if _write(places, low, high) != text:
        damaged("be written as this program writes it", "another spelling of the same points")
    share = places / STEPS
    return low * (1.0 - share) + high * share, low, high  # exact at both ends


def _write(places: NDArray[np.uint16], low: FloatArray, high: FloatArray) -> str:
    n, k = places.shape
    bounds, wide = packed_bounds(low, high)
    two_valued = [bool(np.isin(column, (0, STEPS)).all()) for column in places.T]
    mask = sum(flag << j for j, flag in enumerate(two_valued))
    body = HEAD.pack(VERSION << 4 | wide << 3 | k, mask, n)
    body += bounds
    for column, flag in zip(places.T, two_valued, strict=True):
        body += np.packbits(column > 0).tobytes() if flag else column.astype("<u2").tobytes()
    body += CRC.pack(zlib.crc32(body))
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def checked_bytes(text: str, version: int = VERSION, longest: int = _MAX_TEXT) -> bytes:
    """The bytes behind a text of this version, without the CRC, which agrees."""
    if len(text) > longest:
        damaged(f"have at most {longest} characters", f"{len(text)}")
    foreign = _FOREIGN.search(text)
    if foreign:
        damaged("use only A-Z, a-z, 0-9, - and _", f"{foreign[0]!r} at character {foreign.start() + 1}")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        damaged("be complete", f"{len(text)} characters, which no link has")
    if len(data) < HEAD.size + CRC.size:
        damaged("be complete", f"only {len(text)} characters")
    if data[0] >> 4 != version:
        damaged(f"be of version {version}", f"version {data[0] >> 4}")
    body = data[: -CRC.size]
    if CRC.unpack(data[-CRC.size :])[0] != zlib.crc32(body):
        damaged("be complete and unchanged", "a checksum that does not match")
    return body


def _read(body: bytes) -> tuple[NDArray[np.uint16], FloatArray, FloatArray]:
    first, mask, n = HEAD.unpack_from(body)
    wide, k = bool(first & 8), first & 7
    if n > MAX_POINTS:
        damaged(f"hold at most {MAX_POINTS} points", f"{n}")
    sizes = [-(-n // 8) if mask >> j & 1 else 2 * n for j in range(k)]
    start = HEAD.size + 2 * k * (8 if wide else 4)
    if k == 0 or len(body) != start + sum(sizes):
        damaged("be as long as it says", f"{len(body)} bytes for {n} points in {k} columns")
    low, high = unpacked_bounds(body[HEAD.size : start], k, wide)
    places = np.empty((n, k), np.uint16)
    for j, size in enumerate(sizes):
        places[:, j] = _column(body[start : start + size], n, bool(mask >> j & 1))
        start += size
    return places, low, high


def packed_bounds(low: FloatArray, high: FloatArray) -> tuple[bytes, bool]:
    """The bytes of the bounds, and whether they take eight each."""
    bounds = np.concatenate([low, high])
    wide = not np.array_equal(_float32(bounds), bounds)
    return bounds.astype("<f8" if wide else "<f4").tobytes(), wide


def unpacked_bounds(body: bytes, k: int, wide: bool) -> tuple[FloatArray, FloatArray]:
    """Lows (k,) and highs (k,); LinkError where they are no range."""
    bounds = np.frombuffer(body, "<f8" if wide else "<f4").astype(np.float64)
    low, high = bounds[:k], bounds[k:]
    _check_bounds(low, high)
    return low, high


def _column(data: bytes, n: int, two_valued: bool) -> NDArray[np.uint16]:
    if two_valued:
        return np.unpackbits(np.frombuffer(data, np.uint8), count=n).astype(np.uint16) * np.uint16(STEPS)
    return np.frombuffer(data, "<u2").astype(np.uint16)


def check_columns(columns: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    values = np.asarray(columns, dtype=np.float64)
    low, high = np.asarray(lows, dtype=np.float64), np.asarray(highs, dtype=np.float64)
    if values.ndim != 2 or not 1 <= values.shape[1] <= MAX_COLUMNS:
        raise LinkError(
            f"The columns must have shape (n, k), k from 1 to {MAX_COLUMNS}, got {values.shape}; "
            "use columns.reshape(-1, 1) for one column."
        )
    if low.shape != (values.shape[1],) or high.shape != low.shape:
        raise LinkError(
            f"The bounds must give a low and a high for each of the {values.shape[1]} columns, "
            f"got shapes {low.shape} and {high.shape}; pass one of each per column."
        )
    if len(values) > MAX_POINTS:
        raise LinkError(
            f"A link must hold at most {MAX_POINTS} points, got {len(values)}; save them as a table instead."
        )
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise LinkError(
            f"The columns must be finite, got {values[row, column]} in row {row}, column {column}; remove that row."
        )
    _check_bounds(low, high)
    return values, low, high


def _check_bounds(low: FloatArray, high: FloatArray) -> None:
    size = np.maximum(np.abs(low), np.abs(high))
    usable = size <= MAX_BOUND  # false for nan
    with np.errstate(invalid="ignore", over="ignore"):
        usable &= (high - low) / STEPS >= FINEST * np.spacing(np.minimum(size, MAX_BOUND))
    if not usable.all():
        j = int(np.argmin(usable))
        raise LinkError(
            f"The bounds must be finite, with low well below high, got low {low[j]:g} and high {high[j]:g} "
            f"in column {j}; widen the range."
        )


def _float32(values: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        return values.astype("<f4").astype(np.float64)


def damaged(must: str, got: str) -> NoReturn:
    raise LinkError(f"The link must {must}, got {got}; {_REMEDY}.")
