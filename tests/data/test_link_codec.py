import base64
import re
import struct
import zlib

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convexviz.data import LinkError, decode_columns, encode_columns
from convexviz.data.link import MAX_POINTS, STEPS

ADDRESS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WIDTHS = st.floats(1e-100, 1e100)
ANY_FLOAT = st.floats(allow_nan=False, allow_infinity=False)


def sealed(body: bytes) -> str:
    """A text with a right checksum, for bodies that no encoder writes."""
    return base64.urlsafe_b64encode(body + struct.pack("<I", zlib.crc32(body))).rstrip(b"=").decode()


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, lows and highs, of which some values lie outside, and some columns hold only the two bounds."""
    k, n = draw(st.integers(1, 7)), draw(st.integers(0, 12))
    lows = np.array(draw(st.lists(st.floats(-1e100, 1e100), min_size=k, max_size=k)))
    highs = lows + np.array(draw(st.lists(WIDTHS, min_size=k, max_size=k)))
    assume(((highs - lows) / STEPS >= 64 * np.spacing(np.maximum(np.abs(lows), np.abs(highs)))).all())
    share = draw(hnp.arrays(float, (n, k), elements=st.floats(-0.5, 1.5) | st.sampled_from([0.0, 1.0])))
    return lows * (1 - share) + highs * share, lows, highs


@given(tables())
def test_values_come_back_within_half_a_step(table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    columns, lows, highs = table
    text = encode_columns(columns, lows, highs)
    back, back_lows, back_highs = decode_columns(text)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert np.array_equal(back_lows, lows)
    assert np.array_equal(back_highs, highs)
    assert (np.abs(back - np.clip(columns, lows, highs)) <= 0.51 * (highs - lows) / STEPS).all()


@given(tables())
def test_a_link_is_stable(table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    text = encode_columns(*table)
    assert encode_columns(*decode_columns(text)) == text


@given(st.lists(st.sampled_from([-1.0, 1.0]), max_size=40))
def test_class_labels_come_back_exactly_and_cost_a_bit_each(labels: list[float]) -> None:
    columns = np.column_stack([np.linspace(0.1, 0.9, len(labels)), labels]) if labels else np.empty((0, 2))
    text = encode_columns(columns, [-1, -1], [1, 1])
    assert decode_columns(text)[0][:, 1].tolist() == labels
    assert len(text) <= (24 + 2 * len(labels) + len(labels) // 8 + 1) * 4 / 3 + 1


def test_two_hundred_points_fit_in_an_address() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    assert len(encode_columns(points, [-1, -1.5], [1, 1.5])) < 1100
    assert len(encode_columns(points, [-1.1, -1.7], [1.1, 1.7])) < 1130  # bounds that need eight bytes each


def test_a_link_made_once_can_be_read_for_ever() -> None:
    text = encode_columns([[0.25, -1.0], [0.5, 1.0]], [0, -1], [1, 1])
    assert text == "EgICAAAAAAAAAIC_AACAPwAAgD8AQACAQAfNzWA"
    assert decode_columns(text)[0][:, 1].tolist() == [-1, 1]


@given(tables(), st.data())
def test_any_single_damage_is_noticed(table: tuple[np.ndarray, np.ndarray, np.ndarray], data: st.DataObject) -> None:
    text = encode_columns(*table)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ADDRESS).filter(lambda letter: letter != text[place]))
    for damaged in (
        text[:place],
        text[:place] + other + text[place + 1 :],
        text[:place] + text[place + 1 :],
        text + "A",
    ):
        if damaged != text:
            with pytest.raises(LinkError):
                decode_columns(damaged)


@settings(max_examples=400)
@given(st.text(max_size=60) | st.text(ADDRESS, max_size=80) | st.binary(max_size=80).map(sealed))
def test_random_text_raises_only_link_errors(outcome, text: str) -> None:
    result = outcome(LinkError, lambda: decode_columns(text))
    if isinstance(result, LinkError):
        assert " must " in str(result)
    else:
        assert encode_columns(*result) == text


@settings(max_examples=300)
@given(
    st.integers(0, 15), st.integers(0, 255), st.integers(0, 3), st.lists(ANY_FLOAT, max_size=4), st.binary(max_size=16)
)
def test_forged_heads_raise_only_link_errors(
    outcome, low: int, mask: int, n: int, bounds: list[float], rest: bytes
) -> None:
    form = "<f8" if low & 8 else "<f4"
    with np.errstate(over="ignore"):
        text = sealed(bytes([16 | low, mask, n, 0]) + np.array(bounds).astype(form).tobytes() + rest)
    result = outcome(LinkError, lambda: decode_columns(text))
    if isinstance(result, LinkError):
        assert " must " in str(result)
    else:
        assert encode_columns(*result) == text


def test_damage_is_named(refused) -> None:
    text = encode_columns([[0.5]], [0], [1])
    bounds = struct.pack("<ff", 0, 1)
    for damaged, fragments in {
        "": ("be complete", "got only 0 characters"),
        text[:8]: ("got only 8 characters",),
        text[:9]: ("got 9 characters, which no link has",),
        text + "!": ("got '!' at character",),
        " " + text: ("got ' ' at character 1",),
        "é" + text: ("got 'é'",),
        text[:-4]: ("checksum",),
        "I" + text[1:]: ("version 1", "got version 2"),
        "A" * 100_000: ("at most", "got 100000"),
        sealed(struct.pack("<BBH", 0x11, 0, 5000) + bounds): (f"at most {MAX_POINTS} points", "got 5000"),
        sealed(struct.pack("<BBH", 0x10, 0, 0) + bounds): ("as long as it says",),
        sealed(struct.pack("<BBH", 0x11, 0, 9) + bounds): ("as long as it says", "for 9 points in 1 columns"),
        sealed(struct.pack("<BBHff", 0x11, 0, 0, 1, 0)): ("low well below high",),
        sealed(struct.pack("<BBHff", 0x11, 0, 0, 0, float("nan"))): ("must be finite",),
        sealed(struct.pack("<BBHff", 0x11, 0, 0, 0, 1)): ("another spelling",),
    }.items():
        refused(LinkError, lambda damaged=damaged: decode_columns(damaged), *fragments)


def test_columns_that_no_link_can_hold_are_refused(refused) -> None:
    refused(LinkError, lambda: encode_columns([0.5], [0], [1]), "shape (n, k)", "got (1,)", "reshape(-1, 1)")
    refused(LinkError, lambda: encode_columns(np.zeros((1, 8)), np.zeros(8), np.ones(8)), "got (1, 8)")
    refused(LinkError, lambda: encode_columns([[0.5]], [0, 0], [1, 1]), "got shapes (2,) and (2,)")
    refused(LinkError, lambda: encode_columns([[0.5]], [0], [1, 1]), "got shapes (1,) and (2,)")
    refused(LinkError, lambda: encode_columns(np.zeros((MAX_POINTS + 1, 1)), [0], [1]), f"got {MAX_POINTS + 1}")
    refused(LinkError, lambda: encode_columns([[0.5], [np.nan]], [0], [1]), "got nan in row 1, column 0")
    for low, high in ((1, 0), (0, 0), (0, np.inf), (np.nan, 1), (1e16, 1e16 + 2), (0, 1e200), (0, 5e-324)):
        refused(LinkError, lambda low=low, high=high: encode_columns([[0.5]], [low], [high]), "bounds", "widen")


def test_the_largest_table_and_the_furthest_values_can_be_written() -> None:
    columns = np.full((MAX_POINTS, 7), 1.7e308)
    columns[0] = -1.7e308
    columns[1] = 0.1
    back = decode_columns(encode_columns(columns, np.full(7, -0.3), np.full(7, 0.7)))[0]
    assert set(back[0]) == {-0.3}
    assert set(back[2:].ravel()) == {0.7}
