"""On the line, training is the choice of a vector of least l1 norm: few columns of the kernel matrix."""

from convexviz.app.lessons.kernel_matrix.lesson import LESSON

__all__ = ["LESSON"]
