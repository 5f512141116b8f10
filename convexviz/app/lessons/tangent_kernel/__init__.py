"""What a network of infinite width, trained without weight decay, would learn from the same points."""

from convexviz.app.lessons.tangent_kernel.lesson import LESSON

__all__ = ["LESSON"]
