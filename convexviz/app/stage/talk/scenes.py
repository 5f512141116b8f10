"""A talk as data, and as text: a link or a file. What comes from outside is checked before it is believed.

A link holds the whole talk: JSON, deflated, in the letters of base64 that need no escape. So whoever opens it has the
talk without any server that keeps it, and a reload in the middle of it finds its place.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

Theme = Literal["", "light", "dark"]
Hand = Literal["", "beta", "film"]

VERSION = 1
MOST_SCENES = 100
MOST_LINK = 30_000  # characters; servers take addresses of 64 kB, and a query is sent twice
MOST_FILE = 1_000_000  # bytes of JSON, inflated or in a file: a hundred scenes with as many points as a board holds
MOST_WORDS = 300  # characters of a sentence or title: more cannot be read from the last row
MOST_SHOWN = 2  # pictures side by side
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")  # of a lesson or a picture; both get into addresses and style sheets


class TalkError(ValueError):
    """Text that holds no talk, or one that cannot be told."""


@dataclass(frozen=True)
class TalkScene:
    """A lesson in a state, and how it is put on stage.

    Attributes
    ----------
    lesson, query : its address, and what a link to the state names.
    sentence : what is said of it, `**bold**` and `*italic*` allowed.
    show : the names of one picture or two; nothing for those that the lesson puts first.
    hand : what else can be moved, beside the board: β, or the film.
    theme : "" for that of the visitor.
    """

    lesson: str
    query: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    show: tuple[str, ...] = ()
    hand: Hand = ""
    theme: Theme = ""


@dataclass(frozen=True)
class Talk:
    """Scenes in the order in which they are shown."""

    title: str = ""
    scenes: tuple[TalkScene, ...] = ()

    def added(self, scene: TalkScene) -> Talk:
        """With one more scene at the end; TalkError for more than a talk holds."""
        if len(self.scenes) >= MOST_SCENES:
            raise TalkError(f"A talk holds at most {MOST_SCENES} scenes; remove one first.")
        return replace(self, scenes=(*self.scenes, scene))

    def without(self, k: int) -> Talk:
        """Without scene k, counted from 0."""
        return replace(self, scenes=self.scenes[:k] + self.scenes[k + 1 :])

    def moved(self, k: int, to: int) -> Talk:
        """With scene k in place `to`."""
        scenes = [*self.scenes]
        scenes.insert(to, scenes.pop(k))
        return replace(self, scenes=tuple(scenes))

    def changed(self, k: int, **changes: Any) -> Talk:
        """With scene k changed."""
        scenes = [*self.scenes]
        scenes[k] = replace(scenes[k], **changes)
        return replace(self, scenes=tuple(scenes))


# ---------------------------------------------------------------- JSON


def to_json(talk: Talk) -> str:
    """The talk as a file; what is empty is left out."""
    scenes = [{name: value for name, value in vars(scene).items() if value} for scene in talk.scenes]
    return json.dumps({"convexviz-talk": VERSION, "title": talk.title, "scenes": scenes}, ensure_ascii=False)


def from_json(text: str) -> Talk:
    """The talk of a file; TalkError where it holds none."""
    if len(text.encode()) > MOST_FILE:
        raise TalkError(f"A talk must be at most {MOST_FILE // 1000} kB, got {len(text.encode()) // 1000} kB.")
    try:
        known = json.loads(text)
    except ValueError as error:
        raise TalkError(f"A talk must be JSON, and this text is none ({error}); choose the file once more.") from None
    if not isinstance(known, dict) or known.get("convexviz-talk") != VERSION:
        raise TalkError(
            'This JSON is no talk: "convexviz-talk": 1 must stand in it. Choose a file saved in the dialog.'
        )
    scenes = known.get("scenes")
    if not isinstance(scenes, list) or len(scenes) > MOST_SCENES:
        raise TalkError(f'"scenes" must be a list of at most {MOST_SCENES}, got {_seen(scenes)}.')
    return Talk(_words(known.get("title", ""), "title"), tuple(_scene(k, one) for k, one in enumerate(scenes, 1)))


def _scene(k: int, one: Any) -> TalkScene:
    where = f"scene {k}"
    if not isinstance(one, dict):
        raise TalkError(f"Each scene must be an object, got {_seen(one)} as {where}.")
    known: dict[str, Any] = {"query": {}, "sentence": "", "show": [], "hand": "", "theme": ""} | one
    query = known["query"]
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise TalkError(f'"query" must name texts, got {_seen(query)} in {where}.')
    return TalkScene(
        _name(known.get("lesson"), f"the lesson of {where}"),
        query,
        _words(known["sentence"], f"the sentence of {where}"),
        _shown(known["show"], where),
        _one_of(known["hand"], get_args(Hand), f'"hand" of {where}'),
        _one_of(known["theme"], get_args(Theme), f'"theme" of {where}'),
    )


def _shown(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_SHOWN:
        raise TalkError(f'"show" must be a list of at most {MOST_SHOWN} pictures, got {_seen(value)} in {where}.')
    return tuple(_name(one, f"each picture of {where}") for one in value)


def _name(value: Any, what: str) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise TalkError(f"{what[0].upper()}{what[1:]} must be named in small letters, got {_seen(value)}.")
    return value


def _words(value: Any, what: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_WORDS:
        raise TalkError(f"{what[0].upper()}{what[1:]} must be a text of at most {MOST_WORDS} characters.")
    return " ".join(value.split())


def _one_of(value: Any, known: Sequence[Any], what: str) -> Any:
    if value not in known:
        raise TalkError(f"{what} must be one of {', '.join(map(repr, known))}, got {_seen(value)}.")
    return value


def _seen(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


# ---------------------------------------------------------------- links


def encode(talk: Talk) -> str:
    """The talk as one word of an address; TalkError where it is too long for one."""
    packed = zlib.compress(to_json(talk).encode(), level=9)
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(text) > MOST_LINK:
        raise TalkError(
            f"This talk needs {len(text)} characters, and a link holds {MOST_LINK}; keep it as a file, or remove "
            "scenes with many drawn points."
        )
    return text


def decode(text: str) -> Talk:
    """The talk of a link; TalkError for damaged or overlong text."""
    if len(text) > MOST_LINK:
        raise TalkError(f"The talk in a link must be at most {MOST_LINK} characters, got {len(text)}.")
    inflate = zlib.decompressobj()
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        known = inflate.decompress(packed, MOST_FILE).decode()
    except (binascii.Error, ValueError, zlib.error):
        raise TalkError("The link of this talk is damaged: copy the whole of it once more.") from None
    if not inflate.eof:
        raise TalkError("The link of this talk is cut short, or holds too much: copy the whole of it once more.")
    return from_json(known)
