import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convexviz.data import Formula, FormulaError, parse_formula, sample_formula
from convexviz.data.formula import CONSTANTS, FUNCTIONS, MAX_DEPTH, MAX_LENGTH

X = np.linspace(-2.0, 2.0, 41)
MEANINGS = {
    "sin(3x) + |x|/2": np.sin(3 * X) + np.abs(X) / 2,
    "2x^2 - 1": 2 * X**2 - 1,
    "max(0, x-0.5)": np.maximum(0, X - 0.5),
    "min(x, 0, -x)": -np.abs(X),
    "relu(x)": np.maximum(0, X),
    "exp(-x**2)": np.exp(-(X**2)),
    "step(x)": (X > 0).astype(float),
    "y = pi x": np.pi * X,
    "Y=e^x": np.exp(X),
    "f(x) = 2x": 2 * X,
    "(x+1)(x-1)": X**2 - 1,
    "x(x+1)": X**2 + X,
    "2(x)": 2 * X,
    "x sin(x)cos(x)": X * np.sin(X) * np.cos(X),
    "1/2x": X / 2,
    "-x^2": -(X**2),
    "--x": X,
    "+x": X,
    "2 - -x": 2 + X,
    "2^-x": 2.0**-X,
    "2^3^2": np.full_like(X, 512.0),
    "2^x(x)": 2.0**X * X,
    "x - 1 - 1": X - 2,
    "8/2/2x": 2 * X,
    "2|x|": 2 * np.abs(X),
    "|x-|x||": np.abs(X - np.abs(X)),
    "|x||x|": X**2,
    "|(2|x|)|": 2 * np.abs(X),
    "x² + 2x³": X**2 + 2 * X**3,
    "x¹²": X**12,
    "x²^3": X**6,
    "x² ²": X**4,
    "2^3²": np.full_like(X, 512.0),
    "007x": 7 * X,
    "π·x − 1 ÷ 2 × 3": np.pi * X - 1.5,
    "Sin(X)": np.sin(X),
    "1e-1x": 0.1 * X,
    "2e x": 2 * np.e * X,
    ".5x + 1.": 0.5 * X + 1,
    "3": np.full_like(X, 3.0),
    "clip(x, -1, 1)": np.clip(X, -1, 1),
    "mod(x, 1)": np.mod(X, 1),
    "ln(e^x)": X,
    "\t x\n": X,
}
REFUSED = {
    "": (0, "got nothing", "type one"),
    "y =": (3, "got nothing", "type one"),
    "sine(x)": (0, "got 'sine' at character 1", "did you mean sin?"),
    "1 + exq(x)": (4, "got 'exq' at character 5", "did you mean exp?"),
    "x2": (0, "got 'x2'", "x^2 or 2x"),
    "zzz": (0, "got 'zzz'", "use x, pi, e"),
    "sin x": (4, "got 'x'", "write sin(x)"),
    "sin": (3, "got its end", "write sin(x)"),
    "sin^2(x)": (3, "got '^'", "write (sin(x))^2"),
    "sin(x, 1)": (0, "give sin 1 argument", "got 2"),
    "max(x)": (0, "give max 2 to 8 argument", "got 1", "max(x, 0)"),
    "(x": (0, "got an open (", "add )"),
    "2|x": (1, "got an open |", "add |"),
    "max(x, 1": (3, "got an open (", "add )"),
    "x)": (1, "got ')'", "remove it"),
    "(x|": (3, "got its end", "finish it"),
    "x +": (3, "got its end", "finish it"),
    "* x": (0, "got '*'", "put a number or x there"),
    "0,5x": (1, "got ','", "0.5"),
    "(1,2)": (2, "got ','", "0.5"),
    "x 3": (2, "got '3'", "write * before 3"),
    "1.2.3": (3, "got '.3'", "write * before .3"),
    "x > 0": (2, "got '>'", "step(x - a)"),
    "x = 1": (2, "got '='", "right-hand side"),
    "x % 2": (2, "got '%'", "mod(a, b)"),
    "x[0]": (1, "got '['", "round brackets"),
    "x^65": (2, "exponents up to 64", "got 65"),
    "x^-65": (2, "exponents up to 64", "got -65"),
    "x^(1/0)": (2, "exponents up to 64", "got inf"),
    "x⁹⁹": (1, "exponents up to 64", "got 99"),
    "1e999": (0, "below 1e308", "got 1e999"),
}
HOSTILE = [
    "__import__('os')",
    "__import__",
    "().__class__",
    "x.__class__.__mro__",
    "().__class__.__bases__[0].__subclasses__()",
    "9**9**9",
    "9^9^9^9",
    "x^1e9",
    "lambda: 0",
    "[x for x in (1,2)]",
    "exec(x)",
    "eval(x)",
    "open(x)",
    "globals()",
    "np.load(x)",
    "x; x",
    "x if x else x",
    "f'{x}'",
    "{{x}}",
    "x\x00",
    "<script>",
    "\\N{BULLET}",
    "negative(x)",
    "x" * MAX_LENGTH,
    "1" * (MAX_LENGTH + 1),
    "x+" * 10**6,
    "(" * 200 + "x" + ")" * 50,
    "-" * 299 + "x",
    "|" * 300,
    "2^" * 140 + "x",
    "sin(" * 70 + "x",
]


def leaf() -> st.SearchStrategy[str]:
    return st.sampled_from(["x", "pi", "e"]) | st.integers(0, 99).map(str) | st.floats(0, 99).map(repr)


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions that read the same in Python and here."""
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.tuples(inner, st.integers(-3, 5)).map(lambda t: f"({t[0]})**{t[1]}"),
        inner.map(lambda t: f"({t})"),
        inner.map(lambda t: f"-{t}"),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "tanh", "abs", "sqrt"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(st.sampled_from(["maximum", "minimum"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    )


NUMPY = {name: getattr(np, name) for name in ("sin", "cos", "exp", "tanh", "abs", "sqrt", "maximum", "minimum")}


@pytest.mark.parametrize("text", MEANINGS)
def test_what_formulas_mean(text: str) -> None:
    np.testing.assert_allclose(parse_formula(text)(X), MEANINGS[text], rtol=1e-13, atol=1e-13)


@given(st.recursive(leaf(), grow, max_leaves=8).filter(lambda text: len(text) < MAX_LENGTH))
def test_formulas_agree_with_python(expression: str) -> None:
    values = {"x": X, "pi": np.float64(math.pi), "e": np.float64(math.e)}
    with np.errstate(all="ignore"):
        # every number a numpy one, as here: Python's own raise where numpy's become inf
        wanted = eval(_with_numpy_numbers(expression), {"__builtins__": {}, "N": np.float64, **NUMPY, **values})
    mine = parse_formula(expression.replace("imum(", "("))(X)
    np.testing.assert_allclose(mine, np.broadcast_to(wanted, X.shape), rtol=1e-12)


def _with_numpy_numbers(expression: str) -> str:
    import ast

    class Wrap(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.Call(ast.Name("N", ast.Load()), [node], [])

    return ast.unparse(ast.fix_missing_locations(Wrap().visit(ast.parse(expression, mode="eval"))))


@pytest.mark.parametrize("text", REFUSED)
def test_errors_say_where_and_what_to_do(text: str, refused) -> None:
    position, *fragments = REFUSED[text]
    error = refused(FormulaError, lambda: parse_formula(text), *fragments)
    assert error.position == position


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_hostile_input_is_refused(text: str, refused) -> None:
    refused(FormulaError, lambda: parse_formula(text))


ALPHABET = [*"x0123456789.+-*/^()|,=² \t_;'\"[]{}eπy", "**", "sin(", "max(", "pi", "relu(", "é", "\x00"]


@settings(max_examples=400)
@given(st.text(max_size=40) | st.lists(st.sampled_from(ALPHABET), max_size=40).map("".join))
def test_any_text_is_a_formula_or_a_formula_error(outcome, text: str) -> None:
    result = outcome(FormulaError, lambda: parse_formula(text)(X))
    if isinstance(result, FormulaError):
        assert result.position is not None
        assert 0 <= result.position <= len(text)
    else:
        assert result.shape == X.shape
        assert result.dtype == np.float64


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_takes_its_arguments(name: str) -> None:
    arguments = ", ".join(["x", "1", "2", "3", "4", "5", "6", "7"][: FUNCTIONS[name].most])
    values = parse_formula(f"{name}({arguments})")(np.array([0.25, 0.5]))
    assert np.isfinite(values).all()


@pytest.mark.parametrize("source", ["__import__('os')", "x.real", "x if x else x", "x @ x", "[x, x]", "'a'", "9"])
def test_python_that_no_formula_writes_has_no_value(source: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Formula("x", source)(X)


def test_names_are_words_the_tokenizer_can_read() -> None:
    assert not set(FUNCTIONS) & set(CONSTANTS)
    assert all(name == name.lower() for name in [*FUNCTIONS, *CONSTANTS])


def test_the_deepest_and_longest_formulas_allowed_still_run() -> None:
    brackets = MAX_DEPTH - 1
    assert parse_formula("(" * brackets + "x" + ")" * brackets)(2.0) == 2.0
    terms = MAX_LENGTH // 2
    assert parse_formula("x+" * (terms - 1) + "x")(1.0) == terms


def test_a_formula_keeps_the_shape_it_is_given_and_can_be_pickled() -> None:
    formula = parse_formula("2x")
    assert formula(np.zeros((3, 4))).shape == (3, 4)
    assert formula(1.5).shape == ()
    assert pickle.loads(pickle.dumps(formula)) == formula
    error = pickle.loads(pickle.dumps(FormulaError("no", 3)))
    assert (str(error), error.position) == ("no", 3)


@given(
    st.integers(1, 60), st.integers(0, 2**32), st.floats(-5, 0), st.floats(0.1, 5), st.sampled_from(["even", "random"])
)
def test_samples_lie_on_the_curve(n: int, seed: int, low: float, high: float, layout: str) -> None:
    clean = sample_formula("y = sin(x)", (low, high), n, seed=seed, layout=layout)  # type: ignore[arg-type]
    noisy = sample_formula("y = sin(x)", (low, high), n, 0.1, seed, layout)  # type: ignore[arg-type]
    x = clean.X[:, 0]
    assert clean.n == n
    assert low <= x.min() <= x.max() <= high
    assert (np.diff(x) > 0).all()
    assert clean.y.tolist() == np.sin(x).tolist()
    assert np.array_equal(clean.X, noisy.X)
    assert not np.array_equal(clean.y, noisy.y)
    assert (clean.name, clean.task) == ("y = sin(x)", "regression")


def test_even_samples_are_even() -> None:
    assert sample_formula("x", (0, 4), 5).y.tolist() == [0, 1, 2, 3, 4]
    assert sample_formula("x", (0, 4), 1).y.tolist() == [2]


def test_samples_without_a_value_are_refused_with_their_place(refused) -> None:
    refused(FormulaError, lambda: sample_formula("log(x)", (-1, 1), 5), "got nan at x = -1 (and at 2 more of 5 points)")
    refused(FormulaError, lambda: sample_formula("1/x", (-1, 1), 3), "got inf at x = 0;")
    refused(FormulaError, lambda: sample_formula("1e300x", (1, 2), 3), "at most 1e+09", "got 1e+300 at x = 1")


def test_samples_that_cannot_be_taken_are_refused(refused) -> None:
    refused(ValueError, lambda: sample_formula("x", (1, 1)), "low < high", "got (1, 1)")
    refused(ValueError, lambda: sample_formula("x", (0, float("inf"))), "low < high")
    refused(ValueError, lambda: sample_formula("x", 3), "two numbers")  # type: ignore[arg-type]
    refused(ValueError, lambda: sample_formula("x", n=10**9), "n must", "got 1000000000")
    refused(ValueError, lambda: sample_formula("x", layout="odd"), "got 'odd'")  # type: ignore[arg-type]
