"""Texts that bring a lesson into a page, a deck or a notebook, with the address of the server that the lesson is on."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit


@dataclass(frozen=True)
class Target:
    """A lesson to be embedded: its whole address, its title, and the size in px of its window."""

    address: str
    title: str
    width: int = 960
    height: int = 540

    @property
    def name(self) -> str:
        """The title that a frame says to those who cannot see it."""
        return f"{self.title}, an interactive lesson of convexviz"


@dataclass(frozen=True)
class Snippet:
    """A text to copy: what it is for, its language, and how it is made of a target."""

    label: str
    language: str | None
    text: Callable[[Target], str]


def embedded_address(page: str, query: Mapping[str, str], embed: bool) -> str:
    """The address of a page with this query, and `embed=true` before it."""
    named = ({"embed": "true"} if embed else {}) | dict(query)
    return urlunsplit(urlsplit(page)._replace(query=urlencode(named, safe=","), fragment=""))


def iframe(target: Target) -> str:
    """An element of HTML."""
    return (
        f'<iframe src="{_quoted(target.address)}"\n'
        f'        title="{_quoted(target.name)}" loading="lazy"\n'
        f'        width="{target.width}" height="{target.height}" style="max-width: 100%; border: 0"></iframe>'
    )


def reveal(target: Target) -> str:
    """A slide of reveal.js that is the lesson: loaded when the slide comes near, and it answers to the mouse."""
    return (
        f'<section data-background-iframe="{_quoted(target.address)}" data-background-interactive\n'
        f'         aria-label="{_quoted(target.name)}"></section>'
    )


def quarto(target: Target) -> str:
    """A raw block of Quarto, for pages and slides in HTML."""
    return f"```{{=html}}\n{iframe(target)}\n```"


def jupyter(target: Target) -> str:
    """A cell of a notebook."""
    return (
        "from IPython.display import IFrame\n\n"
        f"IFrame({_python(target.address)}, width={target.width}, height={target.height})"
    )


def markdown(target: Target) -> str:
    """A link in Markdown; what would end it early is encoded."""
    title = target.title.translate({ord(char): f"\\{char}" for char in "\\[]"})
    return f"[{title}]({target.address.replace('(', '%28').replace(')', '%29')})"


SNIPPETS: Mapping[str, Snippet] = {
    "iframe": Snippet("HTML", "html", iframe),
    "reveal": Snippet("reveal.js", "html", reveal),
    "quarto": Snippet("Quarto", "markdown", quarto),
    "jupyter": Snippet("Jupyter", "python", jupyter),
    "markdown": Snippet("Markdown", "markdown", markdown),
}


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)


def _python(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
