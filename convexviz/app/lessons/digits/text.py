"""Words of the lesson on digits: what to try, its theorem, and the idea."""

from __future__ import annotations

from convexviz.app.course.scenes import Guess, Prompt, Theorem
from convexviz.app.lessons.digits import promises

PROMPTS = (
    Prompt(
        "few",
        "Four images are enough",
        "Two images of each digit tell 0 from 1 on nearly all the others, and the network is proved optimal. Choose 3 "
        "and 8 for a harder pair.",
        {"scene": "two", "first": "0", "second": "1", "images": 2},
        promises.four_are_enough,
        "comparison",
        Guess(
            "Two images of a 0 and two of a 1 are learned. How many of the 356 others are read right?",
            ("about half", "about three in four", "more than 97 in 100"),
            "more than 97 in 100",
        ),
    ),
    Prompt(
        "white",
        "Exact on whitened images",
        "On whitened images the relaxation misses nothing: a single neuron is optimal, and the bounds meet.",
        {"scene": "two", "whiten": True},
        promises.whitened_is_exact,
        "certificate",
    ),
    Prompt(
        "many",
        "Where the relaxation falls behind",
        "With a hundred images of each, the relaxation's objective is several times that of ascent, which finds dozens "
        "of neurons.",
        {"scene": "two", "images": 100},
        promises.relaxation_falls_behind,
        "comparison",
    ),
    Prompt(
        "ten",
        "Ten digits share their neurons",
        "Most neurons speak for or against several digits: see the strips below them. Ten images of each digit teach "
        "to read more than four in five of the others.",
        {"scene": "ten"},
        promises.neurons_are_shared,
        "figure",
    ),
)

BEFORE = "What is proved hangs on the oracle that looks for the best neuron; in many dimensions that is hard."

THEOREM = Theorem(
    r"""Let $v_i$ be any numbers with $\sum_i v_i = 0$ under which no neuron $u, b$ with $\|u\| = 1$ gains more than
$\beta$, that is $\big|\sum_i v_i\,(u\cdot x_i + b)_+\big| \le \beta$. Then the dual objective of $v$ is a lower bound
for networks of every width (Ergen & Pilanci 2021). For ten outputs $v$ has ten columns, and it is the length of the
gain that must not exceed $\beta$.""",
    (
        r"the loss is convex, $\beta > 0$, one hidden layer of ReLU neurons",
        r"the penalty is $\beta\sum_j \|W_j\|_2$ with $\|u_j\| = 1$; biases are free",
    ),
    "Branch and bound, which proves how much any neuron of two digits gains, and the bound in norms for ten.",
    "Nothing is proved of images that were not trained on. For many images, or ten digits, the bounds stay apart: the "
    "network on show is the best that was found in some seconds, and a better one may exist.",
)

IDEA = r"""
### The same problem in 64 dimensions

An image of 8 × 8 pixels is a point $x$ with 64 coordinates. A neuron $(u\cdot x + b)_+ = \max(0, u\cdot x + b)$ has a
weight for each pixel, so it is an image too: blue is ink that it looks for, orange ink that it objects to. For two
digits there is one output of two signs; for ten there is one output for each, and a neuron pays for all its outputs
$W_j$ together:

$$
\min\ \ell(f(X), Y) + \beta \sum_j \|W_j\|_2,\qquad f(x) = c + \sum_j W_j\,(u_j\cdot x + b_j)_+,\quad \|u_j\| = 1
$$

so that several digits can share a neuron.

**What is proved.** *Ascent* climbs from many starts to neurons that pay, and proves nothing. For two digits *branch and
bound* then looks for a neuron that ascent missed, for some seconds. With few images it has time to prove that there is
none; else it proves a lower bound, and the optimum lies between the two. The *relaxation* looks only
among neurons that are active on all images; on whitened ones that is enough, and its bound counts.

**Accuracy is another question.** A lower training objective does not make a better classifier, which is why the table
has both.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on spike-free data and vector outputs. Digits: scikit-learn's
`load_digits` (from UCI, Alpaydin & Kaynak 1998).
"""
