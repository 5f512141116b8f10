"""Names of files that say what is in them: `convexviz-splines-dual-beta-0.2-slide-dark.svg`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

LONGEST = 110  # letters of a name without its ending: every file system takes it
SHORT = 12  # letters of a setting that a name holds; the points of a link are longer
LETTERS = {"β": "beta", "λ": "lambda", "−": "-", "ℓ": "l"}


def file_name(title: str, picture: str, state: Mapping[str, str] | Sequence[str], ext: str) -> str:
    """Lesson, picture and state, as far as they are short, in letters that every system takes.

    `state` are settings by name, or words, such as those of preset and theme.
    """
    words = settings_of(state) if isinstance(state, Mapping) else state
    parts = [slug(word) for word in ("convexviz", title, picture, *words)]
    made = ""
    for part in dict.fromkeys(part for part in parts if part):
        made = f"{made}-{part}" if made and len(made) + len(part) < LONGEST else made or part
    return f"{made}.{ext.lstrip('.')}"


def settings_of(state: Mapping[str, str]) -> list[str]:
    """Settings as words, without the long ones."""
    return [f"{name} {value}" for name, value in state.items() if len(str(value)) <= SHORT]


def slug(text: str) -> str:
    """The text in small letters, digits, dots and hyphens."""
    for letter, word in LETTERS.items():
        text = text.replace(letter, word)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")
