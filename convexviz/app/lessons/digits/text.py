"""Words of the lesson on digits: what to try, and the idea."""

from __future__ import annotations

from convexviz.app.course.scenes import Prompt
from convexviz.app.lessons.digits import promises

PROMPTS = (
    Prompt(
        "few",
        "Four images are enough",
        "Two images of each digit tell 0 from 1 on all the others, almost without a miss. Choose 3 and 8 for a harder "
        "pair.",
        {"scene": "two", "first": "0", "second": "1", "images": 2},
        promises.four_are_enough,
    ),
    Prompt(
        "white",
        "Exact because spike-free",
        "On whitened images the relaxation misses nothing: a single neuron is the optimum, and its bounds meet.",
        {"scene": "two", "whiten": True},
        promises.whitened_is_exact,
    ),
    Prompt(
        "many",
        "Where the relaxation falls behind",
        "With a hundred images of each, the relaxation's objective is several times that of ascent, which finds dozens "
        "of neurons.",
        {"scene": "two", "images": 100},
        promises.relaxation_falls_behind,
    ),
    Prompt(
        "ten",
        "Ten digits share their neurons",
        "Most neurons speak for or against several digits: see the strips below them. Ten images of each digit teach "
        "to read more than four in five of the others.",
        {"scene": "ten"},
        promises.neurons_are_shared,
    ),
)

IDEA = r"""
### The same problem in 64 dimensions

An image of 8 × 8 pixels is a point with 64 coordinates, and a neuron $(u\cdot x + b)_+$ is an image too: blue is ink
that it looks for, orange ink that it objects to. For two digits there is one output of two signs; for ten there is one
output for each, and a neuron pays for all its outputs together:

$$
\min\ \ell(f(X), Y) + \beta \sum_j \|W_j\|_2,\qquad f(x) = c + \sum_j W_j\,(u_j\cdot x + b_j)_+
$$

so that digits which look alike share neurons.

**What is proved.** In so many dimensions no exact search for the best neuron is known. *Ascent* climbs from many
starts and proves nothing; the *relaxation* is exact on whitened images, and its bound is certified there. A lower
training objective does not make a better classifier, which is why the table has both.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), on spike-free data and vector outputs. Digits: scikit-learn's
`load_digits` (from UCI, Alpaydin & Kaynak 1998).
"""
