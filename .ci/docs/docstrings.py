"""This project's docstrings, `name : what it is`, as the numpy style has them: what it is on a line of its own.

The types stand in the signatures, which are checked; so what follows the colon is the description and no type.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

SECTION = re.compile(
    r"^(Parameters|Attributes|Other Parameters)\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL
)
ENTRY = re.compile(r"^(\S[^\n:]*?) : (.*)$", re.MULTILINE)


class Compact(griffe.Extension):
    """Rewrites each docstring before it is parsed."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """A module, class, function or attribute has been read."""
        if obj.docstring is not None:
            obj.docstring.value = SECTION.sub(_spread, obj.docstring.value)


def _spread(section: re.Match[str]) -> str:
    lines = ENTRY.sub(r"\1\n    \2", section[2])
    return f"{section[1]}\n{'-' * len(section[1])}\n{lines}"
