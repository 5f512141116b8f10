"""Columns of numbers as text for a web address, bit for bit: who opens the link computes with the sender's numbers.

Layout of the bytes, before base64url without padding; whole numbers are little-endian, `varint` is seven bits a byte:

    version 2 (4 bits) | wide (1 bit) | k columns (3 bits);  two-valued columns (8 bits);  n points (16 bits)
    low and high of each column, float32, or float64 when wide
    the columns, one after the other; a two-valued one is 1 bit a value, low or high. Of the others:
        1 bit a value: whether it is written as 8 bytes; the least exponent e (8 bits, signed)
        each other value as a varint of k in k·10^e, sign in the lowest bit: what a hand draws has few digits
        the values of 8 bytes, float64
    CRC-32 of all before it

A text is the only one for what it decodes to. `decode` also takes texts of version 1 (see link.py), as links of old.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from convexviz.data import link
from convexviz.data.link import MAX_COLUMNS, MAX_POINTS, checked_bytes, damaged, decode_columns
from convexviz.data.validation import FloatArray

VERSION = 2
DIGITS = 9  # a number with more of them is shorter as 8 bytes
SMALLEST, LARGEST = -128, 127  # exponents that one byte holds
_MAX_BYTES = link.HEAD.size + 16 * MAX_COLUMNS + (9 * MAX_POINTS + 2) * MAX_COLUMNS + link.CRC.size
_MAX_TEXT = -(-_MAX_BYTES * 4 // 3)


def encode(columns: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> str:
    """Text for columns (n, k) and the range of each; LinkError for shapes, sizes, ranges or values it cannot hold."""
    values, low, high = link.check_columns(columns, lows, highs)
    return _sealed(_body(values, low, high))


def decode(text: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Columns (n, k), lows (k,) and highs (k,) of a text by `encode`, or by `encode_columns`; else LinkError."""
    if text[:1] == base64.urlsafe_b64encode(bytes([link.VERSION << 4]))[:1].decode():
        return decode_columns(text)
    body = checked_bytes(text, VERSION, _MAX_TEXT)
    try:
        values, low, high = _read(body)
    except (IndexError, ValueError, OverflowError) as error:
        if isinstance(error, link.LinkError):
            raise
        damaged("be as long as it says", f"{len(body)} bytes")
    link.check_columns(values, low, high)
    if _sealed(_body(values, low, high)) != text:
        damaged("be written as this program writes it", "another spelling of the same points")
    return values, low, high


def _sealed(body: bytes) -> str:
    return base64.urlsafe_b64encode(body + link.CRC.pack(zlib.crc32(body))).rstrip(b"=").decode()


def _body(values: FloatArray, low: FloatArray, high: FloatArray) -> bytes:
    n, k = values.shape
    bounds, wide = link.packed_bounds(low, high)
    two_valued = [_holds_only(column, ends) for column, ends in zip(values.T, zip(low, high, strict=True), strict=True)]
    mask = sum(flag << j for j, flag in enumerate(two_valued))
    body = link.HEAD.pack(VERSION << 4 | wide << 3 | k, mask, n) + bounds
    for j, flag in enumerate(two_valued):
        body += np.packbits(values[:, j] == high[j]).tobytes() if flag else _column(values[:, j])
    return body


def _holds_only(column: FloatArray, ends: tuple[float, float]) -> bool:
    """Whether every value is one of the two, to the bit."""
    return bool(np.isin(column.view(np.uint64), np.array(ends).view(np.uint64)).all())


def _column(values: FloatArray) -> bytes:
    short = [_decimal(value) for value in values.tolist()]
    e = min((part[1] for part in short if part is not None), default=0)
    whole = [_whole(value, part, e) for value, part in zip(values.tolist(), short, strict=True)]
    raw = np.array([k is None for k in whole], bool)
    text = np.packbits(raw).tobytes() + e.to_bytes(1, "little", signed=True)
    made: bytes = text + b"".join(_varint(k) for k in whole if k is not None) + values[raw].astype("<f8").tobytes()
    return made


def _decimal(value: float) -> tuple[int, int] | None:
    """Whole number and exponent of a value that has few digits."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    if len(digits) > DIGITS or not isinstance(exponent, int) or not SMALLEST <= exponent <= LARGEST:
        return None
    k = int("".join(map(str, digits)))
    return None if sign and k == 0 else (-k if sign else k, exponent if k else 0)  # minus zero is a number of its own


def _whole(value: float, part: tuple[int, int] | None, e: int) -> int | None:
    """k with value = k·10^e, None where it has too many digits."""
    if part is None or part[1] - e > DIGITS:
        return None
    k = part[0] * 10 ** (part[1] - e)
    return k if abs(k) < 10**DIGITS and _value(k, e) == value else None


def _value(k: int, e: int) -> float:
    return float(f"{k}e{e}")  # rounded correctly, as no product is


def _varint(k: int) -> bytes:
    rest, made = (abs(k) << 1) | (k < 0), bytearray()
    while rest >= 128:
        made.append(rest & 127 | 128)
        rest >>= 7
    return bytes(made) + bytes([rest])


def _read(body: bytes) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Columns and bounds; IndexError or ValueError where bytes are missing or left over."""
    first, mask, n = link.HEAD.unpack_from(body)
    if n > MAX_POINTS:
        damaged(f"hold at most {MAX_POINTS} points", f"{n}")
    wide, k = bool(first & 8), first & 7
    start = link.HEAD.size + 2 * k * (8 if wide else 4)
    low, high = link.unpacked_bounds(body[link.HEAD.size : start], k, wide)
    rest = iter(body[start:])
    values = np.empty((n, k))
    for j in range(k):
        flags = np.unpackbits(_taken(rest, -(-n // 8)), count=n).astype(bool)
        values[:, j] = np.where(flags, high[j], low[j]) if mask >> j & 1 else _read_column(rest, flags)
    if next(rest, None) is not None:
        damaged("be as long as it says", f"{len(body)} bytes")
    return values, low, high


def _read_column(rest: Iterator[int], raw: np.ndarray) -> FloatArray:
    e = int.from_bytes(_taken(rest, 1).tobytes(), "little", signed=True)
    values = np.empty(len(raw))
    values[~raw] = [_value(_read_varint(rest), e) for _ in range(int((~raw).sum()))]
    values[raw] = _taken(rest, 8 * int(raw.sum())).view("<f8")
    return values


def _read_varint(rest: Iterator[int]) -> int:
    whole, shift = 0, 0
    while True:
        byte = int(_taken(rest, 1)[0])
        whole |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 35:
            break
    return -(whole >> 1) if whole & 1 else whole >> 1


def _taken(rest: Iterator[int], count: int) -> np.ndarray:
    """The next bytes; IndexError where there are fewer."""
    taken = np.array([byte for _, byte in zip(range(count), rest, strict=False)], np.uint8)
    if len(taken) < count:
        raise IndexError(count)
    return taken
