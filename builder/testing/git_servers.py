"""Real git servers on the loopback address for tests: a git daemon, smart HTTP, and one that never answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builder.git.command import environment


@contextmanager
def git_daemon(base: Path) -> Iterator[str]:
    """Serve all repositories below a folder; gives the address of the folder, with a final slash."""
    port = _free_port()
    log = base / "daemon.log"
    with log.open("wb") as target:
        child = subprocess.Popen(  # noqa: S603 - a vector, no shell
            [
                *("git", "daemon", "--export-all", "--reuseaddr", "--verbose"),
                *("--listen=127.0.0.1", f"--port={port}", f"--base-path={base}", str(base)),
            ],
            env=environment(network=True),
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=target,
            start_new_session=True,
        )
    try:
        _wait_for(port, child)
        yield f"git://127.0.0.1:{port}/"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        child.wait()


class GitOverHttp:
    """Smart HTTP through `git http-backend`. `answers` holds status codes to give instead, first come first served;
    `requests` lists the paths that were asked for, with their status."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.answers: list[int] = []
        self.requests: list[tuple[str, int]] = []
        self.password = ""

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve until left; gives the address with a final slash."""
        owner = self

        class Handler(_Backend):
            site = owner

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Backend(BaseHTTPRequestHandler):
    """One request: a planned status, or what git http-backend answers."""

    site: GitOverHttp

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            self._answer(b"".join(self._chunks()))
        else:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        if self.site.answers:
            self._send(self.site.answers.pop(0), {}, b"planned")
        elif self.site.password and "Authorization" not in self.headers:
            self._send(401, {"WWW-Authenticate": 'Basic realm="test"'}, b"")
        else:
            self._send(*self._backend(body))

    def _backend(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        path, _, query = self.path.partition("?")
        variables = {
            "GIT_PROJECT_ROOT": str(self.site.base),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"],  # noqa: S607
            input=body,
            env={**environment(network=True), **variables},
            capture_output=True,
            check=False,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        pairs = (line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        headers = dict(pairs)
        return int(headers.pop("Status", "200").split()[0]), headers, content

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.site.requests.append((self.path, status))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes connections and never says anything; gives a git address of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"git://127.0.0.1:{server.getsockname()[1]}/"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    for _ in range(500):
        if child.poll() is not None:
            raise AssertionError("the git daemon did not start")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise AssertionError("the git daemon does not answer")
