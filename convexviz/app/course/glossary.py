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
    "ReLU": Entry("The function max(0, z): nothing below zero, the identity above.", ("ReLU", "ReLUs")),
    "dual vector": Entry(
        "One number for every data point. If no neuron can gain more from these numbers than β, they prove a lower "
        "bound that no network can beat.",
        ("dual vector", "dual vectors"),
    ),
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
