"""Options that several commands have, each with its words of help."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Preset = Literal["slide", "half", "paper"]
Theme = Literal["light", "dark"]

Data = Annotated[str, typer.Argument(metavar="DATA", help="A table: a file, or - for standard input.")]
Link = Annotated[str, typer.Argument(metavar="LINK", help="A lesson in a state: what Share puts into the address.")]

Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        metavar="NAME",
        help="The column to learn, by its name or number (from 1); several with commas share their "
        "neurons. By default the last one.",
    ),
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", "-c", metavar="A,B", help="The columns to learn from. By default all others."),
]
Weights = Annotated[
    str | None, typer.Option("--weights", metavar="NAME", help="A column of weights of the points, 0 or more.")
]
Beta = Annotated[float, typer.Option("--beta", "-b", help="Strength of weight decay, above 0.")]
Loss = Annotated[
    str,
    typer.Option(
        "--loss",
        "-l",
        metavar="NAME",
        help="squared, huber, quantile, interpolate (numbers); hinge, logistic, hard_margin (classes). Two classes may "
        "have any names; logistic takes more than two. huber(0.3) and quantile(0.9) set the parameter.",
    ),
]
Shape = Annotated[
    str | None,
    typer.Option(
        "--shape",
        metavar="A,B",
        help="increasing, decreasing, convex, concave, or several with commas between them: the best among the "
        "networks of that shape between the first point and the last.",
    ),
]
Slope = Annotated[
    str | None,
    typer.Option(
        "--slope",
        metavar="LOW,HIGH",
        help="Bounds of the slope there, like 0,2; one may be left out, as in --slope=-1,",
    ),
]
Bias = Annotated[bool, typer.Option("--bias/--no-bias", help="Neurons with biases and a constant, or without.")]
Tol = Annotated[float, typer.Option("--tol", help="Relative gap up to which an answer is certified.")]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", metavar="SECONDS", help="After which the best answer so far is taken, as it is."),
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="The whole answer, networks included, as JSON; - to print.")
]
Figure = Annotated[
    str | None,
    typer.Option("--figure", metavar="FILE", help="A picture: its extension says svg, pdf, png or csv."),
]
Out = Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="Where to write; - is standard output.")]
OfPreset = Annotated[
    Preset, typer.Option("--preset", help="For a whole slide, half of one, or a column of a paper.", show_default=True)
]
OfTheme = Annotated[Theme, typer.Option("--theme", help="Ink on paper, or on a dark slide.")]
Transparent = Annotated[bool, typer.Option("--transparent", help="Without paper behind it.")]
Scale = Annotated[float, typer.Option("--scale", help="Pixels of a bitmap for each of the 1280 x 720 of a slide.")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="EXT", help="Where FILE has no extension, or is -.", show_default=False),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say on standard error what is being done, to a file or a pipe too.")
]
