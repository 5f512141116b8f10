"""Files of the command line; "-" is standard input, or standard output."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .messages import Failure

STREAM = "-"
CLOSED = (errno.EPIPE, errno.EINVAL)  # how Linux and macOS, and how Windows, call a pipe that nobody reads
SPELLED = {"β": "beta", "λ": "lambda", "ε": "epsilon", "ℓ": "l", "≤": "<=", "≥": ">=", "≈": "~", "−": "-", "·": "*"}
SPELLED |= {"×": "x", "²": "^2", "–": "-", "…": "...", "“": '"', "”": '"', "’": "'", "→": "->", "✓": "yes"}


class PipeClosed(Exception):
    """Who reads standard output has enough."""


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """For `codecs`: letters that a terminal does not have are spelled, as far as that can be done."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SPELLED.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


codecs.register_error("convexviz-spelled", _spelled)


def speak_plainly() -> None:
    """Whatever is said can be: Windows' code pages, and a locale without UTF-8, do not have every letter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="convexviz-spelled")


@contextmanager
def to_a_reader() -> Iterator[None]:
    """PipeClosed where nobody reads any more what is written; typer would make an error of it."""
    try:
        yield
    except OSError as error:
        if error.errno in CLOSED:
            raise PipeClosed from None
        raise


def tell(words: str) -> None:
    """Something for people to read, on standard output and in its encoding."""
    with to_a_reader():
        sys.stdout.write(words)
        sys.stdout.flush()


def read(path: str) -> bytes:
    """All of a file, or of standard input."""
    if path == STREAM:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror}.") from None


def write(path: str, content: str | bytes) -> None:
    """A file, or standard output; text is UTF-8 in both."""
    data = content.encode() if isinstance(content, str) else content
    if path == STREAM:
        with to_a_reader():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror}.") from None


def check_outputs(outputs: dict[str, str | None], inputs: tuple[str, ...] = ()) -> None:
    """Refuse, before any work, what could not be written afterwards; `outputs` by the option that names them."""
    given = {option: path for option, path in outputs.items() if path is not None}
    for option, path in given.items():
        others = [other for other, its in given.items() if its == path and other != option]
        if others:
            raise Failure(f"{option} and {others[0]} both name {path}; give each a file of its own.")
        if path != STREAM:
            _check_file(option, Path(path), inputs)


def _check_file(option: str, path: Path, inputs: tuple[str, ...]) -> None:
    folder = path.parent
    if any(name != STREAM and path.resolve() == Path(name).resolve() for name in inputs):
        raise Failure(f"{option} would write over {path}, which is read; name another file.")
    if path.is_dir():
        raise Failure(f"{option} must name a file, {path} is a folder; add a name, like {path / 'out'}.")
    if not folder.is_dir():
        raise Failure(f"{option}: there is no folder {folder} to write {path.name} to; make it first.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise Failure(f"{option}: {path} cannot be written: no permission.")


def extension(path: str) -> str:
    """What follows the last dot of a path, in small letters; "" for none, and for standard output."""
    return "" if path == STREAM else Path(path).suffix[1:].lower()
