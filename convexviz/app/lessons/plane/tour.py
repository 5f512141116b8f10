"""The tour of the lesson in the plane: from one break line to the map that proves a network the best of all."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.plane import promises, tour_promises

MOONS = {"dataset": "moons", "n": 60, "noise": 0.1, "loss": "hinge"}

TOUR = (
    Step(
        "line",
        "A neuron is a line with an active side",
        "It is a ramp over the plane, $(u\\cdot x + b)_+$: zero up to its *break line*, rising with slope 1 beyond it. "
        "The arrow $u$, of length 1, points to the side on which it rises; $b$ moves the line. The network "
        "$f(x) = c + \\sum_j w_j (u_j\\cdot x + b_j)_+$ says +1 where $f > 0$. Here it has a single neuron, and the "
        "boundary $f = 0$ is parallel to its line.",
        MOONS | {"beta": 5.0},
        tour_promises.one_line,
    ),
    Step(
        "price",
        "Weight has a price",
        "Each neuron costs the size of its weight, $|w_j|$. No line separates these four corners of a square of side "
        "1; a network does, with two neurons, for $\\sum_j|w_j| = 4\\sqrt 2 \\approx 5.66$. The badge says that no "
        "network of any width does it for less.",
        {"dataset": "xor", "n": 4, "noise": 0.0, "loss": "hard_margin", "picture": "surface"},
        promises.xor_costs,
        "certificate",
    ),
    Step(
        "points",
        "How hard does each point pull?",
        "With the *hinge* loss a point that keeps its margin, $y_i f(x_i) \\ge 1$, costs nothing; the rest costs what "
        "it lacks, and β sets the price of weight. Each point gets a number $v_i$, how hard it pulls: its label for a "
        "point that misses its margin, zero beyond it, something between on it. The ringed ones pull.",
        MOONS | {"beta": 0.1},
        tour_promises.rings,
    ),
    Step(
        "gain",
        "What would a new neuron win?",
        "For each unit of weight on the neuron $(u, b)$ the loss can fall by $N_v(u, b) = \\sum_i v_i (u\\cdot x_i + "
        "b)_+$ at most; where $N_v$ is negative, a negative weight wins. The map shows $N_v$ for *all lines*: the "
        "angle of $u$ across, how far the line lies from the middle of the board upwards.",
        MOONS | {"beta": 0.1},
        tour_promises.gains,
        "figure",
    ),
    Step(
        "proof",
        "No neuron pays for itself",
        "A unit of weight costs β, and nowhere on the map $|N_v|$ exceeds β: no new line pays; nor does less weight, "
        "as the next stop shows. The problem is convex once every line may have a weight, so where no small step "
        "helps, nothing does. From the $v_i$ follows the *lower bound*, for the hinge loss $\\sum_i |v_i|$: no "
        "network of any width goes below. It meets the objective.",
        MOONS | {"beta": 0.1},
        tour_promises.proof,
        "certificate",
    ),
    Step(
        "touch",
        "The neurons stand where the map is fullest",
        "At every neuron in use gain and cost are equal: there $N_v$ reaches an end of its band, the upper one for "
        "weights above zero (triangle up), the lower one for those below. Point at a triangle to see its line.",
        MOONS | {"beta": 0.1},
        tour_promises.touches,
        "figure",
    ),
    Step(
        "film",
        "How the best network is found",
        "Press the button, then play. The solver begins without a neuron. Each round it looks on the map for those "
        "that would pay, the orange islands, adds some of the worst, and weighs all anew. When no island is left, the "
        "proof is done.",
        {"dataset": "moons", "n": 40, "loss": "hinge", "beta": 0.1, "picture": "film"},
        promises.islands_go,
        "film",
    ),
)
