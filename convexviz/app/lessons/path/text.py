"""Words of the lesson on the path: what to try, the idea, and the same thing in Python."""

from __future__ import annotations

from convexviz.app.contrast.script import data_code
from convexviz.app.course.scenes import Prompt
from convexviz.app.lessons.path import promises
from convexviz.app.lessons.path.parts import BOARDS
from convexviz.app.lessons.path.settings import PathSettings

PROMPTS = (
    Prompt(
        "enter",
        "No neuron, one, two",
        "Go to the first frame and step on: from a constant to one neuron, then two; in the end there are more than "
        "fifteen. Every frame is a certified optimum.",
        {"dataset": "sine", "n": 40, "noise": 0.1},
        promises.neurons_enter,
    ),
    Prompt(
        "noise",
        "More neurons fit the noise",
        "The training error falls to the end. The error on held-out points is least (★) long before, with four "
        "neurons, and rises again.",
        {"dataset": "tent", "n": 20, "noise": 0.4},
        promises.noise_is_fitted,
    ),
    Prompt(
        "clean",
        "Without noise, more is better",
        "The same curves for a target without noise: held-out points, too, are met best at the end of the path.",
        {"dataset": "tent", "n": 16, "noise": 0.0},
        promises.more_is_better,
    ),
    Prompt(
        "classes",
        "One neuron for two classes",
        "Two moons that overlap: the fewest held-out points are misclassified while there is a single neuron.",
        {"task": "classification", "dataset": "moons", "n": 40, "noise": 0.3},
        promises.one_neuron_is_best,
    ),
)

IDEA = r"""
### What weight decay chooses

From some β upwards the best network is a constant. As β falls, **neurons enter**, few at a time, at the places where
the dual function first touches ±β; each frame is the global optimum of its β. The training loss can only fall; the
error on **held-out** points falls as long as new neurons find what is there, and rises once they fit the noise: weight
decay chooses the number of neurons.

**Sources.** Ergen & Pilanci, *Convex Geometry and Duality of Over-parameterized Neural Networks* (JMLR 2021,
[arXiv:2002.11219](https://arxiv.org/abs/2002.11219)), for the dual whose constraints tell which neuron enters.
"""


def code_now(settings: PathSettings) -> str:
    """A script that follows the path of the points on the page."""
    lines = [
        *data_code(settings, BOARDS),
        "",
        f"path = cv.regularization_path(X, y, loss={settings.loss!r}, time_limit=20)",
        "for s in path:",
        "    print(s.beta, s.network.width, s.objective, s.certified)",
    ]
    return "\n".join(lines)
