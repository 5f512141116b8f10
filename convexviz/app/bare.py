"""Streamlit without a server: its log says nothing of what a script cannot help.

Streamlit warns wherever no server runs, once for each cached function when its module is imported, and once for each
look at a session; for a page that is meant to run alone that is noise. Imported before the modules of the app.
"""

from __future__ import annotations

import logging

from streamlit.runtime import Runtime

NOISY = ("streamlit.runtime.caching.cache_data_api", "streamlit.runtime.scriptrunner_utils.script_run_context")
NOISE = ("No runtime found", "missing ScriptRunContext")


def serving() -> bool:
    """Whether a server of Streamlit runs in this process; the stand-in of a page that runs alone is none."""
    return Runtime.exists() and type(Runtime.instance()) is Runtime


def worth_saying(record: logging.LogRecord) -> bool:
    """Whether a line of the log is more than that no server runs."""
    return serving() or not any(words in str(record.msg) for words in NOISE)


for name in NOISY:
    logging.getLogger(name).addFilter(worth_saying)
