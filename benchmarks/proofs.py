"""Proofs in exact arithmetic: `python -m benchmarks.proofs [--out FOLDER] [--quick]`; some three minutes on two cores.

Every preset of the app on the line and in the plane, with every loss that goes with it, is solved and proved; then
data of growing size. The checker runs in a bare Python (`python -I -S`) on the file, its own start-up included. Ends
with code 1 where a gap is above 1e-6 or a checker does not say that it is proved.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import convexviz as cv
from convexviz import verify

from .problems import Array
from .report import RESULTS, machine, table

LOSSES = {"regression": ("squared", "interpolate"), "classification": ("hinge", "logistic", "hard_margin", "squared")}
BETA = 0.1
TOL = 1e-6
HEAD = ("data", "loss", "n", "d", "neurons", "exact gap", "solve, s", "prove, s", "check, s", "file, kB", "proved")
SIZES = {1: (40, 200, 1000, 5000), 2: (40, 120, 300)}


@dataclass(frozen=True)
class Row:
    """One proof: seconds of the solver, of `prove`, of the checker as a process of its own; bytes of the file."""

    name: str
    loss: str
    n: int
    d: int
    neurons: int
    gap: float
    solve: float
    prove: float
    check: float
    kilobytes: float
    proved: bool


def prove(name: str, X: Array, y: Array, loss: str, folder: Path, bias: bool = True) -> Row | None:
    """Solve, prove and check; None where the problem has no solution."""
    start = time.perf_counter()
    try:
        solution = cv.solve(X, y, BETA, loss, bias)
    except cv.Infeasible:
        return None
    solved = time.perf_counter()
    proof = cv.prove(solution, X, y)
    done = time.perf_counter()
    path = folder / "proof.json"
    proof.save(path)
    begin = time.perf_counter()
    checker = subprocess.run([sys.executable, "-I", "-S", verify.__file__, str(path)], capture_output=True, check=False)
    seconds = solved - start, done - solved, time.perf_counter() - begin
    fine = checker.returncode == 0 and proof.gap <= TOL
    size = path.stat().st_size / 1000
    return Row(name, loss, *X.shape, solution.network.width, proof.gap, *seconds, size, fine)


def presets(folder: Path, quick: bool) -> list[Row]:
    """Every set of the registry on the line and in the plane."""
    rows = []
    for name, spec in cv.datasets.DATASETS.items():
        if spec.dims > 2:
            continue
        points = cv.datasets.load(name, n=min(spec.n, 40) if quick else spec.n)
        rows += [prove(name, points.X, points.y, loss, folder) for loss in LOSSES[spec.task]]
    return [row for row in rows if row is not None]


def growing(folder: Path, quick: bool) -> list[Row]:
    """The squared loss on more and more points."""
    rows = []
    for d, sizes in SIZES.items():
        for n in sizes[: 2 if quick else None]:
            rng = np.random.default_rng(0)
            X = rng.uniform(-1, 1, (n, d))
            y = np.sin(4 * X[:, 0]) + np.abs(X[:, -1]) + 0.1 * rng.standard_normal(n)
            rows.append(prove(f"random, d = {d}", X, y, "squared", folder))
    return [row for row in rows if row is not None]


def _shown(row: Row) -> tuple[object, ...]:
    seconds = (f"{t:.3g}" for t in (row.solve, row.prove, row.check))
    size, proved = f"{row.kilobytes:.0f}", "yes" if row.proved else "NO"
    return row.name, row.loss, row.n, row.d, row.neurons, f"{row.gap:.1e}", *seconds, size, proved


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = presets(Path(folder), options.quick) + growing(Path(folder), options.quick)
    text = f"{machine()}\n\n{table(HEAD, map(_shown, rows))}\n"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "proofs.md").write_text(text, encoding="utf-8")
    print(text)
    missed = [row for row in rows if not row.proved]
    for row in missed:
        print(f"not proved: {row.name}, {row.loss}: gap {row.gap:.2e}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
