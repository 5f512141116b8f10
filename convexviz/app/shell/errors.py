"""How an exception that no lesson expects becomes a message on the page."""

from __future__ import annotations

import dis
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

log = logging.getLogger(__name__)

RAISE = dis.opmap["RAISE_VARARGS"]
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
    """Was it raised by a `raise` of this package, rather than by something that one of its lines called?"""
    traceback = error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    if traceback is None or not isinstance(error, ValueError | RuntimeError):
        return False
    frame = traceback.tb_frame
    raised = frame.f_code.co_code[traceback.tb_lasti] == RAISE  # a function in C leaves no frame of its own
    return raised and frame.f_globals.get("__name__", "").partition(".")[0] == "convexviz"


def plain(text: str, limit: int = 600) -> str:
    """Text that Markdown shows as it is: one paragraph, nothing that forms a link, an image, mathematics or HTML."""
    flat = " ".join(text.split())[:limit]
    return "".join(f"\\{char}" if char in "\\`*_[]<>$#|~!{}:" else char for char in flat)
