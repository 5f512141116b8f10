"""The course: the lessons in their order, in the groups of the navigation. A new lesson is a folder and a name here."""

from __future__ import annotations

from convexviz.app.course.frame import Course, lessons_of
from convexviz.app.lessons import (
    autoencoders,
    closed_forms,
    cutting_planes,
    digits,
    dual,
    geometry,
    kernel_matrix,
    path,
    plane,
    race,
    rank_one,
    splines,
    tangent_kernel,
)

COURSE: Course = {
    "On the line": (splines.LESSON, dual.LESSON, kernel_matrix.LESSON, rank_one.LESSON),
    "In the plane": (plane.LESSON, geometry.LESSON, autoencoders.LESSON),
    "Any dimension": (closed_forms.LESSON, cutting_planes.LESSON, digits.LESSON),
    "Contrast": (race.LESSON, tangent_kernel.LESSON, path.LESSON),
}
LESSONS = lessons_of(COURSE)
