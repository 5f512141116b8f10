"""Points in a link come back bit for bit, and links of old still open."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convexviz as cv
from convexviz.data import LinkError, encode_columns, exact_link

anything = st.floats(-1e100, 1e100) | st.integers(-5000, 5000).map(lambda k: k / 1000) | st.just(-0.0)
tables = st.integers(1, 7).flatmap(lambda k: st.lists(st.lists(anything, min_size=k, max_size=k), min_size=1))


def ends(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.minimum(columns.min(axis=0), -1e100), np.maximum(columns.max(axis=0), 1e100)


@given(tables)
def test_every_bit_comes_back(rows: list[list[float]]) -> None:
    columns = np.array(rows)
    text = exact_link.encode(columns, *ends(columns))
    back, *bounds = exact_link.decode(text)
    assert back.tobytes() == columns.tobytes()
    assert exact_link.encode(back, *bounds) == text


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=12))
def test_whoever_opens_a_link_computes_the_senders_numbers(rows: list[tuple[float, float]]) -> None:
    sent = np.array(rows)
    opened = exact_link.decode(exact_link.encode(sent, *ends(sent)))[0]
    here, there = (cv.solve(points[:, :1], points[:, 1], beta=0.1).objective for points in (sent, opened))
    assert here == there


def test_a_drawing_of_two_hundred_points_stays_short_and_one_with_all_digits_can_be_pasted() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    ends = [-1, -1.5], [1, 1.5]
    assert len(exact_link.encode(points.round(3), *ends)) < 1200  # as the board draws them
    assert len(exact_link.encode(points, *ends)) < 4400


def test_links_of_old_still_open() -> None:
    old = encode_columns([[0.25, -1.0], [0.5, 1.0]], [0, -1], [1, 1])
    columns, lows, highs = exact_link.decode(old)
    assert np.abs(columns - [[0.25, -1.0], [0.5, 1.0]]).max() < 1e-5
    assert (lows.tolist(), highs.tolist()) == ([0, -1], [1, 1])


def test_a_link_made_once_can_be_read_for_ever() -> None:
    text = "IgICAAAAAAAAAIC_AACAPwAAgD8A_jJkQAqapGg"
    assert exact_link.encode([[0.25, -1.0], [0.5, 1.0]], [0, -1], [1, 1]) == text
    assert exact_link.decode(text)[0].tolist() == [[0.25, -1.0], [0.5, 1.0]]


@settings(max_examples=300)
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda rest: sealed(b"\x22\x00\x02\x00" + rest)))
def test_other_text_raises_only_link_errors(outcome, text: str) -> None:
    result = outcome(LinkError, lambda: exact_link.decode(text))
    if not isinstance(result, LinkError):
        assert exact_link.encode(*result) == text


@given(tables, st.data())
def test_damage_is_noticed(rows: list[list[float]], data: st.DataObject) -> None:
    columns = np.array(rows)
    text = exact_link.encode(columns, *ends(columns))
    place = data.draw(st.integers(0, len(text) - 1))
    other = "A" if text[place] != "A" else "B"
    with pytest.raises(LinkError):
        exact_link.decode(text[:place] + other + text[place + 1 :])


def sealed(body: bytes) -> str:
    """A text with a right checksum, for bodies that no encoder writes."""
    return base64.urlsafe_b64encode(body + struct.pack("<I", zlib.crc32(body))).rstrip(b"=").decode()
