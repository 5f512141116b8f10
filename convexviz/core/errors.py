"""The one failure type of the solvers."""

from __future__ import annotations


class SolveError(RuntimeError):
    """No usable answer came back; the message names the status and the remedy.

    Attributes
    ----------
    status : str
        The solver's own word for what happened.
    """

    def __init__(self, message: str, status: str = "error") -> None:
        super().__init__(message)
        self.status = status


class Infeasible(ValueError):
    """The constraints contradict each other, so no network of any width satisfies them."""


class Unprovable(ValueError):
    """There is no proof in exact arithmetic for this; the message says what there is instead."""
