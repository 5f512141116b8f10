"""The browser's files: their pure parts tested by node, how they find each other, and how they are served."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints, is_typeddict

import node
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from convexviz.app import contracts
from convexviz.app.components import web
from convexviz.app.shell import startup

TESTS = Path(__file__).parents[2] / "js"
TYPES = (Path(web.__file__).parents[1] / "contracts.d.ts").read_text(encoding="utf-8")
INTERFACE = re.compile(r"^export interface (\w+)(?: extends (\w+))? \{(.*?)\}$", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"(?:^|[;{])\s*(\w+)(\??):", re.MULTILINE)


def test_the_pure_parts_pass_their_own_tests() -> None:
    files = sorted(TESTS.glob("*.test.mjs"))
    assert files
    done = node.run("--test", *files)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", [name for name in web.FILES if name.endswith(".js")])
def test_every_import_is_found_and_is_of_a_file_that_is_served(script: str) -> None:
    text = web.FILES[script]
    assert len(web.imports(script)) == len(re.findall(r'\bfrom "', text))
    assert set(web.needs(script)) <= set(web.FILES)


@pytest.mark.parametrize("script", [name for name, text in web.FILES.items() if "export default function" in text])
def test_every_component_stays_until_its_element_has_gone(script: str) -> None:
    """Streamlit calls for the end of what is still on the page too, when one call of it overtakes another."""
    _, mount = web.FILES[script].split("export default function")
    ends = re.findall(r"^  (?:if .*)?return (\w+)\(", mount, re.MULTILINE)
    assert ends
    assert {end for end in ends if not end.startswith("mount")} == {"onceGone"}
    assert "return () =>" not in mount


def test_files_are_named_in_advance_with_all_that_they_import() -> None:
    named = set(web.needs("board/board.js"))
    for script in named:
        assert set(web.imports(script)) <= named
    assert "board/board.js" not in named


def test_the_address_names_the_content_of_every_file() -> None:
    changed = {web.version(web.FILES | {name: text + "\n"}) for name, text in web.FILES.items()}
    assert len(changed | {web.version(web.FILES)}) == len(web.FILES) + 1


def served(path: str) -> Response:
    """What the server's own routes answer."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    for route in startup.routes():
        match, found = route.matches(scope)
        if match is Match.FULL:
            return found["endpoint"](Request(scope | found))
    raise AssertionError(f"no route for {path}")


@pytest.mark.parametrize("prefix", ["/", "/under/a/prefix/"])
@pytest.mark.parametrize(("name", "kind"), [("board/draw/svg.js", "text/javascript"), ("board/board.css", "text/css")])
def test_files_are_served_under_their_paths_and_may_be_kept(prefix: str, name: str, kind: str) -> None:
    reply = served(f"{prefix}{web.FOLDER}/{name}")
    assert (reply.status_code, bytes(reply.body).decode()) == (200, web.FILES[name])
    assert reply.headers["content-type"].startswith(kind)
    assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize("name", ["board/payload.py", "board/../../main.py", "nothing.js"])
def test_nothing_else_is_served(name: str) -> None:
    assert served(f"/{web.FOLDER}/{name}").status_code == 404


def interfaces() -> dict[str, dict[str, bool]]:
    """The fields of the browser's types of messages, and whether each may be missing."""
    found: dict[str, dict[str, bool]] = {}
    for name, parent, body in INTERFACE.findall(TYPES):
        flat = re.sub(r"\{[^{}]*\}", "", body)  # the fields of a field's own type
        found[name] = found.get(parent, {}) | {field: mark == "?" for field, mark in FIELD.findall(flat)}
    return found


SHARED = [name for name in interfaces() if is_typeddict(getattr(contracts, name, None))]


def test_most_messages_have_types_on_both_sides() -> None:
    assert {"BoardMessage", "BadgeMessage", "ChartMessage", "SliderMessage", "PathMessage", "FilmMessage"} <= set(
        SHARED
    )


@pytest.mark.parametrize("name", SHARED)
def test_the_types_on_both_sides_have_the_same_fields(name: str) -> None:
    """The browser knows all that Python may send, and needs nothing that Python never sends."""
    python, browser = set(get_type_hints(getattr(contracts, name))), interfaces()[name]
    assert python <= set(browser)
    assert {field for field, optional in browser.items() if not optional} <= python
