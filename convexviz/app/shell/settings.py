"""Settings of a lesson: one table drives defaults, widgets and the share link.

A lesson's settings are a frozen dataclass. Each field carries its row of the table, a `Setting`, as metadata, so that
the type checker knows the values and everything else (controls.py, the link) reads the row. No streamlit in here.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, Protocol, Self

from convexviz import data
from convexviz.core.losses import LOSSES as EVERY_LOSS

Kind = Literal["choice", "int", "float", "bool", "text", "words"]

LOSSES = {
    "regression": tuple(name for name, loss in EVERY_LOSS.items() if not loss.classification),
    "classification": (*(name for name, loss in EVERY_LOSS.items() if loss.classification), "squared"),
}
LOSS_NAMES = {
    "squared": "squared",
    "interpolate": "interpolate",
    "huber": "Huber",
    "quantile": "median",
    "hinge": "hinge",
    "logistic": "logistic",
    "hard_margin": "hard margin",
}
LOSS_HELP = (
    "How a miss is counted. *Huber* counts what exceeds 1 less, *median* (the quantile loss at ½) every miss by half "
    "its size: outliers pull less. *Interpolate* and *hard margin* allow none."
)
CONTROL_GROUPS = ("presets", "data", "loss", "beta", "overlays", "share")
PAGE_PARTS = ("title", "tour", "code", "export", "idea", "theorem", "try", "challenges", "top", "ways")
"""What a link can hide on every lesson, beside the lesson's own groups of controls."""
DATA_SOURCE = ("task", "dataset", "n", "noise", "seed", "formula")  # what the points are made from, unless drawn

MAX_TEXT = 20_000  # characters; 200 drawn points take about 1100
SHOWN_TEXT = 40  # characters of a damaged value that a message repeats
DECIMAL = re.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,4})?")
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_\w+", re.ASCII)  # added to links by mailers, never ours


@dataclass(frozen=True)
class Setting:
    """One row of the table. `query` is the name in a link, `names` the words a widget shows for the choices."""

    name: str
    default: Any
    kind: Kind
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    lo: float = -math.inf
    hi: float = math.inf
    query: str = ""
    check: Callable[[str], Any] | None = None  # raises ValueError for text that reads well and means nothing


def setting(default: Any, kind: Kind, label: str, help: str = "", **row: Any) -> Any:
    """A dataclass field that carries its row of the table."""
    return field(default=default, metadata={"setting": Setting("", default, kind, label, help, **row)})


class LessonSettings(Protocol):
    """What link and state need from a lesson's settings: a frozen dataclass that keeps itself in order."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """Settings from the values that a link names, and what had to be changed for them to go together."""
        ...

    def changed(self, **changes: Any) -> Self:
        """These settings with some changed, and what depends on the changed ones put right."""
        ...

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        ...


@dataclass(frozen=True)
class DataSettings(ABC):
    """What lessons on drawn points share: how task, loss, preset, sampling and points go together.

    The fields are the subclass's: task, loss, dataset, n, noise, seed, points, hide, and formula where there is one.
    """

    dims: ClassVar[int]  # features of the presets
    first_task: ClassVar[data.Task] = "regression"

    task: data.Task
    loss: str
    beta: float
    dataset: str
    n: int
    noise: float
    seed: int
    points: str
    hide: str

    @classmethod
    def assembled(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """Settings from the values that a link names; loss or preset alone decide the task."""
        task: data.Task = values.get("task") or implied_task(values, cls.first_task)
        loss = table(cls)["loss"].default
        first = {"loss": loss if loss in LOSSES[task] else LOSSES[task][0], "dataset": data.names(task, cls.dims)[0]}
        settings = cls(**{**first, **values, "task": task})
        repairs = settings.repairs()
        problems = [f"{name} = {getattr(settings, name)}: {text}" for name, (_, text) in repairs.items()]
        return replace(settings, **{name: value for name, (value, _) in repairs.items()}), problems

    def repairs(self) -> dict[str, tuple[Any, str]]:
        """For each value that does not go with the others: its replacement and the reason."""
        found: dict[str, tuple[Any, str]] = {}
        if self.loss not in LOSSES[self.task]:
            loss = LOSSES[self.task][0]
            found["loss"] = (loss, f"it does not go with {self.task}; using {loss}.")
        presets = data.names(self.task, dims=self.dims)
        if self.dataset not in presets:
            found["dataset"] = (presets[0], f"it is not for {self.task}; using {presets[0]}.")
        spec = data.DATASETS[found["dataset"][0] if "dataset" in found else self.dataset]
        n = min(max(self.n, spec.n_min), spec.n_max)
        if n != self.n:
            found["n"] = (n, f"{spec.name} has {spec.n_min} to {spec.n_max} points; using {n}.")
        if self.task == "classification" and self.points and not self.holds_labels(self.points):
            found["points"] = ("", "they carry no classes; using the preset.")
        return found

    def changed(self, **changes: Any) -> Self:
        """A new task brings its first loss and preset, a preset its n and noise, and new data replace drawn points."""
        follow: dict[str, Any] = {}
        if changes.get("task", self.task) != self.task:
            follow |= {"loss": LOSSES[changes["task"]][0], "dataset": data.names(changes["task"], dims=self.dims)[0]}
        dataset = changes.get("dataset", follow.get("dataset", self.dataset))
        if dataset != self.dataset:
            follow |= {"n": data.DATASETS[dataset].n, "noise": data.DATASETS[dataset].noise}
            follow |= {"formula": ""} if hasattr(self, "formula") else {}
        both = follow | changes
        if any(both.get(name, getattr(self, name, None)) != getattr(self, name, None) for name in DATA_SOURCE):
            both = {"points": ""} | both
        settings = replace(self, **both)
        return replace(settings, **{name: value for name, (value, _) in settings.repairs().items()})

    @staticmethod
    @abstractmethod
    def holds_labels(points: str) -> bool:
        """Do the drawn points carry classes?"""

    def hides(self, group: str) -> bool:
        """Is this control group left out by the lesson link?"""
        return group in self.hide.split(",")


_TABLES: dict[type[Any], Mapping[str, Setting]] = {}


def table(cls: type[Any]) -> Mapping[str, Setting]:
    """The rows of a lesson's settings by field name."""
    if cls not in _TABLES:
        rows = {f.name: f.metadata["setting"] for f in fields(cls)}
        _TABLES[cls] = {name: replace(row, name=name, query=row.query or name) for name, row in rows.items()}
    return _TABLES[cls]


# --- values <-> text -----------------------------------------------------------------------------------------------


def to_query(settings: LessonSettings) -> dict[str, str]:
    """Query parameters that bring these settings back; what is at its default is left out."""
    values = [(row, getattr(settings, name)) for name, row in table(type(settings)).items()]
    return {row.query: to_text(row, value) for row, value in values if value != row.default}


def to_text(row: Setting, value: Any) -> str:
    """One value as a link spells it: shortest text that reads back as the same number."""
    if row.kind == "bool":
        return "1" if value else "0"
    return repr(float(value)) if row.kind == "float" else str(value)


def from_query(query: Mapping[str, str], cls: type[Any]) -> tuple[Any, list[str]]:
    """Settings of a link and one message for each part of it that had to be ignored. Raises nothing."""
    rows = {row.query: row for row in table(cls).values()}
    values: dict[str, Any] = {}
    known = {*rows, *getattr(cls, "elsewhere", ())}  # old links may name what another lesson has now
    problems = [f"{quoted(key)}: no such setting." for key in query if key not in known and not TRACKING.fullmatch(key)]
    for key, row in rows.items():
        if key in query:
            try:
                values[row.name] = read(row, query[key])
            except ValueError as error:
                reason = str(error).rstrip(".").replace("`", "'")
                problems.append(f"{quoted(f'{key}={query[key]}')}: {reason}.")
    settings, repairs = cls.assembled(values)
    return settings, problems + repairs


def implied_task(values: Mapping[str, Any], first: data.Task) -> data.Task:
    """The task of a hand-written link that names only a loss (`?loss=hinge`) or a preset, or neither."""
    if "dataset" in values:
        return data.DATASETS[values["dataset"]].task
    if "loss" not in values or values["loss"] in LOSSES[first]:
        return first
    return "regression" if first == "classification" else "classification"


def read(row: Setting, text: str) -> Any:
    """The value a piece of text stands for; ValueError says what must hold."""
    return READERS[row.kind](row, text)


def _read_choice(row: Setting, text: str) -> str:
    if text not in row.choices:
        raise ValueError(f"it must be one of {', '.join(row.choices)}")
    return text


def _read_bool(row: Setting, text: str) -> bool:
    words = {"1": True, "true": True, "0": False, "false": False}
    if text.lower() not in words:
        raise ValueError("it must be 1 or 0")
    return words[text.lower()]


def _read_int(row: Setting, text: str) -> int:
    if re.fullmatch(r"[+-]?[0-9]{1,12}", text) and row.lo <= int(text) <= row.hi:
        return int(text)
    raise ValueError(f"it must be a whole number from {row.lo:.0f} to {row.hi:.0f}")


def _read_float(row: Setting, text: str) -> float:
    if DECIMAL.fullmatch(text) and row.lo <= float(text) <= row.hi:
        return float(text)
    raise ValueError(f"it must be a number from {row.lo:g} to {row.hi:g}")


def _read_text(row: Setting, text: str) -> str:
    longest = int(min(row.hi, MAX_TEXT))
    if len(text) > longest:
        raise ValueError(f"it must have at most {longest} characters")
    if not text.isprintable():
        raise ValueError("it must not contain control characters")
    if row.check and text:
        row.check(text)
    return text


def _read_words(row: Setting, text: str) -> str:
    words = {word.strip() for word in text.split(",")} - {""}
    if words - set(row.choices):
        raise ValueError(f"it must list some of {', '.join(row.choices)}")
    return ",".join(word for word in row.choices if word in words)


READERS: Mapping[str, Callable[[Setting, str], Any]] = {
    "choice": _read_choice,
    "bool": _read_bool,
    "int": _read_int,
    "float": _read_float,
    "text": _read_text,
    "words": _read_words,
}


def quoted(text: str) -> str:
    """Foreign text as Markdown shows it verbatim: printable, short, in a code span that it cannot leave."""
    shown = "".join(char for char in text if char.isprintable() and char != "`")
    return f"`{shown[:SHOWN_TEXT]}{'…' if len(shown) > SHOWN_TEXT else ''}`"
