"""The glossary: the field's words, explained where they first stand on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """What a word means, in a sentence or two of plain text, and the forms in which it stands in a text."""

    meaning: str
    forms: tuple[str, ...]


WORDS: Mapping[str, Entry] = {
    "ReLU": Entry("The function max(0, z): zero below zero, z itself above.", ("ReLU", "ReLUs")),
    "neuron": Entry(
        "One unit of the network: it weighs its inputs, adds a bias, and passes on what is positive, times its output "
        "weight. On the line each neuron is a ramp.",
        ("neuron", "neurons"),
    ),
    "ramp": Entry(
        "A function that is zero on one side of a point and a straight slope on the other.", ("ramp", "ramps")
    ),
    "kink": Entry("A place where a piecewise straight function changes its slope.", ("kink", "kinks")),
    "spline": Entry(
        "A function that is a straight line between neighbouring kinks.", ("spline", "linear spline", "splines")
    ),
    "weight decay": Entry(
        "A penalty on large weights, added to the misfit: β/2 times the sum of their squares, which for the best "
        "scaling of each neuron is β times the sum of |w|.",
        ("weight decay",),
    ),
    "convex": Entry(
        "A problem without false valleys: whatever cannot be improved by a small step is already the best there is.",
        ("convex",),
    ),
    "dual vector": Entry(
        "One number for every data point. As long as no single neuron gains more from these numbers than β, they prove "
        "a lower bound that no network can beat.",
        ("dual vector", "dual vectors"),
    ),
    "dual function": Entry(
        "For a dual vector v: how much each possible neuron would gain from it, N_v = Σ v_i (u·x_i + b)₊.",
        ("dual function",),
    ),
    "weak duality": Entry(
        "Every dual vector that keeps to its limits gives a number below the objective of every network.",
        ("weak duality",),
    ),
    "strong duality": Entry(
        "The best dual vector reaches the objective of the best network: the two numbers meet.", ("strong duality",)
    ),
    "certificate": Entry(
        "Numbers that anyone can check by adding up, and that prove an answer best: here a network and a dual vector "
        "whose values meet.",
        ("certificate", "certificates"),
    ),
    "lower bound": Entry("A number that no network, of any width, can get below.", ("lower bound", "lower bounds")),
    "gap": Entry(
        "How far the network's objective lies above the proved lower bound, as a share of the objective. Up to a "
        "millionth counts as proved.",
        ("gap", "relative gap"),
    ),
    "objective": Entry(
        "What training makes small: the misfit at the data plus the price of the weights.", ("objective",)
    ),
    "oracle": Entry(
        "What answers one question about all possible neurons at once: which of them gains most from a dual vector?",
        ("oracle", "oracles"),
    ),
    "cutting plane": Entry(
        "A constraint that is added because the present answer breaks it: here a neuron that would gain more than β.",
        ("cutting plane", "cutting planes"),
    ),
    "extreme point": Entry(
        "A point of a convex set that lies between no two others of the set: a corner.",
        ("extreme point", "extreme points"),
    ),
    "convex hull": Entry(
        "All that lies between the points of a set: the smallest convex set around it.", ("convex hull", "hull")
    ),
    "polar": Entry(
        "The set of all vectors whose product with every element of a given set is at most one.", ("polar", "polar set")
    ),
    "gauge": Entry("By how much a set must be blown up until it reaches a given vector.", ("gauge",)),
    "rectified ellipsoid": Entry(
        "All outputs (Xu)₊ that one neuron of unit length can give on the data: an ellipsoid with what is negative set "
        "to zero.",
        ("rectified ellipsoid",),
    ),
    "spike-free": Entry(
        "Data on which cutting off the negative part of a neuron's output leads out of the ellipsoid nowhere. Then a "
        "simpler program already has the right optimum.",
        ("spike-free",),
    ),
    "whitened": Entry("Data turned and stretched until their rows are orthonormal.", ("whitened", "whitening")),
    "hinge": Entry(
        "A loss for two classes: zero beyond the margin on the right side, growing straight otherwise.",
        ("hinge", "hinge loss"),
    ),
    "hard margin": Entry("Every point must lie beyond the margin of its class; no miss is allowed.", ("hard margin",)),
    "margin": Entry("Where a classifier's output is +1 or −1: points beyond it cost nothing.", ("margin",)),
    "loss": Entry("What a miss at a data point costs.", ("squared loss", "loss")),
    "width": Entry("The number of neurons of a network.", ("width",)),
    "gradient descent": Entry(
        "Training by small steps downhill. It may stop where no small step helps, far from the best.",
        ("gradient descent",),
    ),
    "tangent kernel": Entry(
        "What training becomes when the weights hardly move: a linear method with a fixed similarity of points.",
        ("tangent kernel",),
    ),
    "linear program": Entry("A linear function to be made small under linear constraints.", ("linear program", "LP")),
    "cone program": Entry(
        "A convex problem of linear functions and lengths, which standard solvers solve with a proof.",
        ("cone program",),
    ),
    "activation pattern": Entry(
        "Which of the data points a neuron is switched on for.", ("activation pattern", "activation patterns")
    ),
    "auto-encoder": Entry("A network trained to give its own input back.", ("auto-encoder", "auto-encoders")),
}

# What is not plain text in Markdown: formulas, code, links, headings, tags.
_KEPT = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`\n]*`|\[[^\]]*\]\([^)]*\)|^#.*?$|<[^>]*>", re.S | re.M)


@dataclass
class Reading:
    """Reads the texts of a page in their order and explains each word of the glossary where it first stands."""

    seen: set[str] = field(default_factory=set)

    def __call__(self, markdown: str) -> str:
        """The text as Markdown with HTML in it; formulas, code, links and headings are left as they are."""
        done, parts = 0, []
        for kept in _KEPT.finditer(markdown):
            parts += [self._explained(markdown[done : kept.start()]), kept.group()]
            done = kept.end()
        return "".join([*parts, self._explained(markdown[done:])])

    def _explained(self, plain: str) -> str:
        return _ANY.sub(self._first, plain)

    def _first(self, found: re.Match[str]) -> str:
        word = _BY_FORM[found.group().lower()]
        if word in self.seen:
            return found.group()
        self.seen.add(word)
        return explained(found.group(), WORDS[word].meaning)


def explained(shown: str, meaning: str) -> str:
    """A word with its explanation, which the style sheet shows on hover and on focus, that is on a tap too."""
    tip = f'<span class="cvz-tip" role="tooltip">{html.escape(meaning)}</span>'
    return f'<span class="cvz-word" tabindex="0" data-testid="glossary">{shown}{tip}</span>'


_BY_FORM = {form.lower(): word for word, entry in WORDS.items() for form in entry.forms}
_LONGEST_FIRST = sorted(_BY_FORM, key=len, reverse=True)
_ANY = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?![\w-])", re.IGNORECASE)
