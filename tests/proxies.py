"""The proxies of docs/deployment, run as they stand there but for names, ports and certificates."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "deployment"
START_SECONDS = 30
PLACES = os.pathsep.join(
    (os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin")
)  # no user's PATH has them
KEYS = ("ssl_certificate ", "ssl_certificate_key ")
AROUND_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
ABOVE_CADDY = """{
	admin off
	auto_https disable_redirects
	local_certs
	skip_install_trust
}
"""


def text(name: str) -> str:
    """A file of docs/deployment."""
    return (FOLDER / name).read_text(encoding="utf-8")


def changed(name: str, changes: dict[str, str]) -> str:
    """A file of docs/deployment with other names in it; each of those that are changed must be there."""
    made = text(name)
    for before, after in changes.items():
        assert before in made, f"{name} has no {before!r}"
        made = made.replace(before, after)
    return made


def program(name: str) -> str:
    """Where a proxy is."""
    found = shutil.which(name, path=PLACES)
    assert found, f"{name} is not here; `make test` brings it, or: sudo apt-get install nginx-light caddy"
    return found


@contextmanager
def nginx(folder: Path, site: str, port: int) -> Iterator[None]:
    """nginx with this site, until the block ends."""
    kept = [line for line in site.splitlines() if not line.strip().startswith(KEYS)]
    (folder / "site.conf").write_text("\n".join(kept), encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND_NGINX.format(folder=folder), encoding="utf-8")
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(command, folder, port):
        yield


@contextmanager
def caddy(folder: Path, site: str, port: int, name: str = "") -> Iterator[None]:
    """Caddy with this site, until the block ends; of a `name` it is asked by TLS, with a certificate of its own."""
    (folder / "Caddyfile").write_text(ABOVE_CADDY + site, encoding="utf-8")
    command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running(command, folder, port, name):
        yield


@contextmanager
def running(command: list[str], folder: Path, port: int, name: str = "") -> Iterator[None]:
    """A program that listens on a port, with all that it writes in a folder."""
    home = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=home, stdout=said, stderr=said)
    try:
        wait_until_open(process, port, name, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_open(process: subprocess.Popen[bytes], port: int, name: str, log: Path) -> None:
    """Return once the port takes connections, and has its certificate where it needs one."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                if name:
                    unverified().wrap_socket(connection, server_hostname=name).close()
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}: {log.read_text(encoding='utf-8')}")


def unverified() -> ssl.SSLContext:
    """TLS with a certificate that nobody else has signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
