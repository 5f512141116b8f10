"""Lesson: training on the line is the choice of few columns of a matrix."""

from __future__ import annotations

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.kernel_matrix import parts, text
from convexviz.app.lessons.kernel_matrix.challenges import CHALLENGES
from convexviz.app.lessons.kernel_matrix.parts import POINTS
from convexviz.app.lessons.kernel_matrix.settings import MatrixSettings
from convexviz.app.lessons.kernel_matrix.tour import TOUR
from convexviz.app.stage.link.embedded import Embedding

LESSON = Lesson(
    address="kernel-matrix",
    title="Kernel matrix",
    claim="On the line, training gives **each column of one matrix a weight** and charges the sizes of the weights. "
    "Drag a point and watch columns enter and leave.",
    card="Rows are points, columns are ramps, and weight decay charges the ℓ₁ norm of their weights. Drag a point "
    "across the border, see which columns enter and leave, and compare with the ℓ₂ norm of the tangent kernel.",
    settings=MatrixSettings,
    controls=parts.controls_of,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=POINTS.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: POINTS.points(settings.task),
    named=lambda settings: POINTS.named(settings)[0],
    embedding=Embedding({"figure": "The matrix"}),
)
