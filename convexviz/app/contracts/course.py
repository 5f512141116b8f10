"""What the guide shows and judges, what is kept in the browser, and the dual by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict


class GuideMessage(TypedDict):
    """What the guide `key` brings into view and remembers.

    `scene` names what was begun last, "" for nothing, and `figure` the container that it is about. `challenge` is the
    one under way, `lesson/name`, and `done` whether the present state meets it; `reward` is said when it does.
    """

    key: str
    seq: int
    scene: str
    figure: str
    challenge: str
    done: bool
    reward: str


class KeeperMessage(TypedDict):
    """The present state of the lesson `page` as the query of a link, for the browser to keep.

    It may ask for what it has kept as long as the page is `fresh`: neither a link nor the store has set it. `brought`
    says that the store did. `told` counts the values sent to widgets: a new count asks for word of what they hold now.
    Of an `embedded` page nothing is kept: its state is named by a link in the corner, which opens the whole lesson.
    """

    key: str
    seq: int
    page: str
    session: str
    query: str
    fresh: bool
    brought: bool
    told: int
    embedded: bool


class PreviewMessage(TypedDict):
    """A page of the app by its address, and the size in px of the window that it is shown in."""

    address: str
    width: int
    height: int


class Way(TypedDict):
    """Where a talk goes: a lesson's address and a query; `seq` tells it from one that was followed before."""

    lesson: str
    query: Mapping[str, str]
    seq: int


class TalkMessage(TypedDict):
    """What the stage shows around the pictures of a lesson; where none is `on`, it waits for the key that begins one.

    Scene `at`, from 0, of those in `lessons` (whose scenes they are), with its `sentence`, its `theme` ("" for the
    visitor's) and, where something of the talk could not be read, the `problem`. `go` is the way to begin, if any.
    """

    on: bool
    at: int
    lessons: Sequence[str]
    sentence: str
    theme: Literal["", "light", "dark"]
    problem: str
    go: Way | None


class TalkRequest(TypedDict):
    """What a key asks for: to begin, or the scene that is on as it was written down."""

    ask: Literal["begin", "again"]


class TalkListMessage(TypedDict):
    """The talk that is being built, as JSON, for the browser to keep; where it is None, it is asked for its own.

    `opened` numbers the times the dialog was opened.
    """

    opened: int
    text: str | None


class Reading(TypedDict):
    """A network as its numbers at the points: outputs `f` (n,), sum |w|, loss and objective (None for infinite)."""

    f: Sequence[float]
    penalty: float
    loss: float | None
    objective: float | None


class DualMessage(TypedDict):
    """A dual vector in the hand, `part` is what of it is drawn; the parts of a page share what the hand does.

    Points x, y and v (n,). `band` is half the width of the band that N_v may fill, `free` whether the sum of v may
    leave zero. `own` is the network that belongs to v, `best` the objective of the best one so far (None for infinite),
    `solved` whether v is the solver's, `baseline` the loss of the best constant, by which an objective of zero is
    measured. `rev` is the number of the last request seen. `span` are the limits of x, `reach` of v, `top` of the bars.
    """

    part: Literal["handles", "bounds", "worked"]
    x: Sequence[float]
    y: Sequence[float]
    v: Sequence[float]
    loss: str
    band: float
    free: bool
    own: Reading
    best: float | None
    solved: bool
    baseline: float
    rev: int
    span: Sequence[float]
    reach: float
    top: float


class DualRequest(TypedDict, total=False):
    """v as the hand left it, the number of the request, and the v whose network was the best one on the way."""

    v: Sequence[float]
    rev: int
    best: Sequence[float] | None
