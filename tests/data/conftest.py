"""What all tests of the data layer share: an error must say what must hold, what came, and what to do."""

import re
from collections.abc import Callable
from typing import Any

import pytest

THREE_PARTS = re.compile(r".*\bmust\b.+, got .+; .+[.?]", re.DOTALL)


@pytest.fixture(scope="session")
def refused() -> Callable[..., Any]:
    """`refused(error, call, *fragments)`: call() raises exactly `error`, in three parts that hold the fragments."""

    def check(error: type[Exception], call: Callable[[], Any], *fragments: str) -> Any:
        with pytest.raises(error) as caught:
            call()
        message = str(caught.value)
        assert type(caught.value) is error
        assert THREE_PARTS.fullmatch(message), message
        for fragment in fragments:
            assert fragment in message, f"{fragment!r} is not in {message!r}"
        return caught.value

    return check


@pytest.fixture(scope="session")
def outcome() -> Callable[..., Any]:
    """`outcome(error, call)`: what call() returns, or the `error` that it raises."""

    def run(error: type[Exception], call: Callable[[], Any]) -> Any:
        try:
            return call()
        except error as caught:
            return caught

    return run
