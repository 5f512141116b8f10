"""Proof documents for the tests of both checkers: true ones of every kind, tampered ones, and files that are no proof.

A document is the JSON object of a proof file, see `convexviz/verify.py`. Here it is assembled from arrays with nothing
but `float.hex()`, so that no writer under test is asked how to write, and claims what the Python checker finds.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

import convexviz as cv
from convexviz import verify
from convexviz.core.network import Array
from convexviz.core.rank import reduce_rank

Document = dict[str, Any]

LOSSES = ("squared", "hinge", "logistic", "interpolate", "hard_margin", "huber", "quantile")
CLASSES = ("hinge", "logistic", "hard_margin")
NUMBERS = ("curvature", "low", "high")
FAMILIES = {
    "huber": (1.0, -1.0, 1.0),
    "huber(0.3)": (1.0, -0.3, 0.3),
    "quantile": (0.0, -0.5, 0.5),
    "quantile(0.9)": (0.0, 0.9 - 1.0, 0.9),
}
BETA = 0.1
APART = np.array([0.6, 0.8])  # a direction along which random points of the plane have different places
PARTS = ("upper", "lower", "violation")


@dataclass(frozen=True)
class Network:
    """Any numbers in the places of a network: U (m, d), b (m,), w (m,) or (m, K), c a number or (K,), center (d,)."""

    U: Array
    b: Array
    w: Array
    c: Any
    center: Array


# ---------------------------------------------------------------- writing


def hexes(values: Any) -> Any:
    """Numbers, in lists of lists of any depth, as `float.hex()` writes them."""
    array = np.asarray(values, float)
    return float(array).hex() if array.ndim == 0 else [hexes(row) for row in array]


def sealed(document: Document) -> Document:
    """The document with the seal that fits it."""
    rest = {key: value for key, value in document.items() if key != "seal"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return rest | {"seal": hashlib.sha256(text.encode()).hexdigest()}


def unclaimed(
    X: Array,
    y: Array,
    network: Network,
    v: Array,
    loss: str,
    beta: float = BETA,
    bias: bool = True,
    weight: Array | None = None,
    flat: tuple[Array, Array, Array] | None = None,
    direction: Array | None = None,
) -> Document:
    """A document that claims nothing yet; X (n, d), y and v (n,) or (n, K), `flat` is (centre, basis, Z)."""
    return {
        "convexviz-proof": 1,
        "loss": loss,
        "bias": bias,
        "beta": hexes(beta),
        "X": hexes(X),
        "y": hexes(y),
        "weight": hexes(np.ones(len(X)) if weight is None else weight),
        "network": {name: hexes(getattr(network, name)) for name in ("U", "b", "w", "c", "center")},
        "v": hexes(v),
        "flat": None if flat is None else dict(zip(("centre", "basis", "Z"), map(hexes, flat), strict=True)),
        "direction": None if direction is None else hexes(direction),
        "claim": dict.fromkeys(PARTS, hexes(0.0)),
        **({"family": dict(zip(NUMBERS, map(hexes, FAMILIES[loss]), strict=True))} if loss in FAMILIES else {}),
    }


def claiming(document: Document) -> Document:
    """The document with claims a few last digits short of what its numbers prove, sealed."""
    found = verify.bounds(document)
    sides = dict(zip(PARTS, (1, -1, 1), strict=True))
    claim = {name: outwards(value, sides[name]) for name, value in zip(PARTS, found, strict=True)}
    return sealed(document | {"claim": claim})


def outwards(value: Fraction, side: int) -> str:
    """The float two steps beyond a rational, above for side 1 and below for -1, as text; zero stays zero."""
    near = float(value)
    for _ in range(2 if value else 0):
        near = float(np.nextafter(near, side * np.inf))
    return near.hex()


# ---------------------------------------------------------------- true proofs


def solved() -> Iterator[tuple[str, Document]]:
    """Proofs of solutions, by name: all losses on the line and in the plane, with and without biases and weights."""
    for d in (1, 2):
        for loss in LOSSES:
            for bias in (True, False):
                for weighted in (False, True):
                    name = f"{loss}, d = {d}{'' if bias else ', no bias'}{', weights' if weighted else ''}"
                    yield name, _solved(d, loss, bias, weighted)
    yield from (
        (f"{loss}, d = {d}", _solved(d, loss, True, True)) for loss in ("huber(0.3)", "quantile(0.9)") for d in (1, 2)
    )
    yield "squared, rank 2 of 5", _flat(2, 5)
    yield "squared, rank 1 of 3", _flat(1, 3)
    yield "squared, 3 outputs", _outputs(1, weighted=False)
    yield "squared, 3 outputs, weights", _outputs(1, weighted=True)
    yield "squared, 3 outputs, rank 1 of 2", _outputs(2, weighted=False)


def _solved(d: int, loss: str, bias: bool, weighted: bool) -> Document:
    rng = np.random.default_rng(d)
    X = rng.normal(size=(14, d))
    y = np.maximum(X[:, 0], 0.0) - 0.5 * np.maximum(-X.sum(axis=1), 0.0)  # can be had without biases
    if loss in CLASSES:
        y = np.where(X[:, 0] > 0, 1.0, -1.0)
    elif loss == "squared" or loss in FAMILIES:
        y = y + 0.1 * rng.normal(size=14)
    weight = rng.uniform(0.2, 3.0, 14) if weighted else None
    s = cv.solve(X, y, beta=BETA, loss=loss, bias=bias, sample_weight=weight)
    direction = APART if loss == "interpolate" and bias and d == 2 else None
    return claiming(unclaimed(X, y, plain(s.network), s.v, loss, BETA, bias, weight, None, direction))


def plain(network: Any) -> Network:
    """A network of the package, one output or several, as its numbers."""
    center = network.center if isinstance(network, cv.ReLUNetwork) else None
    w = network.w if hasattr(network, "w") else network.W
    return Network(network.U, network.b, w, network.c, np.zeros(network.U.shape[1]) if center is None else center)


def _hints(X: Array) -> tuple[Array, Array, Array]:
    flat = reduce_rank(X)
    return flat.centre, flat.basis, flat.Z


def _flat(rank: int, d: int) -> Document:
    rng = np.random.default_rng(d)
    X = rng.normal(size=(15, rank)) @ rng.normal(size=(rank, d)) + 3.0
    y = np.abs(X[:, 0] - 3.0) + 0.1 * rng.normal(size=15)
    s = cv.solve(X, y, beta=BETA)
    return claiming(unclaimed(X, y, plain(s.network), s.v, "squared", flat=_hints(X)))


def _outputs(d: int, weighted: bool) -> Document:
    rng = np.random.default_rng(5)
    X = rng.normal(size=(12, 1)) @ np.array([[0.6, 0.8]])[:, :d]
    Y = np.column_stack([np.abs(X[:, 0]), X[:, 0], np.sin(3 * X[:, 0])])
    weight = rng.uniform(0.2, 3.0, 12) if weighted else None
    s = cv.solve(X, Y, beta=BETA, sample_weight=weight)
    return claiming(unclaimed(X, Y, plain(s.network), s.v, "squared", weight=weight, flat=_hints(X) if d > 1 else None))


def drawn(seed: int) -> Document:
    """A proof of random numbers: it bounds the optimum poorly, and rightly. Of any kind, offset and scale.

    There are near ties, equal points, weights of zero and networks far from the data; a network of `hard_margin`
    classifies some of them wrongly, which no checker may accept.
    """
    rng = np.random.default_rng(seed)
    loss, d, bias = rng.choice(LOSSES), int(rng.choice([1, 2, 2, 4])), bool(rng.random() < 0.7)
    n, m = int(rng.integers(2, 12)), int(rng.integers(0, 5))
    K = int(rng.integers(2, 4)) if loss == "squared" and d != 2 and rng.random() < 0.5 else 0
    rank = d if d < 3 else 1 if K else int(rng.integers(1, 3))
    X, flat = _placed(rng, n, d, rank, bias)
    outputs = (K,) if K else ()
    center = X[0].copy() if bias and rng.random() < 0.5 else np.zeros(d)
    b, c = rng.normal(size=m) * bias, rng.normal(size=outputs) * bias
    net = Network(rng.normal(size=(m, d)), b, rng.normal(size=(m, *outputs)), c, center)
    v, weight = rng.normal(size=(n, *outputs)), _weights(rng, n)
    f = c + np.maximum((X - center) @ net.U.T + b, 0.0) @ net.w
    y = f + 1e-9 * rng.normal(size=f.shape) if loss == "interpolate" else 10.0 ** rng.integers(-6, 7) * (f + v)
    if loss == "interpolate":
        y = _agreeing(X, f, y)
    if loss in CLASSES:
        y = np.where(f + (0.0 if loss == "hard_margin" else 0.3 * v) > 0, 1.0, -1.0)
    direction = rng.normal(size=d) if loss == "interpolate" and bias and d > 1 else None
    beta = 10.0 ** rng.uniform(-3, 2)
    return unclaimed(X, y, net, v, str(loss), beta, bias, weight, flat, direction)


def _placed(rng: np.random.Generator, n: int, d: int, rank: int, bias: bool) -> tuple[Array, Any]:
    """Points of a rank, with the hint where d > 2 asks for one."""
    Z = rng.normal(size=(n, rank))
    if rng.random() < 0.3:
        Z = np.round(2 * Z)  # lines with many points on them, and equal points
    if rng.random() < 0.3:
        Z[-1] = Z[0] * (1 + 1e-13)
    offset = 10.0 ** rng.integers(0, 9) * bias if rng.random() < 0.4 else 0.0
    scale = 10.0 ** rng.integers(-8, 9)
    if d < 3:
        return scale * (Z + offset), None
    basis = np.linalg.qr(rng.normal(size=(d, rank)))[0].T
    centre = np.full(d, offset * scale)
    return scale * (Z @ basis) + centre, (centre, basis, scale * Z)


def _weights(rng: np.random.Generator, n: int) -> Array | None:
    if rng.random() < 0.5:
        return None
    weight = 10.0 ** rng.uniform(-4, 4, n)
    weight[1:][rng.random(n - 1) < 0.2] = 0.0
    return weight


def _agreeing(X: Array, f: Array, y: Array) -> Array:
    """Targets (n,) that are the same at equal points."""
    _, first, where = np.unique(X, axis=0, return_index=True, return_inverse=True)
    return y[first][where.reshape(-1)] if len(first) < len(X) else y


# ---------------------------------------------------------------- tampering


def claims_too_much(document: Document) -> Iterator[tuple[str, Document]]:
    """Resealed documents that claim more than their numbers prove, with a word that the reason must hold."""
    changes: dict[str, Callable[[float], float]] = {
        "upper": lambda q: q - 1e-9 * abs(q) - 1e-300,
        "lower": lambda q: q + 1e-9 * abs(q) + 1e-300,
        "violation": lambda q: q - 1e-9 * q - 1e-300,
    }
    words = {"upper": "network", "lower": "dual vector", "violation": "constraints"}
    for part, change in changes.items():
        claim = dict(document["claim"])
        claim[part] = change(float.fromhex(claim[part])).hex()
        yield words[part], sealed(document | {"claim": claim})


def one_digit_changed(document: Document, seed: int, count: int) -> Iterator[tuple[str, Document]]:
    """Copies with one hexadecimal digit of one number changed, and the old seal."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        changed = copy.deepcopy(document)
        place, holder, key = _some_number(changed, rng)
        at = int(rng.integers(holder[key].index(".") + 1, holder[key].index("p")))
        other = "1" if holder[key][at] != "1" else "2"
        holder[key] = holder[key][:at] + other + holder[key][at + 1 :]
        yield place, changed


def _some_number(document: Document, rng: np.random.Generator) -> tuple[str, Any, Any]:
    """The place of a number that is not zero, the list or object that holds it and its key there."""
    found: list[tuple[str, Any, Any]] = []

    def walk(holder: Any, place: str) -> None:
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            value = holder[key]
            if isinstance(value, list | dict):
                walk(value, f"{place}.{key}")
            elif isinstance(value, str) and "0x1." in value:
                found.append((f"{place}.{key}", holder, key))

    walk(document, "")
    return found[int(rng.integers(len(found)))]


def unreadable(document: Document) -> Iterator[tuple[str, Any]]:
    """Resealed files that are no proof of version 1, by what is wrong. `document` has one output and biases."""
    first = document["X"][0]
    one = hexes(1.0)
    wrong: dict[str, Any] = {
        "another version": {"convexviz-proof": 2},
        "unknown loss": {"loss": "absolute"},
        "bias is no truth value": {"bias": "yes"},
        "beta is zero": {"beta": hexes(0.0)},
        "beta is negative": {"beta": hexes(-1.0)},
        "a negative weight": {"weight": [hexes(-1.0), *document["weight"][1:]]},
        "no weight at all": {"weight": [hexes(0.0)] * len(document["weight"])},
        "too few weights": {"weight": document["weight"][1:]},
        "too few targets": {"y": document["y"][1:]},
        "too few dual numbers": {"v": document["v"][1:]},
        "a row too long": {"X": [[*first, one], *document["X"][1:]]},
        "no points": {"X": []},
        "biases too few": {"network": document["network"] | {"b": [*document["network"]["b"], one]}},
        "no network": {"network": None},
        "a direction too long": {"direction": [one] * (len(first) + 1)},
        "no features": {"X": [[] for _ in document["X"]]},
        "a flat without a basis": {"flat": {"centre": first, "basis": [], "Z": [[] for _ in document["X"]]}},
        "a flat without points": {"flat": {"centre": first, "basis": [first], "Z": []}},
        "a family for a loss with a name": {"family": dict.fromkeys(NUMBERS, one)},
        "a family without a limit": {"loss": "huber", "family": {"curvature": hexes(0.0), "low": None, "high": one}},
        "a family that bends the wrong way": {
            "loss": "huber",
            "family": dict(zip(NUMBERS, map(hexes, (-1.0, -1.0, 1.0)), strict=True)),
        },
        "a family with limits on one side of zero": {"loss": "huber", "family": dict.fromkeys(NUMBERS, one)},
        "a family of raw numbers": {"loss": "huber", "family": dict(zip(NUMBERS, (0, -1, 1), strict=True))},
        "no family": {"loss": "huber", "family": True},
        "claims nothing": {"claim": {}},
    }
    spellings = ("1.0", "0x1.8p+0", "nan", "inf", "0x1.0000000000000p+1024", "0X1.0000000000000P+0", 1.0, None, [one])
    spellings += (
        "0x1.0000000000000p0",
        "0x1.0000000000000p+00",
        "0x0.0000000000000p-1022",
        " 0x1.0000000000000p+0",
        "",
    )
    wrong |= {f"beta is {text!r}": {"beta": text} for text in spellings}
    for name, change in wrong.items():
        yield name, sealed(document | change)
    for key in document:
        if key != "seal":
            yield f"without {key}", sealed({name: value for name, value in document.items() if name != key})
    yield from (("no object", value) for value in ([], "proof", 1, None))
