"""From the bytes of a file to its text: which encoding it is in, or what else it is.

A byte order mark decides. Without one, bytes that are UTF-8 are UTF-8, every other byte being 0 makes UTF-16, and what
is left is Windows-1252, the encoding in which Excel saves a CSV file in Western Europe and America.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from convexviz.data.tables.errors import TableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive, as Excel (xlsx), LibreOffice (ods) and packed files are"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (xls, doc)"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"PAR1", "a Parquet file"),
    (b"\x93NUMPY", "a NumPy array (npy)"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text with formatting (RTF)"),
)
SAMPLE = 4096  # bytes that show which half of UTF-16 is 0
MOSTLY = 0.4  # of every other byte is 0 where a table of digits is UTF-16
MAC_LETTERS = frozenset(b"\x80\x83\x85\x86\x87\x88\x8a\x8e\x8f\x90\x92\x96\x97\x9a\x9f")  # ÄÉÖÜáàäéèêíñóöü of Mac Roman
MAC_ALONE = MAC_LETTERS - frozenset(
    b"\x80\x85\x92\x96\x97"
)  # in Windows-1252 these are signs that people do write: €…’–—
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Decoded(NamedTuple):
    text: str
    encoding: str  # as users call it


def decoded(source: bytes) -> Decoded:
    """The text of a file; TableError for what is no text, and says what it is."""
    _refuse_other_files(source)
    found = _marked(source) or _unmarked(source)
    control = _CONTROL.search(found.text)
    if control:
        line = found.text.count("\n", 0, control.start()) + 1
        raise TableError(
            f"The file must be text, got a character that no text has ({control[0]!r}) in line {line}: it may be "
            "damaged or of another kind; save the table as CSV.",
            line,
        )
    return found


def _refuse_other_files(source: bytes) -> None:
    for signature, what in SIGNATURES:
        if source.startswith(signature):
            raise TableError(f"The file must be text, got {what}; save the table as CSV and take that file.")


def _marked(source: bytes) -> Decoded | None:
    for mark, encoding, name in MARKS:
        if source.startswith(mark):
            return Decoded(_strictly(source[len(mark) :], encoding, name), name)
    return None


def _strictly(source: bytes, encoding: str, name: str) -> str:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"The file must be {name}, as its first bytes say, got other bytes in line {line}; save it as CSV UTF-8.",
            line,
        ) from None


def _unmarked(source: bytes) -> Decoded:
    half = _half_of_zeros(source[:SAMPLE])
    if half:
        return Decoded(_strictly(source, half, "UTF-16"), "UTF-16")
    try:
        return Decoded(source.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _western(source)


def _half_of_zeros(sample: bytes) -> str:
    """Which UTF-16 has its zeros where the sample has them; "" for none."""
    pairs = len(sample) // 2
    if not pairs:
        return ""
    low, high = sample[: 2 * pairs : 2].count(0) / pairs, sample[1 : 2 * pairs : 2].count(0) / pairs
    if high > MOSTLY and low == 0:
        return "utf-16-le"
    return "utf-16-be" if low > MOSTLY and high == 0 else ""


def _western(source: bytes) -> Decoded:
    """One byte, one letter: Mac Roman where only its letters make sense, else Windows-1252, else Latin-1."""
    strange = {byte for byte in source if byte >= 0x80}
    if strange <= MAC_LETTERS and strange & MAC_ALONE:
        return Decoded(source.decode("mac-roman"), "Mac Roman")
    try:
        return Decoded(source.decode("cp1252"), "Windows-1252")
    except UnicodeDecodeError:
        return Decoded(source.decode("latin-1"), "Latin-1")
