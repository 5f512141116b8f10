"""A formula y = f(x) typed by hand, as in `sin(3x) + |x|/2`, read without ever running it as code.

A tokenizer and a precedence-climbing parser turn the text into a short program for a stack machine: numbers, x, and
calls into the fixed table `FUNCTIONS`. Length, depth and constant exponents are bounded.

Precedence, loosest first: + and -; * and / and a factor written next to another (`2x`, `(x+1)(x-1)`), read from left
to right, so that `1/2x` is half of x; a sign; powers (^ or **), from right to left, so that `-x^2` is -(x^2).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, NamedTuple, NoReturn

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from convexviz.data.dataset import Dataset
from convexviz.data.validation import FloatArray, check_count, check_noise, check_seed, did_you_mean

MAX_LENGTH = 300  # characters; a curve worth drawing fits in far fewer
MAX_DEPTH = 40  # nested brackets, signs and powers; keeps the parser far from Python's recursion limit
MAX_EXPONENT = 64  # of a constant power; beyond it a curve on [-1, 1] is a spike
MAX_ARGUMENTS = 8
MAX_VALUE = 1e9  # larger targets are no picture, and cost the solver its digits
MAX_SAMPLES = 100_000

CONSTANTS = {"pi": math.pi, "π": math.pi, "tau": math.tau, "e": math.e}


def _step(x: Any) -> Any:
    return np.heaviside(x, 0.0)


def _largest(*values: Any) -> Any:
    return reduce(np.maximum, values)


def _smallest(*values: Any) -> Any:
    return reduce(np.minimum, values)


class Function(NamedTuple):
    """What a name computes, and the least and greatest number of arguments it takes."""

    run: Callable[..., Any]
    least: int = 1
    most: int = 1


FUNCTIONS: dict[str, Function] = {
    "sin": Function(np.sin),
    "cos": Function(np.cos),
    "tan": Function(np.tan),
    "asin": Function(np.arcsin),
    "acos": Function(np.arccos),
    "atan": Function(np.arctan),
    "sinh": Function(np.sinh),
    "cosh": Function(np.cosh),
    "tanh": Function(np.tanh),
    "exp": Function(np.exp),
    "log": Function(np.log),
    "ln": Function(np.log),
    "log2": Function(np.log2),
    "log10": Function(np.log10),
    "sqrt": Function(np.sqrt),
    "cbrt": Function(np.cbrt),
    "abs": Function(np.abs),
    "sign": Function(np.sign),
    "floor": Function(np.floor),
    "ceil": Function(np.ceil),
    "round": Function(np.round),
    "step": Function(_step),
    "relu": Function(lambda x: np.maximum(0.0, x)),
    "sigmoid": Function(expit),
    "max": Function(_largest, 2, MAX_ARGUMENTS),
    "min": Function(_smallest, 2, MAX_ARGUMENTS),
    "mod": Function(np.mod, 2, 2),
    "clip": Function(lambda x, low, high: np.minimum(np.maximum(x, low), high), 3, 3),
}

# Signs are functions too, under names that no text can spell.
_OPERATORS: dict[str, Function] = {
    "+": Function(np.add, 2, 2),
    "-": Function(np.subtract, 2, 2),
    "*": Function(np.multiply, 2, 2),
    "/": Function(np.divide, 2, 2),
    "^": Function(np.power, 2, 2),
    "negative": Function(np.negative),
}
_TABLE = {**FUNCTIONS, **_OPERATORS}

_SUM, _PRODUCT, _SIGN, _POWER = 1, 2, 3, 4
_INFIX = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_SPELLINGS = {"**": "^", "−": "-", "·": "*", "×": "*", "÷": "/"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_LEFT_SIDE = re.compile(r"\s*(?:y|f\s*\(\s*x\s*\))\s*=", re.IGNORECASE)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*|π)"
    r"|(?P<mark>\*\*|[-+*/^(),|−·×÷])"
    r"|(?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<other>\S))"
)
_CHARACTER_REMEDIES = {
    "=": "write only the right-hand side, as in y = 2x",
    "<": "write step(a - x) for 1 left of a and 0 right of it",
    ">": "write step(x - a) for 0 left of a and 1 right of it",
    "%": "write mod(a, b) for a remainder",
    "[": "use round brackets",
    "]": "use round brackets",
    "{": "use round brackets",
    "}": "use round brackets",
    ".": "write a digit beside the point, as in 0.5",
}


class FormulaError(ValueError):
    """A formula that cannot be read or drawn; `position` is the index of the character at fault, if one is."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position

    def __reduce__(self) -> tuple[Any, ...]:
        return FormulaError, (self.args[0], self.position)


class Instruction(NamedTuple):
    """One step of the stack machine: push `value`, push x, or call `name` on the last `arity` values."""

    name: str
    arity: int = 0
    value: float = 0.0


_PUSH_X = Instruction("x")


@dataclass(frozen=True)
class Formula:
    """A parsed formula: `formula(x)` evaluates it elementwise; hashable and picklable, for it holds no code."""

    text: str
    program: tuple[Instruction, ...]

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Values at x, of the shape of x; where the formula is not defined, nan or inf."""
        points = np.asarray(x, dtype=np.float64)
        return np.full(points.shape, _run(self.program, points))


def parse_formula(text: str) -> Formula:
    """Read a formula in x, such as `2x^2 - 1`, `max(0, x-0.5)` or `y = exp(-x**2)`.

    Raises FormulaError, with the character at fault and a remedy, for anything it cannot read.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"The formula must have at most {MAX_LENGTH} characters, got {len(text)}; shorten it.", MAX_LENGTH
        )
    return Formula(text, tuple(_Parser(_tokenize(text)).parse()))


def sample_formula(
    text: str,
    x_range: tuple[float, float] = (-1.0, 1.0),
    n: int = 30,
    noise: float = 0.0,
    seed: int = 0,
    layout: Literal["even", "random"] = "even",
) -> Dataset:
    """n points of y = f(x) + noise for a regression, x evenly spaced or drawn at random, in increasing order.

    Raises FormulaError when the formula cannot be read, or has no finite value of sensible size at one of the points.
    """
    formula = parse_formula(text)
    low, high = _check_range(x_range)
    count, strength = check_count(n, 1, MAX_SAMPLES), check_noise(noise, MAX_VALUE)
    rng = np.random.default_rng(check_seed(seed))
    x = _grid(low, high, count, layout, rng)
    y = formula(x)
    _check_values(x, y)
    return Dataset.create(x[:, None], y + strength * rng.standard_normal(count), "regression", text.strip())


def _grid(low: float, high: float, n: int, layout: str, rng: np.random.Generator) -> FloatArray:
    if layout == "random":
        return np.sort(rng.uniform(low, high, n))
    if layout != "even":
        raise ValueError(f"layout must be 'even' or 'random', got {layout!r}; use 'even'.")
    return np.linspace(low, high, n) if n > 1 else np.array([(low + high) / 2.0])


def _check_range(x_range: Sequence[float]) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in x_range)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if not -MAX_VALUE <= low < high <= MAX_VALUE:
        raise ValueError(f"x_range must be two numbers, low < high, got {x_range!r}; use (-1, 1).")
    return low, high


def _check_values(x: FloatArray, y: FloatArray) -> None:
    bad = np.flatnonzero(~(np.abs(y) <= MAX_VALUE))  # written so that nan is bad
    if not len(bad):
        return
    first, others = bad[0], len(bad) - 1
    elsewhere = f" (and at {others} more of {len(x)} points)" if others else ""
    raise FormulaError(
        f"The formula must have a finite value (at most {MAX_VALUE:g} in size) at every point, "
        f"got {y[first]:g} at x = {x[first]:g}{elsewhere}; change the formula or the range of x there."
    )


def _run(program: Sequence[Instruction], x: FloatArray) -> Any:
    stack: list[Any] = []
    with np.errstate(all="ignore"):  # nan and inf are values here; whoever asked looks for them
        for name, arity, value in program:
            if arity:
                arguments = stack[-arity:]
                del stack[-arity:]
                stack.append(_TABLE[name].run(*arguments))
            else:
                stack.append(x if name == "x" else np.float64(value))
    return stack[0]


class _Token(NamedTuple):
    kind: str  # number, name, mark, superscript or end
    text: str
    position: int


def _tokenize(text: str) -> list[_Token]:
    left_side = _LEFT_SIDE.match(text)
    position = left_side.end() if left_side else 0
    tokens = []
    while found := _TOKEN.match(text, position):
        kind = found.lastgroup or ""
        token = _Token(kind, _SPELLINGS.get(found[kind], found[kind]), found.start(kind))
        if kind == "other":
            remedy = _CHARACTER_REMEDIES.get(token.text, "remove it")
            _refuse(
                "use only numbers, x, names and the signs + - * / ^ | ( )", repr(token.text), token.position, remedy
            )
        tokens.append(token)
        position = found.end()
    return [*tokens, _Token("end", "", len(text))]


def _refuse(must: str, got: str, position: int, remedy: str) -> NoReturn:
    ending = remedy if remedy.endswith("?") else f"{remedy}."
    raise FormulaError(f"The formula must {must}, got {got} at character {position + 1}; {ending}", position)


class _Parser:
    """Precedence climbing; what it reads goes to `program` in postfix order."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.in_bars = False  # whether the next | after a value closes one
        self.program: list[Instruction] = []

    @property
    def here(self) -> _Token:
        return self.tokens[self.index]

    def shown(self) -> str:
        return repr(self.here.text) if self.here.text else "its end"

    def parse(self) -> list[Instruction]:
        if self.here.kind == "end":
            _refuse("not be empty", "nothing", self.here.position, "type one, as in 2x + 1")
        self.expression(_SUM)
        if self.here.kind != "end":
            self.refuse_rest()
        return self.program

    def refuse_rest(self) -> NoReturn:
        token = self.here
        if token.kind == "number":
            _refuse(
                "have an operator between factors", repr(token.text), token.position, f"write * before {token.text}"
            )
        if token.text == ",":
            _refuse("have commas only inside max( , ) and the like", "','", token.position, "write decimals as 0.5")
        _refuse("close only what it opened", repr(token.text), token.position, "remove it or add the opening one")

    def expression(self, least: int) -> None:
        """Read a value and every operator after it that binds at least as tightly as `least`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            _refuse(f"nest at most {MAX_DEPTH} deep", "more", self.here.position, "use fewer brackets, signs or powers")
        self.prefix()
        while (operator := self.operator()) and _INFIX[operator] >= least:
            self.infix(operator)
        self.depth -= 1

    def operator(self) -> str | None:
        """The operator here: written, or the product implied by a name or an opening bracket after a value."""
        kind, text, _ = self.here
        if text in _INFIX:
            return text
        if kind == "superscript":
            return "^"
        opens = kind == "name" or text == "(" or (text == "|" and not self.in_bars)
        return "*" if opens else None

    def infix(self, operator: str) -> None:
        start = len(self.program)
        position = self.here.position
        if self.here.kind == "superscript":
            self.number(self.here.text.translate(_SUPERSCRIPTS), position)
            self.index += 1
        else:
            if self.here.text == operator:
                self.index += 1
            position = self.here.position
            # a power reads further powers first, the others leave their equals to the loop
            self.expression(_POWER if operator == "^" else _INFIX[operator] + 1)
        if operator == "^":
            self.check_exponent(start, position)
        self.program.append(Instruction(operator, 2))

    def check_exponent(self, start: int, position: int) -> None:
        exponent = self.program[start:]
        if _PUSH_X in exponent:
            return
        value = float(_run(exponent, np.zeros(())))
        if not abs(value) <= MAX_EXPONENT:
            _refuse(f"have exponents up to {MAX_EXPONENT} in size", f"{value:g}", position, "use a smaller number")

    def prefix(self) -> None:
        kind, text, position = self.here
        if kind == "end":
            _refuse("have a value after each operator and bracket", "its end", position, "finish it, as in 2x + 1")
        self.index += 1
        if kind == "number":
            self.number(text, position)
        elif kind == "name":
            self.name(text, position)
        elif text in ("-", "+"):
            self.sign(text)
        elif text == "(":
            self.inside(")", position)
        elif text == "|":
            self.inside("|", position)
            self.program.append(Instruction("abs", 1))
        else:
            _refuse("have a value before and after each operator", repr(text), position, "put a number or x there")

    def sign(self, text: str) -> None:
        self.expression(_SIGN)
        if text == "-":
            self.program.append(Instruction("negative", 1))

    def number(self, text: str, position: int) -> None:
        value = float(text)
        if math.isinf(value):
            _refuse("use numbers below 1e308", text, position, "use a smaller one")
        self.program.append(Instruction("number", value=value))

    def name(self, text: str, position: int) -> None:
        word = text.lower()  # phones capitalise the first letter
        if word == "x":
            self.program.append(_PUSH_X)
        elif word in CONSTANTS:
            self.program.append(Instruction("number", value=CONSTANTS[word]))
        elif word in FUNCTIONS:
            self.call(word, position)
        else:
            _refuse("use known names", repr(text), position, _name_remedy(word))

    def call(self, word: str, position: int) -> None:
        if self.here.text != "(":
            remedy = f"write ({word}(x))^2 for a power" if self.here.text == "^" else f"write {word}(x)"
            _refuse(f"have a bracket after {word}", self.shown(), self.here.position, remedy)
        opened = self.here.position
        self.index += 1
        count = self.inside(")", opened, separated=True)
        _, least, most = FUNCTIONS[word]
        if not least <= count <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            example = ", ".join(["x", "0", "1"][:least])
            _refuse(
                f"give {word} {wanted} argument(s)",
                f"{count}",
                position,
                f"write {word}({example}), and decimals as 0.5",
            )
        self.program.append(Instruction(word, count))

    def inside(self, closing: str, opened: int, *, separated: bool = False) -> int:
        """Read up to the closing bracket; the number of values found, more than one where commas may separate them."""
        outer, self.in_bars = self.in_bars, closing == "|"
        self.expression(_SUM)
        count = 1
        while separated and self.here.text == ",":
            self.index += 1
            self.expression(_SUM)
            count += 1
        if self.here.text != closing:
            if self.here.kind != "end":
                self.refuse_rest()
            _refuse("close each bracket", f"an open {'|' if closing == '|' else '('}", opened, f"add {closing}")
        self.index += 1
        self.in_bars = outer
        return count


def _name_remedy(word: str) -> str:
    power = re.fullmatch(r"x([0-9]+)", word)
    if power:
        return f"write x^{power[1]} or {power[1]}x"
    meant = did_you_mean(word, [*FUNCTIONS, *CONSTANTS, "x"])
    return f"did you mean {meant}?" if meant else "use x, pi, e or a function such as sin, exp, abs, max"
