"""A formula y = f(x) typed by hand, as in `sin(3x) + |x|/2`, read without ever running it as code.

It is rewritten as an expression of Python, token by token, for Python's own parser; of the tree that comes back only
numbers, x, signs, + - * / ** and calls into the fixed table `FUNCTIONS` have a value here. Length, depth and constant
exponents are bounded.

Precedence, loosest first: + and -; * and / and a factor written next to another (`2x`, `(x+1)(x-1)`), read from left
to right, so that `1/2x` is half of x; a sign; powers (^ or **), from right to left, so that `-x^2` is -(x^2).
"""

from __future__ import annotations

import ast
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


class Function(NamedTuple):
    """What a name computes, and the least and greatest number of arguments it takes."""

    run: Callable[..., Any]
    least: int = 1
    most: int = 1


_OF_NUMPY = (
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10", "sqrt", "cbrt"),
    *("abs", "sign", "floor", "ceil", "round"),
)
FUNCTIONS: dict[str, Function] = {
    **{name: Function(getattr(np, name)) for name in _OF_NUMPY},
    "asin": Function(np.arcsin),
    "acos": Function(np.arccos),
    "atan": Function(np.arctan),
    "ln": Function(np.log),
    "step": Function(lambda x: np.heaviside(x, 0.0)),
    "relu": Function(lambda x: np.maximum(0.0, x)),
    "sigmoid": Function(expit),
    "max": Function(lambda *values: reduce(np.maximum, values), 2, MAX_ARGUMENTS),
    "min": Function(lambda *values: reduce(np.minimum, values), 2, MAX_ARGUMENTS),
    "mod": Function(np.mod, 2, 2),
    "clip": Function(lambda x, low, high: np.minimum(np.maximum(x, low), high), 3, 3),
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: lambda value: value,
}
_INFIX = {"+", "-", "*", "/", "^"}
_CLOSING = {"(": ")", "|": "|"}
_BRACKETS = {"(": ("[", "]"), "|": ("abs(", ")")}  # as Python gets them
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


@dataclass(frozen=True)
class Formula:
    """A parsed formula: `formula(x)` evaluates it elementwise; hashable and picklable, for it is text.

    `source` spells it as Python's parser reads it, with [ ] for brackets and for powers written as superscripts.
    """

    text: str
    source: str

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Values at x, of the shape of x; where the formula is not defined, nan or inf."""
        points = np.asarray(x, dtype=np.float64)
        return np.full(points.shape, _evaluate(ast.parse(self.source, mode="eval").body, points))


def parse_formula(text: str) -> Formula:
    """Read a formula in x, such as `2x^2 - 1`, `max(0, x-0.5)` or `y = exp(-x**2)`.

    Raises FormulaError, with the character at fault and a remedy, for anything it cannot read.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"The formula must have at most {MAX_LENGTH} characters, got {len(text)}; shorten it.", MAX_LENGTH
        )
    writer = _Writer()
    for token in _tokens(text):
        writer.read(token)
    _check(ast.parse(writer.source, mode="eval").body, writer.places)
    return Formula(text, writer.source)


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


def _evaluate(node: ast.AST, x: FloatArray) -> Any:
    with np.errstate(all="ignore"):  # nan and inf are values here; whoever asked looks for them
        return _value(node, x)


def _value(node: ast.AST, x: FloatArray) -> Any:
    """What the tree is worth at x; a node that is not in this list has no value, whoever wrote it."""
    match node:
        case ast.Constant(float(number)):
            return np.float64(number)
        case ast.Name("x"):
            return x
        case ast.List([inner]):
            return _value(inner, x)
        case ast.UnaryOp(sign, operand):
            return _OPERATORS[type(sign)](_value(operand, x))
        case ast.BinOp(left, operator, right):
            return _OPERATORS[type(operator)](_value(left, x), _value(right, x))
        case ast.Subscript(base, exponent):
            return np.power(_value(base, x), _value(exponent, x))
        case ast.Call(ast.Name(name), arguments):
            return FUNCTIONS[name].run(*(_value(argument, x) for argument in arguments))
    raise ValueError(f"A formula must be made by parse_formula, got {ast.unparse(node)!r}.")


def _check(node: ast.AST, places: list[int], depth: int = 1) -> None:
    """Refuse deep nesting, large constant exponents and wrong counts of arguments, at their place in the text."""
    place = places[getattr(node, "col_offset", 0)]
    if depth > MAX_DEPTH:
        _refuse_depth(place)
    match node:
        case ast.List([inner]):
            _check(inner, places, depth + 1)
        case ast.UnaryOp(_, operand):
            _check(operand, places, depth + 1)
        case ast.BinOp(left, operator, right):
            _check(left, places, depth)
            _check(right, places, depth + 1)
            if isinstance(operator, ast.Pow):
                _check_exponent(right, places)
        case ast.Subscript(base, exponent):
            _check(base, places, depth)
            _check_exponent(exponent, places)
        case ast.Call(ast.Name(name), arguments):
            for argument in arguments:
                _check(argument, places, depth + 1)
            _check_count(name, len(arguments), place)


def _check_exponent(node: ast.expr, places: list[int]) -> None:
    if any(isinstance(part, ast.Name) and part.id == "x" for part in ast.walk(node)):
        return
    value = float(_evaluate(node, np.zeros(())))
    if not abs(value) <= MAX_EXPONENT:
        place = places[node.col_offset]
        _refuse(f"have exponents up to {MAX_EXPONENT} in size", f"{value:g}", place, "use a smaller number")


def _check_count(name: str, count: int, place: int) -> None:
    _, least, most = FUNCTIONS[name]
    if not least <= count <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        example = ", ".join(["x", "0", "1"][:least])
        _refuse(f"give {name} {wanted} argument(s)", f"{count}", place, f"write {name}({example}), and decimals as 0.5")


class _Token(NamedTuple):
    kind: str  # number, name, mark, superscript or end
    text: str
    position: int

    def shown(self) -> str:
        return repr(self.text) if self.text else "its end"


def _tokens(text: str) -> list[_Token]:
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


class _Bracket(NamedTuple):
    """A bracket or a bar that is open."""

    text: str
    position: int
    closing: str  # in Python
    commas: bool = False  # whether they may separate values in it


class _Writer:
    """Writes the tokens as an expression of Python: implied products, | |, superscripts and constants spelled out.

    Brackets become [ ], so that the tree still has them and knows where they stand.
    """

    def __init__(self) -> None:
        self.source = ""
        self.places: list[int] = []  # where in the text each character of the source comes from
        self.open: list[_Bracket] = []
        self.called: str | None = None  # the function whose bracket must come now
        self.after_value = False

    def write(self, python: str, token: _Token, *, value: bool = False) -> None:
        self.source += python
        self.places += [token.position] * len(python)
        self.after_value = value

    def read(self, token: _Token) -> None:
        if self.called:
            self.call(token)
        elif self.after_value:
            self.after(token)
        else:
            self.value(token)

    def value(self, token: _Token) -> None:
        """A token where a value must begin."""
        kind, text, position = token
        if kind == "number":
            self.number(text, token)
        elif kind == "name":
            self.name(text.lower(), token)  # phones capitalise the first letter
        elif text in _CLOSING:
            self.opens(token, *_BRACKETS[text])
        elif text in ("-", "+"):
            self.write(text, token)
        elif kind != "end":
            _refuse("have a value before and after each operator", repr(text), position, "put a number or x there")
        elif self.source:
            _refuse("have a value after each operator and bracket", "its end", position, "finish it, as in 2x + 1")
        else:
            _refuse("not be empty", "nothing", position, "type one, as in 2x + 1")

    def number(self, text: str, token: _Token) -> None:
        number = float(text)
        if math.isinf(number):
            _refuse("use numbers below 1e308", text, token.position, "use a smaller one")
        self.write(repr(number), token, value=True)

    def name(self, word: str, token: _Token) -> None:
        if word in FUNCTIONS:
            self.called = word
            self.write(word, token)
        elif word == "x":
            self.write(word, token, value=True)
        elif word in CONSTANTS:
            self.write(repr(CONSTANTS[word]), token, value=True)
        else:
            _refuse("use known names", repr(token.text), token.position, _name_remedy(word))

    def call(self, token: _Token) -> None:
        """The bracket after a function's name."""
        word, self.called = self.called, None
        if token.text != "(":
            remedy = f"write ({word}(x))^2 for a power" if token.text == "^" else f"write {word}(x)"
            _refuse(f"have a bracket after {word}", token.shown(), token.position, remedy)
        self.opens(token, "(", ")", commas=True)

    def opens(self, token: _Token, python: str, closing: str, *, commas: bool = False) -> None:
        self.open.append(_Bracket(token.text, token.position, closing, commas))
        if len(self.open) > MAX_DEPTH:  # Python's parser has limits of its own
            _refuse_depth(token.position)
        self.write(python, token)

    def after(self, token: _Token) -> None:
        """A token after a value: an operator, a factor written next to it, or the end of something."""
        kind, text, _ = token
        inner = self.open[-1] if self.open else _Bracket("", 0, "")
        if kind == "superscript":
            self.write(f"[{float(text.translate(_SUPERSCRIPTS))!r}]", token, value=True)
        elif text in _INFIX or (text == "," and inner.commas):
            self.write("**" if text == "^" else text, token)
        elif inner.text and text == _CLOSING[inner.text]:
            self.open.pop()
            self.write(inner.closing, token, value=True)
        elif kind == "name" or text in _CLOSING:
            self.write("*", token)
            self.value(token)
        elif kind != "end":
            _refuse_rest(token)
        elif inner.text:
            remedy = f"add {_CLOSING[inner.text]}"
            _refuse("close each bracket", f"an open {inner.text}", inner.position, remedy)


def _refuse_rest(token: _Token) -> NoReturn:
    kind, text, position = token
    if kind == "number":
        _refuse("have an operator between factors", repr(text), position, f"write * before {text}")
    if text == ",":
        _refuse("have commas only inside max( , ) and the like", "','", position, "write decimals as 0.5")
    _refuse("close only what it opened", repr(text), position, "remove it or add the opening one")


def _refuse_depth(position: int) -> NoReturn:
    _refuse(f"nest at most {MAX_DEPTH} deep", "more", position, "use fewer brackets, signs or powers")


def _refuse(must: str, got: str, position: int, remedy: str) -> NoReturn:
    ending = remedy if remedy.endswith("?") else f"{remedy}."
    raise FormulaError(f"The formula must {must}, got {got} at character {position + 1}; {ending}", position)


def _name_remedy(word: str) -> str:
    power = re.fullmatch(r"x([0-9]+)", word)
    if power:
        return f"write x^{power[1]} or {power[1]}x"
    meant = did_you_mean(word, [*FUNCTIONS, *CONSTANTS, "x"])
    return f"did you mean {meant}?" if meant else "use x, pi, e or a function such as sin, exp, abs, max"
