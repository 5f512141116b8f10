"""The command line run in this process as a shell would, and tables to run it on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from convexviz.cli import main


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code, and what it wrote where."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output."""
        return self.out.decode()


Run = Callable[..., Ran]


def ran(*arguments: object, stdin: str | bytes = b"") -> Ran:
    """A command line run; `stdin` is what is piped in."""
    with CliRunner().isolation(input=stdin) as (out, err, _):
        code = main([str(argument) for argument in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        return Ran(code, out.getvalue(), err.getvalue().decode())


def written(path: Path, header: str, values: np.ndarray) -> Path:
    """A table of numbers in a file, every digit kept."""
    lines = [header, *(",".join(map(repr, row)) for row in values.tolist())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
