"""The optimal network with the fewest neurons among all that share the values at the data of the line.

A run of r like bends at neighbouring data points needs ceil(r / 2) kinks. The pieces between them pass through two data
points each, or, in a run of odd length, one of them through a single point, of even number in the run: its slope is
free between those of the two chords there. No optimal spline has fewer kinks than all runs together, K, and every kink
needs a neuron.

|D| > TV: each kink has one neuron, of the direction that D asks for, and one more neuron is active on all the data.
That one may start inside the first interval, as a bend at the first point, or inside the last, as one at the last:
there it makes a run of odd length even, at no further kink. So K or K + 1 neurons.

|D| < TV: a kink of size c is shared by a right- and a left-active neuron, and the left-active ones make the slope of
the first piece: sum_left c = -s_1. Where some of the kinks, whole, add up to that, K neurons do; else K + 1, and one
kink is shared. Which sums there are is found run by run; the slopes that are free make intervals of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array, ReLUNetwork
from ..neurons import directed_network, spline_network

EQUAL = 1e-11  # sums this near, relative to the total variation, are equal
MOST_SUMS = 16_384  # intervals of sums that are looked at; among more kinks than give these a choice may go unseen
MOST_FREE = 12  # pieces of one run tried as the free one: all, or so many evenly spread


@dataclass(frozen=True)
class _Run:
    """Like bends at the knots first..last; slopes (r + 1,) of the data's pieces around them."""

    first: int
    last: int
    slopes: tuple[float, ...]

    @property
    def kinks(self) -> int:
        """How many it needs, p."""
        return len(self.slopes) // 2

    @property
    def odd(self) -> bool:
        """Whether its length is."""
        return len(self.slopes) % 2 == 0

    def free(self) -> list[int]:
        """Numbers of the pieces that may be the free one; 0 stands for none."""
        count = self.kinks - 1
        if not self.odd or not count:
            return [0]
        return sorted({round(j) for j in np.linspace(1, count, min(count, MOST_FREE))})

    def pieces(self, free: int) -> tuple[list[float], list[int]]:
        """Slopes of the pieces from the one before the run to the one after it, and a knot on each, (p + 1,)."""
        slopes, through = [self.slopes[0]], [self.first]
        for i in range(1, self.kinks):
            at = 2 * i if i <= free or not self.odd else 2 * i - 1
            slopes.append(self.slopes[at])
            through.append(self.first + (2 * i if not self.odd else 2 * i - 1))
        return [*slopes, self.slopes[-1]], [*through, self.last]

    def range_of(self, free: int) -> tuple[float, float]:
        """Least and greatest slope of the free piece."""
        ends = self.slopes[2 * free - 1], self.slopes[2 * free]
        return min(ends), max(ends)


@dataclass(frozen=True)
class _Option:
    """One way to choose from a kink, or from the two beside a free piece: which are left-active, and their sums."""

    low: float
    high: float
    left: tuple[bool, ...]


def fewest_neurons(x: Array, f: Array, bend: Array) -> ReLUNetwork:
    """The network through values f (k,) at sorted x (k,), whose bends are `bend` (k,), 0 where it runs straight.

    At the two ends stand the bends of a neuron active on all the data, see `convexviz.core.line.optimal_set`.
    """
    slopes = np.diff(f) / np.diff(x)
    inner = np.concatenate([[0.0], bend[1:-1], [0.0]])
    if bend[0] or bend[-1]:
        return _steep(x, f, slopes, bend, inner)
    runs = _runs(slopes, inner)
    chosen = _whole_kinks(runs, -float(slopes[0]), float(np.abs(inner).sum()))
    if chosen is None:
        knots, values, _ = _spline(x, f, [(run, run.pieces(run.free()[-1])) for run in runs])
        return spline_network(knots, values)
    knots, values, size = _spline(x, f, [(run, pieces) for run, pieces, _ in chosen])
    left = np.array([side for _, _, sides in chosen for side in sides], bool)
    return directed_network(knots, values, np.where(left, 0.0, size), np.where(left, size, 0.0), 0.0)


def _steep(x: Array, f: Array, slopes: Array, bend: Array, inner: Array) -> ReLUNetwork:
    """|D| > TV: the neuron active on all the data joins a run of odd length if one of its sign begins or ends there."""
    runs, sign = _runs(slopes, inner), 1.0 if bend[0] > 0 else -1.0
    rest, ends = float(bend[0]), inner.copy()
    for run, end, beside in [(run, 0, 1) for run in runs[:1]] + [(run, len(x) - 1, len(x) - 2) for run in runs[-1:]]:
        if beside in (run.first, run.last) and run.odd and bend[end] * bend[beside] > 0:
            ends[end], rest = bend[end], 0.0
            break
    runs = _runs(slopes, ends)
    knots, values, size = _spline(x, f, [(run, run.pieces(run.free()[-1])) for run in runs])
    toward = sign * np.abs(size)
    return directed_network(knots, values, (size + toward) / 2, (size - toward) / 2, rest)


def _runs(slopes: Array, bend: Array) -> list[_Run]:
    around = np.concatenate([[slopes[0] - bend[0]], slopes, [slopes[-1] + bend[-1]]])
    runs: list[_Run] = []
    k = 0
    while k < len(bend):
        if bend[k] == 0:
            k += 1
            continue
        first = k
        while k + 1 < len(bend) and bend[k + 1] * bend[first] > 0:
            k += 1
        runs.append(_Run(first, k, tuple(float(s) for s in around[first : k + 2])))
        k += 1
    return runs


def _spline(x: Array, f: Array, runs: list[tuple[_Run, tuple[list[float], list[int]]]]) -> tuple[Array, Array, Array]:
    """Knots, values there (both ends included) and the sizes of the kinks: where neighbouring pieces of a run meet."""
    knots, values, sizes = [float(x[0])], [float(f[0])], []
    for run, (slopes, through) in runs:
        for i in range(run.kinks):
            (a, b), (s, next_s) = (through[i], through[i + 1]), (slopes[i], slopes[i + 1])
            t = x[a] + (f[b] - f[a] - next_s * (x[b] - x[a])) / (s - next_s)
            t = float(np.clip(t, x[run.first], x[run.last]))
            knots.append(t)
            values.append(float(f[a] + s * (t - x[a])))
            sizes.append(next_s - s)
    return np.array([*knots, x[-1]]), np.array([*values, f[-1]]), np.array(sizes)


_Chosen = tuple[_Run, tuple[list[float], list[int]], tuple[bool, ...]]


def _whole_kinks(runs: list[_Run], target: float, variation: float) -> list[_Chosen] | None:
    """Pieces of every run, and which kinks are left-active so that their sizes add up to `target`; None if none do."""
    room = EQUAL * variation
    reached = [np.zeros((1, 2))]
    for run in runs:
        ends = [_sums_through(reached[-1], _items(run, free), room)[-1] for free in run.free()]
        reached.append(_merged(np.vstack(ends), room))
    if not _holds(reached[-1], target, room):
        return None
    chosen: list[_Chosen] = []
    for run, before in zip(reversed(runs), reversed(reached[:-1]), strict=True):
        for free in run.free():
            items = _items(run, free)
            sums = _sums_through(before, items, room)
            if _holds(sums[-1], target, room):
                break
        sides: list[bool] = []
        pieces = run.pieces(free)
        for item, earlier in zip(reversed(items), reversed(sums[:-1]), strict=True):
            option, rest = _last_option(earlier, item, target, room)
            sides[:0] = option.left
            if len(option.left) == 2:
                pieces[0][free] = _slope_for(run, free, pieces[0], option, target - rest)
            target = rest
        chosen.insert(0, (run, pieces, tuple(sides)))
    return chosen


def _items(run: _Run, free: int) -> list[list[_Option]]:
    """The options of each kink of a run in turn; the two beside the free piece are one item."""
    slopes, _ = run.pieces(free)
    items: list[list[_Option]] = []
    i = 1
    while i <= run.kinks:
        if free and i == free:
            low, high = run.range_of(free)
            before, after = slopes[i - 1], slopes[i + 1]
            both = after - before
            items.append(
                [
                    _Option(0.0, 0.0, (False, False)),
                    _Option(both, both, (True, True)),
                    _Option(low - before, high - before, (True, False)),
                    _Option(after - high, after - low, (False, True)),
                ]
            )
            i += 2
        else:
            size = slopes[i] - slopes[i - 1]
            items.append([_Option(0.0, 0.0, (False,)), _Option(size, size, (True,))])
            i += 1
    return items


def _slope_for(run: _Run, free: int, slopes: list[float], option: _Option, part: float) -> float:
    """The slope of the free piece at which the left-active kinks beside it add up to `part`."""
    low, high = run.range_of(free)
    if option.left == (True, False):
        return float(np.clip(slopes[free - 1] + part, low, high))
    if option.left == (False, True):
        return float(np.clip(slopes[free + 1] - part, low, high))
    return (low + high) / 2


def _sums_through(start: Array, items: list[list[_Option]], room: float) -> list[Array]:
    """The sums that can be reached before the first item and after each, disjoint intervals (m, 2) each."""
    sums = [start]
    for item in items:
        grown = np.vstack([sums[-1] + [option.low, option.high] for option in item])
        sums.append(_merged(grown, room))
    return sums


def _merged(intervals: Array, room: float) -> Array:
    """Sorted, those that overlap or nearly touch joined."""
    intervals = intervals[np.argsort(intervals[:, 0], kind="stable")]
    ends = np.maximum.accumulate(intervals[:, 1])
    begins = np.concatenate([[True], intervals[1:, 0] > ends[:-1] + room])
    last = np.append(np.flatnonzero(begins)[1:] - 1, len(ends) - 1)
    return np.column_stack([intervals[begins, 0], ends[last]])[:MOST_SUMS]


def _holds(sums: Array, target: float, room: float) -> bool:
    return bool(((sums[:, 0] - room <= target) & (target <= sums[:, 1] + room)).any())


def _last_option(earlier: Array, item: list[_Option], target: float, room: float) -> tuple[_Option, float]:
    """An option by which `target` is reached, and the sum before it."""
    for slack in (room, 2 * room, 1e3 * room):  # joined intervals have gaps no wider than the room
        for option in item:
            low, high = target - option.high, target - option.low
            meets = np.flatnonzero((earlier[:, 0] - slack <= high) & (low <= earlier[:, 1] + slack))
            if len(meets):
                begin, end = earlier[meets[0]]
                return option, float(np.clip((max(low, begin) + min(high, end)) / 2, begin, end))
    raise AssertionError("a sum that is reached has a way to it")
