"""Real hosts with the configuration that comes with the site: the client installs from them. Skipped where the machine
does not have the program."""

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HOST = "registry.demo.test"
NGINX = """daemon off; master_process off; pid PID/nginx.pid; error_log stderr;
events {} http { access_log off; TEMPORARY
server { listen 127.0.0.1:PORT; root SITE; include SITE/hosting/nginx.conf; } }
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
CADDY = "{\n\tadmin off\n\tauto_https off\n}\nhttp://127.0.0.1:PORT {\n\troot * SITE\n\timport SITE/hosting/caddy.conf\n\tfile_server\n}\n"


def vector(name: str, folder: Path, site: Path, port: int) -> list[str]:
    """How the program is started in the foreground."""
    program = shutil.which(name)
    if not program:
        pytest.skip(f"{name} is not installed")
    file = folder / "configuration"
    text = {"nginx": NGINX, "caddy": CADDY}[name]
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    for mark, value in (("TEMPORARY", temporary), ("PID", folder), ("PORT", port), ("SITE", site)):
        text = text.replace(mark, str(value))
    file.write_text(text)
    if name == "nginx":
        return [program, "-p", str(folder), "-e", "stderr", "-c", str(file)]
    return [program, "run", "--adapter", "caddyfile", "--config", str(file)]


@contextmanager
def running(name: str, folder: Path, site: Path) -> Iterator[int]:
    """The program serving the site, until the end; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        start = vector(name, folder, site, port)
        process = subprocess.Popen(start, stdout=log, stderr=log, env={"HOME": str(folder)})
    try:
        for _ in range(200):
            assert process.poll() is None, (folder / "log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, path: str) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, answer.read().decode(), headers
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_clients_install_from_a_real_host(name, tmp_path, client, built):
    folder = tmp_path / "host"
    folder.mkdir()
    with running(name, folder, built.site) as port:
        client.services = f"http://127.0.0.1:{port}/"
        assert client.module(f"{HOST}/acme/net/aws", "1.1.0") == "v1.1.0"
        assert client.provider(f"{HOST}/acme/meta", "1.0.0+b1").startswith("1.0.0+b1\n")
        checks = {
            "/.well-known/terraform.json": (200, "application/json"),
            "/v1/providers/acme/demo/versions": (200, "application/json"),
            "/v1/modules/acme/net/aws/1.1.0/download": (200, "application/json"),
            "/v1/modules/acme/net/aws/1.1.0/source.html": (200, "text/html"),
            f"/mirror/{HOST}/acme/demo/index.json": (200, "application/json"),
            "/registry/docs/providers/index.json": (200, "application/json"),
            "/": (200, "text/html"),
            "/nothing": (404, "text/html"),
        }
        found = {path: ask(port, path) for path in checks}
    for path, (status, media) in checks.items():
        got, _, headers = found[path]
        assert (path, got, headers["content-type"].partition(";")[0]) == (path, status, media)
        assert headers["access-control-allow-origin"] == "*", path
    header = {path: headers.get("x-terraform-get") for path, (_, _, headers) in found.items()}
    assert {p for p, value in header.items() if value} == {
        "/v1/modules/acme/net/aws/1.1.0/download"
    }
    assert found["/nothing"][1] == (built.site / "404.html").read_text()
