"""The one place where an exception becomes a message on the page."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

log = logging.getLogger(__name__)

UNEXPECTED = (
    "Something went wrong here. Changing the data or a setting tries again; if that does not help, reload the page."
)


@contextmanager
def guard() -> Iterator[None]:
    """Keep a failure inside its region of the page: `with guard(): ...`.

    Streamlit's own control flow (stop, rerun) passes through, as it does not derive from Exception.
    """
    try:
        yield
    except Exception as error:
        show(error)


def show(error: Exception, logged: bool = False) -> str:
    """Show a calm message with an id that also stands in the server log; returns the id."""
    reference = secrets.token_hex(4)
    log.error("failure %s: %s", reference, type(error).__name__, exc_info=None if logged else error)
    st.error(f"{message(error)}\n\n:small[:gray[Reference for the server log: `{reference}`]]")
    return reference


def message(error: Exception) -> str:
    """The error's own words if this package wrote them (they carry the remedy), else a general sentence."""
    return plain(str(error)) if written_here(error) else UNEXPECTED


def written_here(error: Exception) -> bool:
    """Was it raised by a line of this package, rather than somewhere below it?"""
    frames = list(traceback.walk_tb(error.__traceback__))
    module = frames[-1][0].f_globals.get("__name__", "") if frames else ""
    return module.partition(".")[0] == "convexviz" and isinstance(error, ValueError | RuntimeError)


def plain(text: str, limit: int = 600) -> str:
    """Text that Markdown shows as it is: one paragraph, nothing that forms a link, an image, mathematics or HTML."""
    flat = " ".join(text.split())[:limit]
    return "".join(f"\\{char}" if char in "\\`*_[]<>$#|~!{}:" else char for char in flat)
