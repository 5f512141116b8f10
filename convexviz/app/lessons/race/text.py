"""Words of the race: the idea, what to try, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.contrast.script import data_code
from convexviz.app.course.scenes import Prompt
from convexviz.app.course.script import solve_code
from convexviz.app.lessons.race import promises, view_state
from convexviz.app.lessons.race.settings import SEEDS, RaceSettings

PROMPTS = (
    Prompt(
        "both",
        "Three arrive, three do not",
        "Wide networks end at the optimum from every start. With three neurons each start ends somewhere else, "
        "above it. Play the film, and choose other runs to be bold.",
        {},
        promises.three_arrive,
    ),
    Prompt(
        "ten",
        "Is the optimum's own width enough?",
        "The optimal network has 10 neurons. Ten trained neurons still get stuck; move both width sliders to find "
        "where all three arrive.",
        {"narrow": 10, "wide": 30},
        promises.own_width,
    ),
    Prompt(
        "tent",
        "Wide, and still stuck",
        "All three wide runs end 0.4 % above. The dual names the neuron that they lack: of those that could become it "
        "many have died, switched off on all points.",
        {"dataset": "tent", "run": "wide-2"},
        promises.wide_and_stuck,
    ),
    Prompt(
        "adam",
        "Another descent, another end",
        "A chirp stops L-BFGS too early. Let Adam run instead, then choose L-BFGS and compare the table.",
        {"dataset": "chirp", "solver": "adam", "iterations": 2000, "run": "wide-1"},
        promises.other_end,
    ),
    Prompt(
        "plane",
        "Lines that look for their places",
        "In the plane: a dot is the line of one neuron. Play the film and see them gather at the diamonds, where the "
        "optimum's dual function touches its bound.",
        {"dataset": "tent2", "run": "wide-1"},
        promises.lines_gather,
    ),
    Prompt(
        "moons",
        "Two classes",
        "The same for the logistic loss. The dotted border is the certified optimum's.",
        {"dataset": "moons", "task": "classification", "run": "wide-1"},
        promises.classes_too,
    ),
    Prompt(
        "sgd",
        "Plain gradient steps",
        "SGD with momentum takes its time: where are the runs when the iterations are used up?",
        {"solver": "sgd", "run": "wide-1"},
        promises.slow_steps,
    ),
)

IDEA = r"""
### The same problem, from two sides

Training by gradient descent works on the weights of $m$ neurons, from a random start:

$$
\min_{u, b, w, c}\ \ell\Big(c + \sum_{j=1}^m w_j (Xu_j + b_j)_+,\ y\Big)
+ \frac{\beta}{2}\sum_{j=1}^m \big(\|u_j\|^2 + w_j^2\big)
$$

This is not convex, and a run may end anywhere that is flat. Rescaled so that $\|u_j\| = 1$, the penalty becomes
$\beta \sum_j |w_j|$, and the problem over *all* widths has a convex twin. Its optimum is computed and **proved** in the
badge: no network of any width costs less.

**What is seen.** *No run ever ends below the shaded line.* Wide networks, mostly, end **at** the optimum: with many
neurons at random, some lie near each place where the optimum needs one, and descent moves weight there. The neurons
that are left over lose their weight. Narrow networks end above it, each start somewhere else.

**Why does width help?** The dual function $N_v(u, b) = \sum_i v_i\,(u\cdot x_i + b)_+$ says what a small new neuron
would be worth: where $|N_v| > \beta$ it pays. A run at which nothing pays is optimal. A run may be stuck although
something pays, because it has no neuron there: neurons move only within the pattern of points that they see, and one
that sees no point has no gradient at all. More neurons leave fewer such gaps, and no width closes them for certain.

**The figures.** *Objectives*: relative to the optimum, on logarithmic axes. *Neurons*: on the line the kinks of the
bold run, alike ones joined, against the optimal ones, and below each neuron by itself; in the plane the lines of its
neurons by angle and offset. *Neurons* in the table counts them after joining.

**Which losses.** Squared for values, logistic for classes. Hinge, interpolation and hard margin are not raced:
scikit-learn's networks have no hinge loss, and a constraint has no gradient to follow.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)). The runs are scikit-learn's `MLPRegressor` and `MLPClassifier`
with `alpha` = β on all points at a time.
"""


def code_now(settings: RaceSettings) -> str:
    """A script that repeats the race on the page."""
    lines = data_code(settings, view_state.BOARDS)
    starts = range(settings.start, settings.start + SEEDS)
    lines += [
        *solve_code(settings),
        "",
        "from convexviz.core.rivals.descent import train",
        "",
        f"for width in ({settings.narrow}, {settings.wide}):",
        f"    for seed in {starts!r}:",
        f"        run = train(X, y, {settings.beta!r}, {settings.loss!r}, width=width, seed=seed,",
        f"                    solver={settings.solver!r}, iterations={settings.iterations})",
        "        excess = (run.objective - s.objective) / s.objective",
        "        print(width, seed, run.objective, excess, run.merged.width, run.outcome)",
    ]
    return "\n".join(lines)
