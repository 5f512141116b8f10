"""`verify`: what the checker of proofs says, which needs nothing but Python."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .. import verify as checker
from .files import STREAM

File = Annotated[str, typer.Argument(metavar="FILE", help="A proof, as solve --proof writes it; - for standard input.")]


def verify(file: File) -> int:
    """Check a proof in exact arithmetic, trusting nothing.

    Both bounds are computed anew with integers and fractions, from the numbers
    in the file alone: the network's objective from above, and weak duality from
    below. The last line says what came of it.

    \b
    Examples:
      convexviz solve data.csv --proof proof.json
      convexviz verify proof.json
      python verify.py proof.json      (the checker alone, without this package)

    \b
    Exit codes:
      0  proved      1  refuted      2  the file could not be read
    """
    return checked([file])


def checked(arguments: list[str]) -> int:
    """Exit code of the checker; the file - is standard input."""
    return checker.main([sys.stdin.fileno()] if arguments == [STREAM] else arguments)
