"""One BLAS thread for many small matrices.

The solvers factor matrices of a hundred rows thousands of times. OpenBLAS starts all cores for each of them, and when
another process holds a core every call waits for it: 35 s instead of 0.8 s were measured on two busy cores.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks through all loaded libraries, so once


def one_thread() -> AbstractContextManager[Any]:
    """Within it linear algebra runs on one thread."""
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limited
