"""Check a proof that a two-layer ReLU network is globally optimal, in exact arithmetic, trusting nothing.

    python verify.py proof.json        (Python 3.11 or newer, nothing else)

The file holds data X, targets y, weights s, a network and a dual vector v, every number exactly as a computer holds it.
    P = min  loss(f(X), y) + beta sum_j |w_j| ||u_j||     over all   f(x) = c + sum_j w_j (u_j.(x - m) + b_j)_+
is at most `upper`, since the network in the file reaches it, and at least `lower` by weak duality: for every v with
sum v = 0,   P >= g(t v)   as long as   t |sum_i v_i (u.x_i + b)_+| <= beta   for all unit u and all b.
A file with a shape speaks of the networks on the line that have it between the first and the last point: slopes within
bounds, and only rising (convex) or falling (concave). Its multipliers, one for each gap between points and one for each
point between two others, take part in the lower bound.
Both are computed here with integers and fractions; roots and logarithms are rounded to the safe side. Hints in the file
(a plane that holds the points, a direction that tells them apart) are checked by their use. Exit code: 0 if what the
file claims is proved, 1 if it is not, 2 if the file cannot be read; the last line says which.
"""

import hashlib
import json
import sys
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from math import isqrt, lcm

LABELS, CONSTRAINTS = ("hinge", "logistic", "hard_margin"), ("interpolate", "hard_margin")
NAMED = ("squared", "interpolate", *LABELS)  # any other is a loss of y - f that states three numbers, see `family`
EXACTLY = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)  # its ln and exp err by less than one unit in the last place


class Unreadable(Exception):
    """The file is no proof: something is missing or misspelt."""


class Refuted(Exception):
    """The file claims what its numbers do not prove."""


# -------------------------------------------------------------------------------------------- reading


def exactly(value):
    """Numbers as float.hex() writes them, in lists of any depth, as the fractions they are."""
    if isinstance(value, list):
        return [exactly(part) for part in value]
    try:
        if float.fromhex(value).hex() == value:  # one spelling only, and no digit is lost
            return Fraction(float.fromhex(value))
    except (TypeError, ValueError, OverflowError):
        pass
    raise Unreadable(f"{value!r} is no finite number as float.hex() writes it")


def fits(rows, *shape):
    """Whether the rows are nested lists of that shape."""
    if not shape or not isinstance(rows, list):
        return not shape and not isinstance(rows, list)
    return len(rows) == shape[0] and all(fits(row, *shape[1:]) for row in rows)


def seal(document):
    """Fingerprint of all that the file says, its own seal left out."""
    rest = {key: value for key, value in document.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def family(numbers):
    """The numbers of a loss sup over low <= v <= high of r v - curvature v^2 / 2, r = y - f; None is no limit."""
    curvature, low, high = (
        None if numbers[name] is None else exactly(numbers[name]) for name in ("curvature", "low", "high")
    )
    limited = low is not None and high is not None
    if curvature is None or curvature < 0 or (low or 0) > 0 or (high or 0) < 0 or not (curvature or limited):
        raise Unreadable("the numbers of the loss must have curvature >= 0 and low <= 0 <= high")
    return curvature, low, high


def shape(asked):
    """(low, high, convex, concave, slopes, bends): bounds of the slope, None for an open end, and the multipliers.

    Those that would be negative, of a bound or a bend that is not there, are dropped."""
    low, high = (None if asked[name] is None else exactly(asked[name]) for name in ("low", "high"))
    convex, concave = asked["convex"], asked["concave"]
    if not (isinstance(convex, bool) and isinstance(concave, bool)) or (None not in (low, high) and low > high):
        raise Unreadable("the bounds of the slope must be in order, convex and concave true or false")
    slopes, bends = exactly(asked["slopes"]), exactly(asked["bends"])
    slopes = [q * ((low if q > 0 else high) is not None) for q in slopes]
    return low, high, convex, concave, slopes, [q * (convex if q > 0 else concave) for q in bends]


class Problem:
    """A document's numbers as fractions; targets y, dual vector v and output weights w are rows of K numbers."""

    def __init__(self, document):
        try:
            net, flat, claim = document["network"], document["flat"], document["claim"]
            self.loss, self.bias, version = document["loss"], document["bias"], document["convexviz-proof"]
            names = ("X", "y", "weight", "v", "beta")
            self.X, self.y, self.s, self.v, self.beta = (exactly(document[name]) for name in names)
            self.U, self.b, self.w, self.c, self.m = (exactly(net[name]) for name in ("U", "b", "w", "c", "center"))
            self.flat = flat and [exactly(flat[name]) for name in ("centre", "basis", "Z")]
            self.direction = document["direction"] and exactly(document["direction"])
            named = (1, None, None) if self.loss == "squared" else None
            self.family = named if self.loss in NAMED else family(document["family"])
            self.shape = shape(document["shape"]) if "shape" in document else None
            self.claim = [exactly(claim[name]) for name in ("upper", "lower", "violation")]
            n, d, width, several = len(self.X), len(self.X[0]), len(self.b), isinstance(self.y[0], list)
            K = [len(self.y[0])] if several else []
            good = fits(self.X, n, d) and fits(self.y, n, *K) and fits(self.v, n, *K) and fits(self.s, n)
            good = good and fits(self.U, width, d) and fits(self.w, width, *K) and fits(self.c, *K) and fits(self.m, d)
            good = good and fits([*self.b, self.beta, *self.claim], width + 4) and 0 not in (d, *K)
            good = good and (self.direction is None or fits(self.direction, d))
            if self.flat:
                r = len(self.flat[1])
                good = good and r and fits(self.flat[0], d) and fits(self.flat[1], r, d) and fits(self.flat[2], n, r)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise Unreadable(f"a part is missing or of the wrong kind ({type(error).__name__}: {error})") from None
        known = isinstance(self.loss, str) and isinstance(self.bias, bool) and (type(version), version) == (int, 1)
        known = known and (self.loss not in NAMED or "family" not in document)
        if not good or not known or (several and self.loss != "squared"):
            raise Unreadable("the parts do not fit together, or it is no proof of version 1 for a known loss")
        if self.beta <= 0 or min(self.s) < 0 or not any(self.s):
            raise Unreadable("beta must be positive, weights must not be negative nor all 0")
        if self.loss in LABELS and any(abs(y) != 1 for y in self.y):
            raise Unreadable("labels must be -1 and +1")
        if not several:
            self.y, self.v, self.w, self.c = (
                [[q] for q in self.y],
                [[q] for q in self.v],
                [[q] for q in self.w],
                [self.c],
            )
        if not self.bias and any([*self.b, *self.c, *self.m]):
            raise Unreadable("without biases b, c and the center must be 0")
        if self.shape:
            knots = len({row[0] for row, s in zip(self.X, self.s) if s > 0})
            rows = fits(self.shape[4], max(0, knots - 1)) and fits(self.shape[5], max(0, knots - 2))
            if d > 1 or several or self.flat or not self.bias or not rows:
                raise Unreadable("a shape is for one feature, one output, with biases, and a multiplier for each row")
        if self.loss in CONSTRAINTS:  # beta plays no part, and any weight above 0 is the same
            self.beta, self.s = Fraction(1), [Fraction(s > 0) for s in self.s]


# -------------------------------------------------------------------------------------------- numbers


def dot(a, b):
    return sum(p * q for p, q in zip(a, b))


def whole(rows):
    """Rows of fractions as rows of integers, and the common denominator taken out."""
    unit = lcm(*{q.denominator for row in rows for q in row})
    return [[q.numerator * (unit // q.denominator) for q in row] for row in rows], unit


def root_up(q):
    """At or just above the square root of a fraction q >= 0, good to 128 binary digits."""
    k = max(0, 128 - (q.numerator.bit_length() - q.denominator.bit_length()) // 2)
    scaled = -(-(q.numerator << 2 * k) // q.denominator)
    return Fraction(isqrt(scaled) + (isqrt(scaled) ** 2 < scaled), 1 << k)


def decimal_up(q):
    return EXACTLY.next_plus(EXACTLY.divide(Decimal(q.numerator), Decimal(q.denominator)))


def log_up(q):
    """At or above ln q, for q > 0."""
    near = Fraction(EXACTLY.ln(decimal_up(q)))
    return near + abs(near) / 10**59


def softplus_up(t):
    """At or above log(1 + exp t) = max(t, 0) + log(1 + z), where z = exp(-|t|) <= 1 and log(1 + z) <= z."""
    z = Fraction(EXACTLY.next_plus(EXACTLY.exp(decimal_up(max(-abs(t), Fraction(-10000))))))
    return max(t, 0) + min(z, log_up(1 + z))


# -------------------------------------------------------------------------------------------- the network's side


def outputs(p):
    """f(x_i), K numbers, for every point, exactly."""
    X, of_X = whole([[x - m for x, m in zip(row, p.m)] for row in p.X])
    U, of_U = whole(p.U)
    b = [q * of_X * of_U for q in p.b]
    hidden = [[max(0, dot(u, x) + shift) for u, shift in zip(U, b)] for x in X]
    w = list(zip(*p.w)) or [()] * len(p.c)  # by output
    return [[c + Fraction(dot(row, wk), of_X * of_U) for c, wk in zip(p.c, w)] for row in hidden]


def upper_bound(p):
    """The objective of the network, of one that misses a constraint made to meet it; and by how much it misses it."""
    penalty = p.beta * sum(root_up(dot(w, w) * dot(u, u)) for w, u in zip(p.w, p.U))
    there = [(x, y, f, s) for x, y, f, s in zip(p.X, p.y, outputs(p), p.s) if s > 0]
    missed = 0
    if p.shape:
        penalty, there, missed = brought_to_shape(p, there)
    if p.family:
        return penalty + sum(s * sum(grown(p.family, a - q) for a, q in zip(y, f)) for _, y, f, s in there), missed
    margins = [(y[0] * f[0], s) for _, y, f, s in there]
    if p.loss == "hinge":
        return penalty + sum(s * max(0, 1 - z) for z, s in margins), missed
    if p.loss == "logistic":
        return penalty + sum(s * softplus_up(-z) for z, s in margins), missed
    if p.loss == "hard_margin":  # w and c divided by the least margin make that 1
        least = min(z for z, _ in margins)
        if least <= 0:
            raise Refuted("the network classifies a point wrongly")
        if p.shape and least < 1 and any(p.shape[:2]):  # to grow would break the bounds of the slope
            raise Refuted("the network misses its margin, and cannot grow within the bounds of its slope")
        return penalty / least if not p.shape or not any(p.shape[:2]) else penalty, max(0, 1 - least, missed)
    missing = [(x, y[0] - f[0]) for x, y, f, _ in there]
    mended = repair(missing, p.direction or [Fraction(1)]) if p.bias and not p.shape else 0
    return penalty + mended, max(missed, *(abs(r) for _, r in missing))


def brought_to_shape(p, there):
    """Penalty and values of the spline with the shape next to the network, exactly; and by how much the slopes of the
    network itself miss it. To interpolate, the spline is the one through the targets, which must have the shape."""
    exact = p.loss == "interpolate"
    values = {x[0]: (y if exact else f)[0] for x, y, f, _ in there}
    if exact and any(values[x[0]] != y[0] for x, y, _, _ in there):
        raise Refuted("two points are not told apart and ask for different values")
    t = sorted(values)
    slopes = [(values[b] - values[a]) / (b - a) for a, b in zip(t, t[1:])]
    kept = shapely(p.shape, slopes)
    if exact and kept != slopes:
        raise Refuted("the targets do not have the shape")
    near = {t[0]: values[t[0]]}
    for a, b, s in zip(t, t[1:], kept):
        near[b] = near[a] + s * (b - a)
    bends = sum(abs(q - r) for q, r in zip(kept, kept[1:]))
    penalty = p.beta * max(bends, (bends + abs(kept[0] + kept[-1])) / 2) if kept else Fraction(0)
    own = own_slopes(p, t[0], t[-1])
    missed = max((abs(q - r) for q, r in zip(own, shapely(p.shape, own))), default=0)
    return penalty, there if exact else [(x, y, [near[x[0]]], s) for x, y, _, s in there], missed


def shapely(shape, slopes):
    """Slopes that have the shape, the same where they have it already."""
    low, high, convex, concave, *_ = shape
    kept = []
    for s in slopes:
        s = within(s, 1, low, high)
        s = max(s, kept[-1]) if convex and kept else s
        kept.append(min(s, kept[-1]) if concave and kept else s)
    return kept


def own_slopes(p, start, stop):
    """Slopes of the network from one place to another; a neuron bends at m - b / u and is active on the side of u."""
    arms = [(p.m[0] - b / u, u > 0, w * u) for (u,), b, (w,) in zip(p.U, p.b, p.w) if u]
    edges = [start, *sorted({t for t, *_ in arms if start < t < stop}), stop]
    return [
        sum(rate for t, right, rate in arms if (t <= a if right else t >= b)) for a, b in zip(edges, edges[1:]) if a < b
    ]


def within(v, s, low, high):
    """v moved to between s low and s high."""
    v = v if low is None else max(v, s * low)
    return v if high is None else min(v, s * high)


def grown(family, r):
    """The loss of a residual: its supremum is where v = r / curvature, or at the limit on that side."""
    curvature, low, high = family
    v = within(r / curvature, 1, low, high) if curvature else high if r > 0 else low
    return r * v - curvature * v * v / 2


def repair(missing, direction):
    """Penalty of the spline along `direction` that adds what is missing. Its slopes s_k bend by TV = sum |s_k - s_k-1|;
    with neurons on both sides that costs max(TV, (TV + |s_first + s_last|) / 2) times the length of the direction."""
    if not fits(direction, len(missing[0][0])):
        raise Unreadable("interpolation in several dimensions needs a direction that tells the points apart")
    values: dict = {}
    for x, r in missing:
        if values.setdefault(dot(x, direction), r) != r:
            raise Refuted("two points are not told apart and ask for different values")
    t = sorted(values)
    slopes = [(values[q] - values[p]) / (q - p) for p, q in zip(t, t[1:])] or [Fraction(0)]
    bends = sum(abs(q - p) for p, q in zip(slopes, slopes[1:]))
    return max(bends, (bends + abs(slopes[0] + slopes[-1])) / 2) * root_up(dot(direction, direction))


# -------------------------------------------------------------------------------------------- the dual side


def admissible(p):
    """v moved, exactly, to where the dual allows it: 0 where s = 0, between its limits, and to sum v = 0."""
    v = [[q * (s > 0) for q in row] for row, s in zip(p.v, p.s)]
    if p.loss in ("squared", "interpolate"):
        mean = [p.bias * sum(column) / sum(p.s) for column in zip(*v)]
        return [[q - s * mk for q, mk in zip(row, mean)] for row, s in zip(v, p.s)]
    most = None if p.loss == "hard_margin" else 1
    limits = [p.family[1:] if p.family else (0, most) if y > 0 else (most and -1, 0) for (y,) in p.y]
    kept = [within(q, s, *both) for (q,), s, both in zip(v, p.s, limits)]
    mass = {side: sum(abs(q) for q in kept if side * q > 0) for side in (1, -1)}
    share = {side: min(mass.values()) / mass[side] if p.bias and mass[side] else 1 for side in mass}
    return [[q * share[1 if q > 0 else -1]] for q in kept]


def highest(p, v):
    """At or above M(v) = max over unit u and all b of ||sum_i v_i (u.x_i + b)_+||, for the data as they are.

    With x_i = centre + B'z_i + r_i it is at most sigma M_Z(v) + sum_i |v_i| ||r_i||, sigma^2 <= the largest row sum
    of |B B'|, and M_Z(v) is the same maximum for the points z_i on a line or in a plane.
    """
    if p.flat is None:
        return root_up(highest_square(p.X, v, p.bias))
    centre, basis, Z = p.flat
    if not p.bias and any(centre):
        raise Refuted("without biases the flat must pass through the origin")
    near = [[m + dot(z, axis) for m, axis in zip(centre, zip(*basis))] for z in Z]
    rest = [root_up(sum((a - q) ** 2 for a, q in zip(x, y)) * dot(vi, vi)) for x, y, vi in zip(p.X, near, v)]
    stretch = max(sum(abs(dot(a, q)) for q in basis) for a in basis)
    return root_up(stretch * highest_square(Z, v, p.bias)) + sum(rest)


def highest_with_shape(p, v):
    """max |N_q|: the multipliers add to the neurons (x - t)_+ those of all gaps right of t, and that of the point t; to
    (t - x)_+ less those of all gaps left of it. Both are piecewise linear: the highest is at a point."""
    slopes, bends = p.shape[4:]
    mass: dict = {}
    for (x,), (q,), s in zip(p.X, v, p.s):
        if s > 0:
            mass[x] = mass.get(x, 0) + q
    t = sorted(mass)
    moment, total = sum(x * q for x, q in mass.items()), sum(slopes)
    above = right = gaps = best = Fraction(0)
    for k in reversed(range(len(t))):
        if k + 1 < len(t):
            right, gaps = right + above * (t[k + 1] - t[k]), gaps + slopes[k]
        above += mass[t[k]]
        lifted = right + gaps + (bends[k - 1] if 0 < k < len(t) - 1 else 0)
        best = max(best, abs(lifted), abs(lifted - moment - total))
    return best


def price(shape):
    """What the bounds of the slope take from the lower bound; 0 where there is no shape."""
    low, high, _, _, slopes, _ = shape or (None, None, False, False, [], [])
    return sum(-(high * q) if q < 0 else -(low * q) for q in slopes if q)


def highest_square(X, v, bias):
    """M(v)^2 on a line or in a plane: a fraction, no rounding."""
    (points, of_X), (mass, of_v) = whole(X), whole(v)
    if len(points[0]) == 1:
        best = Fraction(on_the_line(points, mass, bias))
    elif len(points[0]) == 2 and len(mass[0]) == 1:
        pivots = {tuple(point) for point in points} if bias else {(0, 0)}
        best = max(turn([(x - p, y - q, m) for (x, y), (m,) in zip(points, mass)]) for p, q in pivots)
    else:
        raise Refuted("neurons of more than two coordinates, or of several outputs in a plane, cannot be bounded here")
    return best / (of_X * of_v) ** 2


def on_the_line(points, mass, bias):
    """The neurons (x - t)_+ and (t - x)_+ are piecewise linear in t: the highest is at a data point."""
    K = range(len(mass[0]))
    if not bias:
        sides = ([sum(max(0, side * x) * m[k] for (x,), m in zip(points, mass)) for k in K] for side in (1, -1))
        return max(dot(side, side) for side in sides)
    moment = [sum(x * m[k] for (x,), m in zip(points, mass)) for k in K]  # right - left at every t, since sum v = 0
    above, right, best, last = [0 for _ in K], [0 for _ in K], 0, max(x for (x,) in points)
    for (x,), m in sorted(zip(points, mass), reverse=True):
        right = [right[k] + above[k] * (last - x) for k in K]
        left = [right[k] - moment[k] for k in K]
        above, last = [above[k] + m[k] for k in K], x
        best = max(best, dot(right, right), dot(left, left))
    return best


def turn(arms):
    """max N^2 over all lines through a pivot; arms (x, y, mass) lead from it to the points.

    Turn the line e from straight down over right to straight up. Points on its left are active: N = e x G / |e|, where
    G is the sum of mass * arm over them, and on the other side the same with G - T, T the sum over all. Between two
    arms G is constant, so |N| peaks at |G| if e passes a right angle to G there, and else is highest at an arm.
    """
    arms = [(x, y, m, True) if (x, y) > (0, 0) else (-x, -y, m, False) for x, y, m in arms if x or y]
    bits = 2 * max((x.bit_length() for x, *_ in arms), default=0) + 1  # different slopes differ by 2 / 2^bits or more
    order = sorted((arm for arm in arms if arm[0]), key=lambda arm: (arm[1] << bits) // arm[0])
    gx, gy = (sum(arm[k] * arm[2] for arm in arms if arm[3]) for k in (0, 1))
    tx, ty = (g - sum(arm[k] * arm[2] for arm in arms if not arm[3]) for k, g in ((0, gx), (1, gy)))
    best, size, px, py = 0, 1, 0, -1
    for x, y, m, _ in [*order, *(arm for arm in arms if not arm[0]), (0, 1, 0, True)]:
        for hx, hy in ((gx, gy), (gx - tx, gy - ty)):
            passes = (px * hx + py * hy) * (x * hx + y * hy) <= 0
            top, scale = (hx * hx + hy * hy, 1) if passes else ((x * hy - y * hx) ** 2, x * x + y * y)
            if top * size > best * scale:
                best, size = top, scale
        gx, gy, px, py = gx - m * x, gy - m * y, x, y
    return Fraction(best, size)


def lower_bound(p):
    """g(t v) for the best t there is, or a good one."""
    v = admissible(p)
    maximum = highest_with_shape(p, v) if p.shape else highest(p, v)
    gains, paid = [dot(y, q) for y, q in zip(p.y, v)], price(p.shape)
    gain = sum(gains) - paid
    room = p.beta / maximum if maximum else None  # None: no limit
    if p.loss in CONSTRAINTS:
        return max(0, gain) * (room or 0)
    if p.family:
        square = p.family[0] * sum(dot(q, q) / s for q, s in zip(v, p.s) if s)
        best = max(0, gain / square) if square else int(gain > 0)
        best = best if p.loss == "squared" else min(best, 1)  # t v keeps its limits for t <= 1
        t = best if room is None else min(best, room)
        return t * gain - t * t * square / 2
    t = 1 if room is None else min(1, room)
    if p.loss == "hinge":
        return t * gain
    shares = [(s, a) for q, s in zip(gains, p.s) if s for a in (t * q / s, 1 - t * q / s)]
    return -sum(s * a * log_up(a) for s, a in shares if a) - t * paid


# -------------------------------------------------------------------------------------------- the verdict


def bounds(document):
    """(upper, lower, violation) that the numbers of the document prove; its claims are not looked at."""
    p = Problem(document)
    upper, violation = upper_bound(p)
    return Fraction(upper), Fraction(lower_bound(p)), Fraction(violation)


def check(document):
    """The bounds, once all that the document claims is proved; raises Refuted or Unreadable with the reason."""
    (upper, lower, violation), claim = bounds(document), Problem(document).claim
    if document.get("seal") != seal(document):
        raise Refuted("the file was changed after it was written: its seal does not fit its contents")
    if upper > claim[0]:
        raise Refuted(f"the network reaches {float(upper)!r}, not the {float(claim[0])!r} claimed")
    if lower < claim[1]:
        raise Refuted(f"the dual vector proves {float(lower)!r}, not the {float(claim[1])!r} claimed")
    if violation > claim[2]:
        raise Refuted(f"the constraints are missed by {float(violation)!r}, not by the {float(claim[2])!r} claimed")
    return upper, lower, violation


def described(asked):
    """A shape in words."""
    ends = [(word, asked[name]) for word, name in (("at least", "low"), ("at most", "high"))]
    words = [f"{word} {float.fromhex(number):g}" for word, number in ends if number is not None]
    return " and ".join(words + ["never falls"] * asked["convex"] + ["never rises"] * asked["concave"])


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
    except (OSError, ValueError, RecursionError, AttributeError, Unreadable) as reason:
        print(f"UNREADABLE: {reason}")
        return 2
    X, beta = document["X"], float.fromhex(document["beta"])
    print(f"{document['loss']} loss, beta {beta!r}, {len(X)} points with {len(X[0])} features")
    if asked := document.get("shape"):
        print(f"of all networks whose slope between the first and the last point is {described(asked)}:")
    print(f"a network of {len(document['network']['b'])} neurons reaches {float(upper)!r}")
    print(f"no network of any width goes below {float(lower)!r}")
    if violation:
        print(f"the network misses its constraints by at most {float(violation):.2g}")
    print(f"PROVED: optimal to within {float(upper - lower):.3g}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
