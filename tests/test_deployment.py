"""docs/deployment.md shows the files beside it as they are; they agree with each other and with Streamlit."""

from __future__ import annotations

import base64
import hashlib
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import proxies
import pytest
import streamlit
from streamlit import config

yaml = pytest.importorskip("yaml", reason="pip install -e '.[dev]' brings it")
ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path.name for path in proxies.FOLDER.iterdir())
WITH_POLICY = ["nginx.conf", "nginx-prefix.conf", "Caddyfile", "Caddyfile-prefix", "traefik.yml"]
POLICY = re.compile(r"default-src 'none';[^\"\n]*")
SHOWN = re.compile(r"\[([^]\n]+)\]\(deployment/\1\):\n\n```\w+\n(.*?)```\n", re.DOTALL)
VISITORS = 12


@cache
def page() -> str:
    return (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def policy() -> str:
    [found] = POLICY.findall(proxies.text("nginx.conf"))
    return found


def test_the_page_shows_the_files_as_they_are() -> None:
    assert dict(SHOWN.findall(page())) == {name: proxies.text(name) for name in FILES}


@pytest.mark.parametrize("name", WITH_POLICY)
def test_one_policy_is_in_all_files(name: str) -> None:
    assert POLICY.findall(proxies.text(name)) == [policy()]


def test_the_page_lists_the_policy() -> None:
    [listed] = re.findall(r"```text\n(default-src.*?)```", page(), flags=re.DOTALL)
    assert " ".join(listed.split()) == policy()


def test_the_policy_allows_no_eval_and_names_the_inline_scripts_of_this_streamlit() -> None:
    """A Streamlit with another page needs another hash in the files."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", index, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    [scripts] = [part for part in policy().split("; ") if part.startswith("script-src ")]
    assert scripts.split() == ["script-src", "'self'", "blob:", *(f"'sha256-{one}'" for one in hashes)]


# ---------------------------------------------------------------- what is run elsewhere only


def test_routers_of_traefik_lead_to_what_is_there() -> None:
    http = yaml.safe_load(proxies.text("traefik.yml"))["http"]
    for router in http["routers"].values():
        assert router["service"] in http["services"]
        assert set(router["middlewares"]) <= set(http["middlewares"])
    assert http["middlewares"]["convexviz-headers"]["headers"]["contentSecurityPolicy"] == policy()
    assert all(service["loadBalancer"]["passHostHeader"] for service in http["services"].values())
    assert http["services"]["convexviz"]["loadBalancer"]["sticky"]["cookie"]["name"] == "convexviz"


def test_the_manifest_of_kubernetes_is_that_of_the_image() -> None:
    deployment, service, ingress = yaml.safe_load_all(proxies.text("kubernetes.yml"))
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    pod = deployment["spec"]["template"]
    [container] = pod["spec"]["containers"]
    assert f"EXPOSE {container['ports'][0]['containerPort']}\n" in dockerfile
    assert f"USER {pod['spec']['securityContext']['runAsUser']}\n" in dockerfile
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/_stcore/health", "port": container["ports"][0]["name"]}
    labels = pod["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"] == labels
    assert service["spec"]["sessionAffinity"] == "ClientIP"
    assert service["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]
    [path] = ingress["spec"]["rules"][0]["http"]["paths"]
    target = path["backend"]["service"]
    assert target["name"] == service["metadata"]["name"]
    assert target["port"]["name"] == service["spec"]["ports"][0]["name"]
    assert variables(container) <= options()


def variables(container: dict[str, Any]) -> set[str]:
    """Streamlit's options that the environment sets."""
    return {one["name"] for one in container["env"] if one["name"].startswith("STREAMLIT_")}


def options() -> set[str]:
    """All options of Streamlit as variables of the environment."""
    return {option.env_var for option in config.get_config_options().values()}


@pytest.mark.parametrize("name", ["docs/deployment.md", "docs/deployment/convexviz.service"])
def test_options_and_variables_are_streamlits(name: str) -> None:
    said = (ROOT / name).read_text(encoding="utf-8")
    keys = set(config.get_config_options())
    assert set(re.findall(r"--(server\.\w+)", said)) <= keys
    assert set(re.findall(r"`(server\.\w+)`", said)) <= keys
    assert set(re.findall(r"STREAMLIT_[A-Z_]+", said)) <= options()


# ---------------------------------------------------------------- several servers


class Named(http.server.BaseHTTPRequestHandler):
    """Says which server it is."""

    def do_GET(self) -> None:
        said = str(self.server.server_port).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def named_server() -> Iterator[int]:
    """A server that says its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Named)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def asked(port: int, cookie: str = "") -> tuple[str, str]:
    """Which server answers, and the cookie that it gives."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/", headers={"Host": f"lessons.example.test:{port}", "Cookie": cookie})
    answer = connection.getresponse()
    found = answer.read().decode(), (answer.getheader("Set-Cookie") or "").partition(";")[0]
    connection.close()
    return found


@pytest.mark.parametrize(
    ("name", "run", "before", "after"),
    [
        ("nginx-sticky.conf", proxies.nginx, "listen 80;", "listen 127.0.0.1:{port};"),
        ("Caddyfile-sticky", proxies.caddy, "lessons.example.org {", "http://lessons.example.test:{port} {{"),
    ],
    ids=["nginx", "Caddy"],
)
def test_a_visitor_stays_at_one_server_and_visitors_share_both(
    tmp_path: Path, name: str, run: Callable[..., Any], before: str, after: str
) -> None:
    port = proxies.free_port()
    with ExitStack() as stack:
        backends = [stack.enter_context(named_server()) for _ in range(2)]
        changes = {f"127.0.0.1:{8501 + k}": f"127.0.0.1:{one}" for k, one in enumerate(backends)}
        stack.enter_context(run(tmp_path, proxies.changed(name, changes | {before: after.format(port=port)}), port))
        homes = set()
        for _ in range(VISITORS):  # chance sends all to one once in two thousand times
            _, cookie = asked(port)
            assert cookie.startswith("convexviz=")
            home, again = asked(port, cookie)
            assert again == ""
            assert {asked(port, cookie)[0] for _ in range(3)} == {home}
            homes.add(home)
    assert homes == {str(one) for one in backends}
