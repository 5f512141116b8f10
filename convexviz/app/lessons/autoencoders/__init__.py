"""A neuron encodes what is left of a sample after the others have reconstructed it."""

from convexviz.app.lessons.autoencoders.lesson import LESSON

__all__ = ["LESSON"]
