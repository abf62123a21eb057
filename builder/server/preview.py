"""A plain preview of a built site that behaves as a static host does: index documents, redirects, the 404 page, and the
one header that Terraform needs to install modules.

Modelled on S3 website hosting: `x/` serves `x/index.html`; `x` is redirected to `x/` when that has an index document;
a missing path answers 404 with the site's 404.html. HEAD works; other methods get 405. Nothing outside the folder is
ever served, nor anything that starts with a dot, but for .well-known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from builder.emit.manifest import read_manifest
from builder.model.artifact import Item, media_type


class PreviewServer(ThreadingHTTPServer):
    """Serves `site` on `host:port` (port 0: any free one, see `address`). `log`: a line a request on standard error.

    `headers` are sent with every answer, such as a Content-Security-Policy that the real host is going to send.
    """

    daemon_threads = True

    def __init__(
        self,
        site: Path,
        host: str = "127.0.0.1",
        port: int = 8000,
        *,
        log: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__((host, port), _Handler)
        self.site = site.resolve()
        _special(
            self.site, self.site.stat().st_ino
        )  # read now, so that the first page need not wait for it
        self.log = log
        self.headers = dict(headers or {})

    @property
    def address(self) -> str:
        """The URL at which the site is served."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/"


@lru_cache(maxsize=1)
def _special(site: Path, _built: int) -> dict[str, Item]:
    """path -> item of what a file's name does not tell: redirects, and media types of names without a suffix."""
    items = read_manifest(site).items()
    return {
        item.path: item for item in items if item.redirect or "." not in item.path.split("/")[-1]
    }


def _location(body: bytes) -> list[tuple[str, str]]:
    """The header that says where a module is installed from: Terraform does not read it from the body."""
    try:
        location = json.loads(body)["location"]
    except (ValueError, KeyError, TypeError):
        return []
    fits = isinstance(location, str) and location.isascii() and location.isprintable()
    return [("X-Terraform-Get", location)] if fits else []


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    server_version = "regdocs"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _not_allowed(self) -> None:
        self._send(
            HTTPStatus.METHOD_NOT_ALLOWED,
            b"Method Not Allowed",
            "text/plain",
            [("Allow", "GET, HEAD")],
        )

    do_POST = do_PUT = do_DELETE = do_PATCH = _not_allowed  # noqa: N815 - names given by http.server

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        file = self._file(path)
        if file is None:
            self._missing(path, with_body=with_body)
            return
        item = self._item(file)
        if item is not None and item.redirect:
            target = item.redirect if "://" in item.redirect else "/" + quote(item.redirect)
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", [("Location", target)])
            return
        kind = item.media_type if item else media_type(file.name)
        body = file.read_bytes()
        headers = [("Last-Modified", formatdate(file.stat().st_mtime, usegmt=True))]
        if path.startswith("v1/modules/") and path.endswith("/download"):
            headers += _location(body)
        self._send(HTTPStatus.OK, body, kind, headers, with_body=with_body)

    def _file(self, path: str) -> Path | None:
        parts = path.split("/")
        hidden = any(p in (".", "..") or (p.startswith(".") and p != ".well-known") for p in parts)
        if hidden or "\0" in path:
            return None
        if path == "" or path.endswith("/"):
            parts[-1] = "index.html"
        file = self.server.site.joinpath(*parts)
        return file if file.is_file() else None

    def _item(self, file: Path) -> Item | None:
        site = self.server.site
        built = site.stat().st_ino  # another one after each build
        return _special(site, built).get(file.relative_to(site).as_posix())

    def _missing(self, path: str, *, with_body: bool) -> None:
        if path and not path.endswith("/") and self._file(path + "/"):
            self._send(HTTPStatus.FOUND, b"", "text/plain", [("Location", f"/{quote(path)}/")])
            return
        page = self.server.site / "404.html"
        found = page.is_file()
        body = page.read_bytes() if found else b"Not Found"
        kind = "text/html; charset=utf-8" if found else "text/plain"
        self._send(HTTPStatus.NOT_FOUND, body, kind, [], with_body=with_body)

    def _send(
        self,
        status: HTTPStatus,
        body: bytes,
        kind: str,
        headers: list[tuple[str, str]],
        *,
        with_body: bool = True,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in (*self.server.headers.items(), *headers):
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by http.server
        if self.server.log:
            super().log_message(format, *args)
