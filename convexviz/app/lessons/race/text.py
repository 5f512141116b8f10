"""Words of the race: the idea, its theorem, what to try, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.components.board import View
from convexviz.app.contrast.script import data_code
from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.course.script import board_code, limits, script, show_code, solve_code, window
from convexviz.app.lessons.race import promises, view_state
from convexviz.app.lessons.race.parts import BOARD_HEIGHT
from convexviz.app.lessons.race.runs import FRAMES
from convexviz.app.lessons.race.settings import SEEDS, RaceSettings
from convexviz.figures.theme import COMPARISON, NEURON

PROMPTS = (
    Prompt(
        "both",
        "Three arrive, three do not",
        "Each narrow run ends somewhere else, with a gap above one half. Play the film, and choose other runs to be "
        "bold.",
        {},
        promises.three_arrive,
        "figure",
        Guess(
            "Three networks of 3 neurons and three of 200 go down from random starts. Who arrives at the optimum?",
            ("all six", "the wide ones arrive, the narrow ones do not", "none"),
            "the wide ones arrive, the narrow ones do not",
        ),
    ),
    Prompt(
        "ten",
        "Is the optimum's own width enough?",
        "The optimal network has ten neurons; ten trained ones end with gaps above 0.1. Of thirty, two runs of three "
        "arrive. Move *Wide width* to see where all three do.",
        {"narrow": 10, "wide": 30},
        promises.own_width,
        "race-table",
        Guess(
            "The optimum has ten neurons. Three networks of ten neurons are trained. How many arrive?",
            ("all three arrive", "one or two arrive", "none of the three arrives"),
            "none of the three arrives",
        ),
    ),
    Prompt(
        "tent",
        "Wide, and still stuck",
        "All three wide runs end at a gap of 0.0037. The dual names a neuron that they lack; none of the 200 has its "
        "kink near there, and more than a quarter of them are off on all points.",
        {"dataset": "tent", "run": "wide-2"},
        promises.wide_and_stuck,
        "race-table",
    ),
    Prompt(
        "adam",
        "Another descent, another end",
        "On this chirp both use all 2000 steps and neither arrives: L-BFGS is then at a gap of 0.027, Adam ten times "
        "closer. Choose L-BFGS and compare the table.",
        {"dataset": "chirp", "solver": "adam", "iterations": 2000, "run": "wide-1"},
        promises.other_end,
        "race-table",
    ),
    Prompt(
        "plane",
        "Lines that look for their places",
        "In the plane: a dot is the line along which one neuron bends, by its angle and offset. Play the film and see "
        "most of the strong ones gather at the diamonds, the neurons of the optimum.",
        {"dataset": "tent2", "run": "wide-1"},
        promises.lines_gather,
        "neurons",
    ),
    Prompt(
        "moons",
        "Two classes",
        "The same for the logistic loss: the wide runs arrive, the narrow ones do not. The dotted border is the "
        "certified optimum's.",
        {"dataset": "moons", "task": "classification", "run": "wide-1"},
        promises.classes_too,
    ),
    Prompt(
        "sgd",
        "Plain gradient steps",
        "SGD with momentum takes its time: when the iterations are used up, no wide run has arrived.",
        {"solver": "sgd", "run": "wide-1"},
        promises.slow_steps,
        "figure",
    ),
)

BEFORE = "The optimum of a network of any width is computed and proved, on the line and in the plane."

THEOREM = Theorem(
    r"""Let $p^*$ be the least of $\ell(f(X), y) + \beta\sum_j |w_j|$ over networks of *all* widths with $\|u_j\| = 1$.
Every network that weight decay trains costs at least $p^*$, at whatever width, by whatever solver; and some network of
at most $n + 1$ neurons costs $p^*$, where $n$ counts the points (Ergen & Pilanci 2021).""",
    (
        r"the loss $\ell$ is convex in the network's outputs, and $\beta > 0$",
        "one hidden layer of ReLU neurons, and one output",
        "weight decay on the weights, none on the biases",
    ),
    "The bound is proved for the very points on the board: in the plane by a sweep over all lines, and your browser "
    "checks it in exact arithmetic.",
    "That wide networks arrive is *seen* on some points and no theorem of this page; on the tent they do not. Nothing "
    "is said of how many steps a run needs, or of points that were not trained on.",
)

IDEA = r"""
### The same problem, from two sides

A network of width $m$ is $f(x) = c + \sum_{j=1}^m w_j\,(u_j\cdot x + b_j)_+$ with $(z)_+ = \max(0, z)$. Training by
gradient descent moves its weights, from a random start, to lower

$$
\ell(f(X), y) + \frac{\beta}{2}\sum_{j=1}^m \big(\|u_j\|^2 + w_j^2\big)
$$

This is not convex in the weights: a run may end where every small step costs more. Rescaling each neuron so that
$\|u_j\| = 1$ leaves $f$ alone and turns the penalty, at its best, into $\beta \sum_j |w_j|$. That is the **objective**
on this page, for runs and optimum alike. Over networks of *all* widths, least objective and greatest lower bound are
those of one convex problem: they are computed and **proved** in the badge.

**The gap.** Relative gap = (objective − lower bound) / objective, in badge, table and film. A run has *arrived* if its
gap is at most 10⁻³; it is *stuck* if the solver found no step down before that, and *on its way* if its steps were used
up.

**What is seen.** *No run ends below the bound.* Wide networks mostly arrive: of many random neurons some lie near each
place where the optimum needs one, and descent moves weight there. Narrow networks mostly end above.

**Why does width help?** At the end of a run let $v_i = -\partial\ell/\partial f(x_i)$, for the squared loss the
residual $y_i - f(x_i)$. Then $N_v(u, b) = \sum_i v_i\,(u\cdot x_i + b)_+$ says what a small new neuron would gain, and
$\beta$ what it would cost: where $|N_v| > \beta$ it pays. A run that has come to rest where nothing pays is optimal. A
stuck run may lack just that neuron, because none of its own can get there by small steps: those in use would first
raise the objective, and those that are off on all points, or have no weight left, have no gradient. More neurons leave
fewer such gaps.

**The figures.** *Objectives*: on logarithmic axes. *Neurons*: on the line the kinks of the bold run, alike ones joined,
against the optimal ones, and below each neuron by itself; in the plane the lines of its neurons by angle and offset.
*Neurons* in the table counts them after joining; what is off on all points, or constant on them, is no neuron there.

**Which losses.** Squared for values, logistic for classes. Hinge, interpolation and hard margin are not raced:
scikit-learn's networks have no hinge loss, and a constraint has no gradient to follow.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)). The runs are scikit-learn's `MLPRegressor` and `MLPClassifier`
with `alpha` = β on all points at a time.
"""


def code_now(settings: RaceSettings) -> str:
    """A script that repeats the race on the page."""
    now = view_state.present()
    line = settings.scene == "line"
    where = window(now.origin.view.x, now.origin.view.y)
    neurons = "figures.kinks_figure(s, bold, view)" if line else "figures.places_figure(s, X, bold, view)"
    return script(
        data_code(settings, view_state.BOARDS),
        solve_code(settings),
        [
            f"lanes = {{'narrow': {settings.narrow}, 'wide': {settings.wide}}}  # widths",
            "runs = {}",
            "for lane, width in lanes.items():",
            f"    for number in range({SEEDS}):",
            f"        run = cv.train(X, y, {settings.beta!r}, {settings.loss!r}, width=width, "
            f"seed={settings.start} + number,",
            f"                       solver={settings.solver!r}, iterations={settings.iterations}, frames={FRAMES})",
            '        runs[f"{lane}-{number + 1}"] = run',
            "        gap = (run.objective - s.lower_bound) / run.objective",
            "        print(width, run.seed, run.objective, gap, run.merged.width, run.outcome)",
        ],
        [
            f"bold = runs[{settings.run!r}]",
            f"view = {where}",
            *_board_code(settings, now.origin.view),
            f"curves = figures.training_figure(runs, s, {settings.run!r})",
            f"neurons = {neurons}",
            *show_code("board", "curves", "neurons"),
        ],
    )


def _board_code(settings: RaceSettings, view: View) -> list[str]:
    """Lines that draw the bold run on the board, beside the optimum and, on the line, the other runs."""
    classes = settings.task == "classification"
    options = [f"height={BOARD_HEIGHT[settings.scene]}", "classes=True" if classes else ""]
    if settings.scene == "plane":
        optimum = '{"network": s.network, "label": "certified optimum"}'
        margins = "margins=False" if classes else f"z_range={limits(view.z or (-1.0, 1.0))}"
        return board_code("bold.merged", "view", *options, margins, "lines=False", f"ghost={optimum}")
    return [
        "others = [run for run in runs.values() if run is not bold]",
        f'curves = [figures.network_curve("other runs", run.network, view[0], {COMPARISON!r}) for run in others]',
        f'curves += [figures.network_curve("certified optimum", s.network, view[0], {NEURON!r})]',
        *board_code("bold.merged", "view", *options, "curves=curves"),
    ]
