"""The tour of the lesson on the kernel matrix."""

from __future__ import annotations

from convexviz.app.course.scenes import Step
from convexviz.app.lessons.kernel_matrix import promises

SMALL = {"task": "classification", "dataset": "three_bands", "n": 6, "loss": "hard_margin"}
BANDS = SMALL | {"n": 12}

TOUR = (
    Step(
        "matrix",
        "Rows are points, columns are ramps",
        "Six points $x_1 < \\dots < x_6$ make a matrix $K$ with six rows and twelve columns. Column $k$ of the left "
        "half is the ramp $(x-x_k)_+ = \\max(0, x-x_k)$, which switches on at the point $x_k$ and runs to the right; "
        "the right half holds the ramps $(x_k-x)_+$ that run to the left. Row $i$ says how far the point $x_i$ lies "
        "beyond each of them: darker is farther. Two columns are zero: no point lies beyond the last one, or before "
        "the first. The colours are for the next two stops.",
        SMALL,
        promises.rows_and_columns,
        "figure",
    ),
    Step(
        "weights",
        "A network is a weight for each column",
        "A vector $w$ with one weight a column, and a constant $c$, make the network $f(x_i) = (Kw)_i + c$. Training "
        "with the hard margin looks for the $w$ of least $\\|w\\|_1 = \\sum_k |w_k|$ with $y_i f(x_i) \\ge 1$ at "
        "every point, $y_i = \\pm 1$ being its label: a linear program. The green bars are its answer, two of twelve "
        "columns, which are lit in the matrix.",
        SMALL,
        promises.weights_on_columns,
        "figure",
    ),
    Step(
        "rows",
        "Rows: which points hold the network",
        "Beside the matrix stands one number $v_i$ for each point: at which rate the price $\\|w\\|_1$ would rise if "
        "the point asked for more margin, with the sign of its label. Four of the six rows are lit: there $v_i \\ne "
        "0$, and the margin is touched, $y_i f(x_i) = 1$ (rings on the board). Where the margin is larger $v_i$ is "
        "zero. All $v_i$ sum to zero.",
        SMALL,
        promises.margins_and_multipliers,
        "figure",
    ),
    Step(
        "proof",
        "The proof, column by column",
        "A unit of weight on column $k$ costs 1 and lifts the network by $K_{ik}$ at the point $x_i$; counted with the "
        "$v_i$ that is a gain of $(K^\\top v)_k = \\sum_i K_{ik} v_i$, the $N_v$ of the lesson before. The gain is "
        "nowhere larger than 1 in size, so no column pays for more, and it is $\\pm 1$ in every column in use "
        "(triangles). Then $\\sum_i |v_i|$ is a lower bound for the price of every network that meets the margins, "
        "and here it is $\\|w\\|_1$ itself: the badge compares the two.",
        SMALL,
        promises.the_proof,
        "figure",
    ),
    Step(
        "borders",
        "The regions are sign intervals",
        "The network says +1 where $f > 0$ and −1 where $f < 0$. It meets the margins and is straight between "
        "neighbouring points, so between two neighbours of one label its sign cannot change, and between neighbours of "
        "opposite labels it changes once: at the crosses. Drag a point and the crosses follow.",
        BANDS,
        promises.the_borders,
        "board",
    ),
    Step(
        "norms",
        "Beside it: the tangent kernel",
        "The *tangent kernel* $\\Theta$ says how alike two points are to a very wide network whose neurons hardly "
        "move. The dashed curve $f = \\Theta\\alpha$ meets the same margins with the least "
        "$\\alpha^\\top\\Theta\\alpha$. $\\alpha$ is zero at the points that are not lit, but this price is a sum of "
        "squares over *all* neurons, and a neuron of column $k$ moves its weight in proportion to "
        "$(K^\\top\\alpha)_k$, the blue bars: 16 of 24 columns, against 2. Squares make small weights "
        "cheap; absolute values do not.",
        BANDS,
        promises.two_norms,
        "figure",
    ),
    Step(
        "regression",
        "The same matrix for numbers",
        "With real targets $y_i$ and the squared loss, training is the least $\\tfrac12\\|Kw + c - y\\|^2 + "
        "\\beta\\|w\\|_1$. Now $v_i = y_i - f(x_i)$ is the residual, zero at no point here, and the band is "
        "$\\pm\\beta$. 4 of 40 columns have a weight, 38 with the tangent kernel under the same loss and $\\beta$.",
        {"task": "regression", "dataset": "sine", "n": 20, "noise": 0.1, "loss": "squared", "beta": 0.2},
        promises.the_same_for_numbers,
        "figure",
    ),
)
