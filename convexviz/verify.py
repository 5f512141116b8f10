"""Check a proof that a two-layer ReLU network is globally optimal, in exact arithmetic, trusting nothing.

    python verify.py proof.json        (Python 3.11 or newer, nothing else)

The file holds data X, targets y, weights s, a network and a dual vector v, every number exactly as a computer holds it,
and claims two bounds on   P = min  loss(f(X), y) + beta sum_j |w_j| ||u_j||,   f(x) = c + sum_j w_j (u_j.(x - m) + b_j)_+

    P <= upper, since the network named reaches it;     P >= lower, since v forbids less: for every v with sum v = 0,
    P >= g(t v) for all t with t |sum_i v_i (u.x_i + b)_+| <= beta, whatever unit u and b   (weak duality).

Both are computed here from the file with integers and fractions, square roots and logarithms rounded to the safe side.
Hints in the file (a plane that holds the points, a direction that tells them apart) are checked before they are used.
Ends with 0 if both claims are proved, 1 if not, 2 if the file cannot be read; the last line says which.
"""

import hashlib
import json
import sys
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from math import isqrt, lcm

LOSSES = ("squared", "hinge", "logistic", "interpolate", "hard_margin")
EXACTLY = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)  # its exp and ln err by less than one unit in the last place
LEAST_POWER = Fraction(-10_000)  # exp of less than this is no more than exp of this


class Unreadable(Exception):
    """The file is no proof: something is missing or misspelt."""


class Refuted(Exception):
    """The file claims what its numbers do not prove."""


# ------------------------------------------------------------------------------- reading


def number(text):
    """A float written by float.hex(), as the fraction it is."""
    try:
        if isinstance(text, str) and float.fromhex(text).hex() == text:
            return Fraction(float.fromhex(text))
    except (ValueError, OverflowError):
        pass
    raise Unreadable(f"{text!r} is no finite number as float.hex() writes it")


def numbers(texts, *shape):
    """Lists of numbers of the given shape; None stands for any length."""
    if not isinstance(texts, list) or shape[0] not in (None, len(texts)):
        raise Unreadable(f"a list of {shape[0] or 'any'} entries was expected")
    return [numbers(text, *shape[1:]) if shape[1:] else number(text) for text in texts]


def seal(document):
    """Fingerprint of all that the file says, its own seal left out."""
    rest = {key: value for key, value in document.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read(document):
    """The parts of a proof as fractions; targets, dual vector and output weights as rows of K numbers."""
    try:
        net, flat, loss, bias = (document[name] for name in ("network", "flat", "loss", "bias"))
        n, d, width, K = len(document["X"]), len(document["X"][0]), len(net["b"]), 0
        if isinstance(document["y"][0], list):
            K = len(document["y"][0])
        rows = (lambda texts, m: numbers(texts, m, K)) if K else (lambda texts, m: [[q] for q in numbers(texts, m)])
        proof = {
            "loss": loss, "bias": bias, "beta": number(document["beta"]), "X": numbers(document["X"], n, d),
            "y": rows(document["y"], n), "s": numbers(document["weight"], n), "v": rows(document["v"], n),
            "U": numbers(net["U"], width, d), "b": numbers(net["b"], width), "w": rows(net["w"], width),
            "c": numbers(net["c"], K) if K else [number(net["c"])],
            "m": numbers(net["center"], d), "direction": document["direction"] and numbers(document["direction"], d),
            "flat": flat and (numbers(flat["centre"], d), numbers(flat["basis"], None, d),
                              numbers(flat["Z"], n, len(flat["basis"]))),
            "claim": [number(document["claim"][name]) for name in ("upper", "lower", "violation")],
        }
    except (KeyError, TypeError, IndexError) as error:
        raise Unreadable(f"a part is missing or of the wrong kind ({type(error).__name__}: {error})") from None
    if document["convexviz-proof"] != 1 or loss not in LOSSES or not isinstance(bias, bool) or K and loss != "squared":
        raise Unreadable("it is no proof of version 1 for a known loss; several outputs need the squared loss")
    if proof["beta"] <= 0 or min(proof["s"]) < 0 or not any(proof["s"]):
        raise Unreadable("beta must be positive, weights must not be negative nor all 0")
    if labels(proof) and any(abs(y) != 1 for (y,) in proof["y"]):
        raise Unreadable("labels must be -1 and +1")
    if not bias and any(proof["b"] + proof["c"] + proof["m"]):
        raise Unreadable("without biases b, c and the center must be 0")
    if loss in ("interpolate", "hard_margin"):  # beta plays no part, and any weight above 0 is the same
        proof |= {"beta": Fraction(1), "s": [Fraction(s > 0) for s in proof["s"]]}
    return proof


def labels(proof):
    return proof["loss"] in ("hinge", "logistic", "hard_margin")


# ------------------------------------------------------------------------------- numbers, rounded to the safe side


def dot(a, b):
    return sum(map(lambda p, q: p * q, a, b))


def whole(rows):
    """Rows of fractions as rows of integers, and the common denominator taken out."""
    unit = lcm(*{q.denominator for row in rows for q in row})
    return [[q.numerator * (unit // q.denominator) for q in row] for row in rows], unit


def root_up(q):
    """A fraction at or just above the square root of q >= 0, good to 128 binary digits."""
    k = max(0, 128 - (q.numerator.bit_length() - q.denominator.bit_length()) // 2)
    scaled = -(-(q.numerator << 2 * k) // q.denominator)
    root = isqrt(scaled)
    return Fraction(root + (root * root < scaled), 1 << k)


def decimal_near(q):
    return EXACTLY.divide(Decimal(q.numerator), Decimal(q.denominator))


def log_up(q):
    """At or above ln q, for q > 0."""
    return Fraction(EXACTLY.ln(EXACTLY.next_plus(decimal_near(q)))) + Fraction(1, 10**55)


def softplus_up(t):
    """At or above log(1 + exp t) = max(t, 0) + log(1 + z), z = exp(-|t|) <= 1."""
    z = Fraction(EXACTLY.next_plus(EXACTLY.exp(EXACTLY.next_plus(decimal_near(max(-abs(t), LEAST_POWER))))))
    return max(t, 0) + min(z, log_up(1 + z))


# ------------------------------------------------------------------------------- the network's side


def outputs(proof):
    """f(x_i) in K numbers, exactly, for every point."""
    X, of_X = whole([[x - m for x, m in zip(row, proof["m"])] for row in proof["X"]])
    U, of_U = whole(proof["U"])
    b, w = [q * of_X * of_U for q in proof["b"]], list(zip(*proof["w"])) or [()] * len(proof["c"])
    hidden = [[max(0, dot(u, x) + shift) for u, shift in zip(U, b)] for x in X]
    return [[c + dot(row, wk) / (of_X * of_U) for c, wk in zip(proof["c"], w)] for row in hidden]


def upper_bound(proof):
    """(what the network costs or, if it misses a constraint by a little, one that does not; by how much it misses)."""
    penalty = sum(root_up(dot(w, w) * dot(u, u)) for w, u in zip(proof["w"], proof["U"]))
    there = [(x, y, f, s) for x, y, f, s in zip(proof["X"], proof["y"], outputs(proof), proof["s"]) if s > 0]
    if proof["loss"] == "squared":
        loss = sum(s * sum((p - q) ** 2 for p, q in zip(f, y)) for _, y, f, s in there) / 2
        return loss + proof["beta"] * penalty, 0
    margins = [(y[0] * f[0], s) for _, y, f, s in there]
    if proof["loss"] == "hinge":
        return sum(s * max(0, 1 - z) for z, s in margins) + proof["beta"] * penalty, 0
    if proof["loss"] == "logistic":
        return sum(s * softplus_up(-z) for z, s in margins) + proof["beta"] * penalty, 0
    if proof["loss"] == "hard_margin":  # w and c divided by the least margin make that 1
        least = min(z for z, _ in margins)
        if least <= 0:
            raise Refuted("the network classifies a point wrongly")
        return penalty / least, max(0, 1 - least)
    missing = [(x, y[0] - f[0]) for x, y, f, _ in there]
    violation = max(abs(r) for _, r in missing)
    return penalty + (repair(missing, proof["direction"]) if proof["bias"] else 0), violation


def repair(missing, direction):
    """The penalty of a spline along `direction` that adds what is missing: its slopes s bend by sum |s_k - s_k-1| = TV,
    which costs max(TV, (TV + |s_first + s_last|) / 2) times the length of the direction."""
    direction = direction or [Fraction(1)]
    if len(direction) != len(missing[0][0]):
        raise Unreadable("interpolation in several dimensions needs a direction that tells the points apart")
    values = {}
    for x, r in missing:
        if values.setdefault(dot(x, direction), r) != r:
            raise Refuted("two points are not told apart and ask for different values")
    t = sorted(values)
    slopes = [(values[q] - values[p]) / (q - p) for p, q in zip(t, t[1:])] or [Fraction(0)]
    bends = sum(abs(q - p) for p, q in zip(slopes, slopes[1:]))
    return max(bends, (bends + abs(slopes[0] + slopes[-1])) / 2) * root_up(dot(direction, direction))


# ------------------------------------------------------------------------------- the dual side


def admissible(proof):
    """v moved, exactly, to where the dual allows it: where s = 0 to 0, labels y v into [0, s], and to sum v = 0."""
    s, v = proof["s"], [[q * (s > 0) for q in row] for row, s in zip(proof["v"], proof["s"])]
    if not labels(proof):
        mean = [sum(column) / sum(s) * proof["bias"] for column in zip(*v)]
        return [[q - si * mk for q, mk in zip(row, mean)] for row, si in zip(v, s)]
    hard = proof["loss"] == "hard_margin"
    a = [max(0, q * y) if hard else min(max(0, q * y), si) for (q,), (y,), si in zip(v, proof["y"], s)]
    mass = {side: sum(q for q, (y,) in zip(a, proof["y"]) if y == side) for side in (1, -1)}
    least = min(mass.values())
    factor = {side: least / mass[side] if proof["bias"] and mass[side] else 1 for side in mass}
    return [[q * y * factor[y]] for q, (y,) in zip(a, proof["y"])]


def highest(proof, v):
    """At or above M(v) = max over unit u and all b of ||sum_i v_i (u.x_i + b)_+||, for the data as they are.

    With x_i = centre + B'z_i + r_i it is at most sigma M_Z(v) + sum_i |v_i| ||r_i||, sigma^2 <= the largest row sum
    of |B B'|, and M_Z(v) is the same maximum for the points z_i on a line or in a plane.
    """
    if proof["flat"] is None:
        return root_up(highest_square(proof["X"], v, proof["bias"]))
    centre, basis, Z = proof["flat"]
    if not proof["bias"] and any(centre):
        raise Refuted("without biases the flat must pass through the origin")
    near = [[m + dot(z, axis) for m, axis in zip(centre, zip(*basis))] for z in Z]
    rest = [sum((p - q) ** 2 for p, q in zip(x, point)) * dot(vi, vi) for x, point, vi in zip(proof["X"], near, v)]
    stretch = max(sum(abs(dot(p, q)) for q in basis) for p in basis)
    return root_up(stretch * highest_square(Z, v, proof["bias"])) + sum(root_up(q) for q in rest)


def highest_square(X, v, bias):
    """M(v)^2 on a line or in a plane: a fraction, no rounding."""
    (points, of_X), (mass, of_v) = whole(X), whole(v)
    if len(points[0]) == 1:
        best = on_the_line(points, mass, bias), 1
    elif len(points[0]) == 2 and len(mass[0]) == 1:
        pivots = {tuple(point) for point in points} if bias else {(0, 0)}
        turns = (turn([(x - p, y - q, m) for (x, y), (m,) in zip(points, mass)]) for p, q in pivots)
        best = max(turns, key=lambda square: Fraction(*square))
    else:
        raise Refuted("neurons of more than two coordinates, or of several outputs in the plane, cannot be bounded")
    return Fraction(*best) / (of_X * of_v) ** 2


def on_the_line(points, mass, bias):
    """The neurons (x - t)_+ and (t - x)_+ are piecewise linear in t: the highest is at a data point."""
    K = len(mass[0])
    if not bias:
        sides = ([sum(max(0, side * x) * m[k] for (x,), m in zip(points, mass)) for k in range(K)] for side in (1, -1))
        return max(dot(side, side) for side in sides)
    above, right, best, last = [0] * K, [0] * K, 0, None
    moment = [sum(x * m[k] for (x,), m in zip(points, mass)) for k in range(K)]
    for (x,), m in sorted(zip(points, mass), reverse=True):
        right = [r + a * (last - x) for r, a in zip(right, above)] if last is not None else right
        above, last = [a + q for a, q in zip(above, m)], x
        left = [r - q for r, q in zip(right, moment)]  # sum v = 0
        best = max(best, dot(right, right), dot(left, left))
    return best


def turn(arms):
    """max N^2 over all lines through a pivot, as (numerator, denominator); arms (x, y, mass) lead to the points.

    Turn the line e from straight down to straight up. Points to its left are active: N = e x G / |e|, G = sum of
    mass * arm over them, and on the other side the same with H = G - T, T the sum over all. Between two arms G is
    constant, so N peaks at |G| if e passes a right angle to it, and else is highest at an arm.
    """
    arms = [(x, y, m, True) if (x, y) > (0, 0) else (-x, -y, m, False) for x, y, m in arms if x or y]
    bits = 2 * max((x.bit_length() for x, *_ in arms), default=0) + 1  # slopes that differ do so by 2 ** (1 - bits)
    order = sorted((arm for arm in arms if arm[0]), key=lambda arm: (arm[1] << bits) // arm[0])
    gx, gy = (sum(arm[k] * arm[2] for arm in arms if arm[3]) for k in (0, 1))
    tx, ty = (g - sum(arm[k] * arm[2] for arm in arms if not arm[3]) for k, g in ((0, gx), (1, gy)))
    best, size, px, py = 0, 1, 0, -1
    for x, y, m, _ in [*order, *(arm for arm in arms if not arm[0]), (0, 1, 0, True)]:
        for hx, hy in ((gx, gy), (gx - tx, gy - ty)):
            inside = (px * hx + py * hy) * (x * hx + y * hy) <= 0
            top, scale = (hx * hx + hy * hy, 1) if inside else ((x * hy - y * hx) ** 2, x * x + y * y)
            if top * size > best * scale:
                best, size = top, scale
        gx, gy, px, py = gx - m * x, gy - m * y, x, y
    return best, size


def lower_bound(proof):
    """g(t v) for the best t there is, or a good one."""
    v = admissible(proof)
    maximum, s, flat = highest(proof, v), proof["s"], [dot(y, q) for y, q in zip(proof["y"], v)]
    room = proof["beta"] / maximum if maximum else None  # None: no limit
    if proof["loss"] == "squared":
        square = sum(dot(q, q) / si for q, si in zip(v, s) if si)
        t = max(0, sum(flat) / square) if square else Fraction(0)
        t = t if room is None else min(t, room)
        return t * sum(flat) - t * t * square / 2
    if proof["loss"] in ("interpolate", "hard_margin"):
        return max(0, sum(flat)) * (room or 0)
    t = 1 if room is None else min(1, room)
    if proof["loss"] == "hinge":
        return t * sum(flat)
    shares = [(t * q / si, si) for q, si in zip(flat, s) if si]
    return -sum(si * (xlogx_up(a) + xlogx_up(1 - a)) for a, si in shares)


def xlogx_up(a):
    return a * log_up(a) if a else 0


# ------------------------------------------------------------------------------- the verdict


def bounds(document):
    """(upper, lower, violation) that the numbers of the document prove; its claims are not looked at."""
    proof = read(document)
    (upper, violation), lower = upper_bound(proof), lower_bound(proof)
    return Fraction(upper), Fraction(lower), Fraction(violation)


def check(document):
    """The bounds, once all that the document claims is proved; raises Refuted or Unreadable with the reason."""
    upper, lower, violation = bounds(document)
    if document.get("seal") != seal(document):
        raise Refuted("the file was changed after it was written: its seal does not fit its contents")
    claimed = read(document)["claim"]
    for found, claim, words in (
        (upper, claimed[0], "the network reaches {} only, not the {} claimed"),
        (-lower, -claimed[1], "the dual vector proves {} only, not the {} claimed"),
        (violation, claimed[2], "the constraints are missed by {}, not by the {} claimed"),
    ):
        if found > claim:
            raise Refuted(words.format(repr(abs(float(found))), repr(abs(float(claim)))))
    return upper, lower, violation


def main(arguments):
    try:
        if len(arguments) != 1:
            raise Unreadable("name one file: verify.py proof.json")
        with open(arguments[0], encoding="utf-8") as file:
            document = json.load(file)
        upper, lower, violation = check(document)
    except Refuted as reason:
        print(f"REFUTED: {reason}")
        return 1
    except (OSError, ValueError, RecursionError, Unreadable) as reason:
        print(f"UNREADABLE: {reason}")
        return 2
    size = f"{len(document['X'])} points with {len(document['X'][0])} features, {len(document['network']['b'])} neurons"
    print(f"{document['loss']} loss, beta {float.fromhex(document['beta'])!r}, {size}")
    print(f"the network reaches {float(upper)!r}, no network goes below {float(lower)!r}")
    if violation:
        print(f"the network misses its constraints by at most {float(violation):.2g}")
    print(f"PROVED: optimal to within {float(upper - lower):.3g}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
