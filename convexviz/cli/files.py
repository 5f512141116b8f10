"""Files of the command line; "-" is standard input, or standard output."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .messages import Failure

STREAM = "-"


def read(path: str) -> bytes:
    """All of a file, or of standard input."""
    if path == STREAM:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror}.") from None


def write(path: str, content: str | bytes) -> None:
    """A file, or standard output."""
    data = content.encode() if isinstance(content, str) else content
    if path == STREAM:
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
