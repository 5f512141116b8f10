"""Words of the lesson in the plane: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import numbers, preset_code, solve_code
from convexviz.app.lessons.plane import promises
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell import source
from convexviz.app.shell.source import Points

PROMPTS = (
    Prompt(
        "support",
        "Most points do not matter",
        "Only ringed points hold the boundary. Drag one that is not ringed: nothing moves until it crosses a margin.",
        {"dataset": "moons", "loss": "hinge", "beta": 0.1},
        promises.ringed_points,
    ),
    Prompt(
        "xor",
        "XOR costs 4√2",
        "No line separates these four points. The best network of any width has two neurons, and the proof says so.",
        {"dataset": "xor", "n": 4, "noise": 0.0, "loss": "hard_margin", "picture": "surface"},
        promises.xor_costs,
    ),
    Prompt(
        "film",
        "Watch the proof being made",
        "Press the button and play: orange islands are neurons that would pay. Each round cuts some off.",
        {"dataset": "moons", "n": 40, "loss": "hinge", "beta": 0.1, "picture": "film"},
        promises.islands_go,
    ),
    Prompt(
        "decay",
        "Weight decay deletes neurons",
        "Press play on the β slider: as β falls, break lines enter one by one, where the dual map touches the band.",
        {"dataset": "spirals", "loss": "logistic", "beta": 0.3, "picture": "path"},
        promises.decay_deletes,
    ),
    Prompt(
        "folds",
        "The surface is folded paper",
        "The target has two folds, and the network finds them. Turn the surface; point at a neuron to see its ramp.",
        {"task": "regression", "dataset": "ridges", "loss": "squared", "beta": 0.1, "picture": "surface"},
        promises.folds_found,
    ),
    Prompt(
        "rivals",
        "Against a line and a kernel",
        "A linear classifier fails here; a kernel machine bends smoothly; the network bends only at its break lines.",
        {"dataset": "circles", "loss": "hinge", "beta": 0.05, "linear": True, "svm": True},
        promises.against_rivals,
    ),
)

IDEA = r"""
### Why the best network can be found

In the plane a neuron is a **break line** with an active side. Beyond its line it adds a ramp of slope $w_j$:

$$
f(x) = c + \sum_j w_j\,(u_j\cdot x + b_j)_+,\qquad \min_{f}\ \ell(f, y) + \beta \sum_j |w_j|,\quad \|u_j\| = 1
$$

Chosen among *all* lines at once this is convex. Each training point gets a number $v_i$ (for the hinge loss zero,
unless the point is ringed), and a neuron on the line $(u, b)$ would gain $N_v(u, b) = \sum_i v_i (u\cdot x_i + b)_+$.

**The proof is the map.** It shows $N_v$ for every line there is: its angle across, its distance from the middle of the
board upwards. If $|N_v| \le \beta$ everywhere, no neuron can pay for its weight, and no network of any width is better.
The map touches $\pm\beta$ exactly at the triangles, the neurons in use: point at one to see its line.

**How the whole map is searched.** For a fixed angle the best line passes through a data point. Turned about that point,
$N_v$ is a sine between the angles at which the line meets other points, so every arc's best angle is known in closed
form: all lines are checked exactly, in $O(n^2 \log n)$.

**Cutting planes.** Hold few neurons, weigh them optimally, look on the map for the worst violation, add it, repeat. The
film shows the rounds: the lower bound rises, the upper bound falls, the islands outside the band shrink to points.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for the duality and the cutting planes; the exact search in the
plane is this package's own.
"""


def code_now(settings: PlaneSettings) -> str:
    """Code for the network on the page."""
    return python_code(settings, source.plane.points(settings.task), source.plane.edited(settings.task))


def python_code(settings: PlaneSettings, points: Points, edited: bool) -> str:
    """A script whose result is the network on the page."""
    lines = ["import numpy as np", "import convexviz as cv", ""]
    if edited or settings.points:
        lines += [f"X = np.array({numbers(points.X)})", f"y = np.array({numbers(points.y)})"]
    else:
        lines += preset_code(settings)
    lines += solve_code(settings)
    lines += [
        "print(s.network.U, s.network.b, s.network.w)  # break lines u.x + b = 0 and their weights",
        "",
        "from convexviz.figures import plane",
        "plane.decision_figure(s, X, y).show()",
        "plane.dual_map_figure(s, X).show()  # the proof",
    ]
    return "\n".join(lines)
