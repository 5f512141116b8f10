"""A result as a notebook shows it, a terminal prints it: verdict, numbers and a small picture."""

from .page import page
from .words import Report, bounds, number, sentence, size

__all__ = ["Report", "bounds", "number", "page", "sentence", "size"]
