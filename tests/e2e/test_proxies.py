"""The app behind the proxies of docs/deployment, under their strict policy: the board answers, addresses are right."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import proxies
import pytest
from e2e.conftest import PATIENCE, Serve, free_port, listen_for_errors
from e2e.lesson_hand import turn_to
from e2e.page_hand import PAGES, arrive
from e2e.splines_hand import Lesson
from playwright.sync_api import Browser, FrameLocator, Locator, Page, WebSocket, expect

from convexviz.app.stage.link import qr
from convexviz.app.stage.talk.scenes import Talk, TalkScene, to_json

pytestmark = pytest.mark.e2e

POLICY = "content-security-policy"
COURSES = "https://courses.example.org"  # which may show the app in a frame, in the files
IDLE = 3  # s after which a proxy of the tests closes a socket on which nothing is said; the server says something in 30


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def site(folder: Path) -> Iterator[int]:
    """A site that serves a folder; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def backend(address: str) -> dict[str, str]:
    """The change that sends a proxy to this server."""
    return {"127.0.0.1:8501": urlsplit(address.replace("localhost", "127.0.0.1")).netloc}


@contextmanager
def nginx_at_root(server: str, folder: Path, **more: str) -> Iterator[str]:
    """nginx.conf without TLS."""
    port = free_port()
    listens = {"listen 443 ssl http2": f"listen 127.0.0.1:{port}", "listen 80": f"listen 127.0.0.1:{free_port()}"}
    names = {"lessons.example.org": "lessons.example.test"}
    with proxies.nginx(folder, proxies.changed("nginx.conf", backend(server) | listens | names | more), port):
        yield f"http://lessons.example.test:{port}"


@contextmanager
def nginx_prefix(server: str, folder: Path) -> Iterator[str]:
    """nginx-prefix.conf."""
    port = free_port()
    changes = {"listen 80": f"listen 127.0.0.1:{port}", "www.example.org": "www.example.test"}
    with proxies.nginx(folder, proxies.changed("nginx-prefix.conf", backend(server) | changes), port):
        yield f"http://www.example.test:{port}/convex"


@contextmanager
def caddy_at_root(server: str, folder: Path) -> Iterator[str]:
    """Caddyfile with TLS, by a certificate of Caddy's own."""
    port = free_port()
    address = f"https://lessons.example.test:{port}"
    made = proxies.changed("Caddyfile", backend(server) | {"lessons.example.org {": f"{address} {{"})
    with proxies.caddy(folder, made, port, "lessons.example.test"):
        yield address


@contextmanager
def caddy_prefix(server: str, folder: Path) -> Iterator[str]:
    """Caddyfile-prefix without TLS."""
    port = free_port()
    address = f"http://www.example.test:{port}"
    made = proxies.changed("Caddyfile-prefix", backend(server) | {"www.example.org {": f"{address} {{"})
    with proxies.caddy(folder, made, port):
        yield f"{address}/convex"


@pytest.fixture(scope="module")
def prefixed(serve: Serve) -> str:
    """One server of the app below a prefix."""
    return serve("app.py", prefix="/convex")


@pytest.fixture(scope="module")
def fronts(app_address: str, prefixed: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The public address behind each proxy."""
    folder = tmp_path_factory.mktemp
    with (
        nginx_at_root(app_address, folder("nginx")) as nginx,
        caddy_at_root(app_address, folder("caddy")) as caddy,
        nginx_prefix(prefixed, folder("nginx-prefix")) as below_nginx,
        caddy_prefix(prefixed, folder("caddy-prefix")) as below_caddy,
    ):
        yield {"nginx": nginx, "caddy": caddy, "nginx-prefix": below_nginx, "caddy-prefix": below_caddy}


@pytest.fixture
def visit(browser: Browser) -> Iterator[Page]:
    """A page that trusts Caddy's own certificate; its console may say nothing wrong."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors = listen_for_errors(page)
    yield page
    context.close()
    assert errors == []


def policy() -> str:
    """The policy of all the files."""
    [found] = re.findall(r'add_header Content-Security-Policy "(.*)" always;', proxies.text("nginx.conf"))
    return found


def downloaded(page: Page, button: Locator) -> bytes:
    """The file that a button brings."""
    expect(button).to_be_enabled()
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_bytes()


def pull(lesson: Lesson) -> None:
    """Drag the first point up, and wait for the optimum of the points as they are then."""
    x, y = lesson.spot(0)
    before = lesson.shown("objective")
    lesson.drag((x, y), (x + 0.02, y - 0.1 if y > 0.3 else y + 0.1))
    expect(lesson.page.get_by_test_id("objective")).not_to_have_attribute("data-value", before)
    lesson.answers()


def shared(page: Page, address: str) -> str:
    """The link that Share makes; it begins with the address that everybody uses."""
    page.get_by_role("button", name="Share", exact=True).click()
    link = page.locator(".st-key-share code").inner_text().strip()
    assert link.startswith(f"{address}/splines?")
    return link


@pytest.mark.parametrize("front", ["nginx", "caddy", "nginx-prefix", "caddy-prefix"])
def test_the_board_answers_and_links_lead_back(fronts: dict[str, str], visit: Page, front: str) -> None:
    address = fronts[front]
    lesson = Lesson(visit, address).open("n=6")  # a deep link
    pull(lesson)
    link = shared(visit, address)
    objective = lesson.number("objective")
    assert unquote(visit.url) == unquote(link)
    answer = visit.reload()
    assert answer is not None
    assert answer.headers[POLICY] == policy()
    lesson.opened().shows_objective(objective)
    turn_to(visit, "Rank one")
    expect(visit).to_have_url(f"{address}/rank-one")
    expect(visit.get_by_test_id("status")).to_have_attribute("data-value", "certified")


def test_what_the_app_makes_carries_the_public_address(fronts: dict[str, str], visit: Page) -> None:
    address = fronts["nginx-prefix"]
    lesson = Lesson(visit, address).open("beta=0.1")
    shared(visit, address)
    visit.get_by_role("button", name="Embed, QR code").click()
    dialog = visit.get_by_role("dialog")
    embedded = f"{address}/splines?embed=true&beta=0.1"
    expect(dialog.get_by_test_id("preview").locator("iframe")).to_have_attribute("src", embedded)
    inside = visit.frame_locator("[data-testid=preview] iframe")
    expect(inside.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    whole = inside.get_by_role("link", name="convexviz")
    assert str(whole.get_attribute("href")).startswith(urlsplit(f"{address}/splines?").path)
    code = dialog.locator(".st-key-link-code img")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.complete && image.naturalWidth > 0")
    link = qr.code(embedded)
    assert link is not None
    assert downloaded(visit, dialog.get_by_role("button", name="SVG")) == link.svg.encode()
    visit.keyboard.press("Escape")
    visit.get_by_test_id("take-home").click()
    page = downloaded(visit, visit.get_by_role("button", name="Download the page"))
    assert f"{address}/splines?beta=0.1".encode() in page
    visit.keyboard.press("Escape")
    visit.get_by_test_id("export").click()
    assert downloaded(visit, visit.get_by_role("dialog").get_by_role("button", name="Download")).startswith(b"<svg")
    visit.keyboard.press("Escape")
    lesson.shows_status("certified")


def test_uploads_and_talks_below_a_prefix(fronts: dict[str, str], visit: Page) -> None:
    address = fronts["nginx-prefix"]
    talk = Talk("Kept", tuple(TalkScene("splines", {"beta": f"0.{k}"}, f"Number {k}") for k in (1, 2)))
    arrive(visit, address, "splines")
    visit.get_by_test_id("talk").click()
    visit.locator(".st-key-talk-add button:enabled").wait_for()
    visit.get_by_role("button", name="Open a file").click()
    upload = visit.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files({"name": "talk.json", "mimeType": "application/json", "buffer": to_json(talk).encode()})
    visit.get_by_role("button", name="Take this talk").click()
    expect(visit.locator("[class*='st-key-talk-row-']")).to_have_count(2)
    link = visit.locator(".st-key-talk-link code").inner_text().strip()
    assert link.startswith(f"{address}/splines?")
    visit.goto(link)
    expect(visit.get_by_test_id("talk-counter")).to_have_text("1 / 2")
    visit.keyboard.press("ArrowRight")
    expect(visit.get_by_test_id("talk-counter")).to_have_text("2 / 2")
    expect(visit).to_have_url(re.compile(f"^{re.escape(address)}/splines[?].*at=1"))


def test_no_page_asks_for_more_than_the_policy_allows(fronts: dict[str, str], visit: Page) -> None:
    """Its console would say so."""
    for page in PAGES:
        [path] = page.values
        arrive(visit, fronts["nginx"], getattr(path, "address", path))


def test_a_page_that_may_shows_the_lesson_in_a_frame_and_another_may_not(
    app_address: str, browser: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "proxy"
    folder.mkdir()
    with site(tmp_path) as port, nginx_at_root(app_address, folder, **{COURSES: f"http://courses.test:{port}"}) as app:
        (tmp_path / "index.html").write_text(
            '<!doctype html><html lang="en"><title>Course</title><link rel="icon" href="data:,">'
            f'<iframe title="Splines" src="{app}/splines?embed=true&amp;n=6" width="960" height="540"></iframe></html>',
            encoding="utf-8",
        )
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        page.set_default_timeout(PATIENCE)
        errors = listen_for_errors(page)
        page.goto(f"http://courses.test:{port}/index.html")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_test_id("status")).to_have_attribute("data-value", "certified")
        pull_in(page, frame)
        assert errors == []
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(f"http://elsewhere.test:{port}/index.html")
        expect(frame.get_by_test_id("board")).to_have_count(0)
        page.context.close()


def pull_in(page: Page, frame: FrameLocator) -> None:
    """Drag the first point of an embedded board, and wait for the verdict on the points as they are then."""
    before = str(frame.get_by_test_id("objective").get_attribute("data-value"))
    box = frame.get_by_test_id("point").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y - 30, steps=4)
    page.mouse.up()
    expect(frame.get_by_test_id("objective")).not_to_have_attribute("data-value", before)
    expect(frame.get_by_test_id("status")).to_have_attribute("data-value", "certified")


def test_a_proxy_that_closes_idle_sockets_costs_no_point(app_address: str, browser: Browser, tmp_path: Path) -> None:
    impatient = {"proxy_read_timeout 1h": f"proxy_read_timeout {IDLE}s"}
    page = browser.new_page(viewport={"width": 1280, "height": 900})  # whose console will speak of closed sockets
    page.set_default_timeout(PATIENCE)
    opened: list[WebSocket] = []
    page.on("websocket", lambda socket: opened.append(socket))
    with nginx_at_root(app_address, tmp_path, **impatient) as address:
        lesson = Lesson(page, address).open("n=6")
        lesson.draw((0.3, 0.4))
        lesson.answers()
        page.wait_for_event("websocket", lambda socket: socket.url.endswith("/_stcore/stream"))
        assert len(opened) >= 2
        lesson.has(7)
        lesson.draw((0.6, 0.3))
        lesson.has(8)
        lesson.answers()
    page.context.close()
