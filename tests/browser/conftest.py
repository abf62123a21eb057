"""A headless browser over the made-up registry. Pages are shown in a frame of a given width and looked at from outside,
so that a page can also be looked at with its scripts off."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from builder.model.artifact import media_type
from builder.testing.samples import files, outputs

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars"),
]
# No inline script or style and nothing from elsewhere is allowed on the pages themselves.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
)
FRAME = """<!doctype html><title>frame</title><pre id="result"></pre>
<script>
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const until = async (test) => {{ for (let i = 0; i < 100 && !test(); i++) await pause(20); }};
const open = (src) => new Promise((done) => {{
  const frame = document.createElement("iframe");
  if (!{scripts}) frame.sandbox = "allow-same-origin";
  Object.assign(frame.style, {{ border: 0, width: "{width}px", height: "900px" }});
  frame.onload = () => {{ frame.onload = null; done(frame); }};
  frame.src = src;
  document.body.append(frame);
}});
async function look(src) {{
  const frame = await open(src);
  const w = frame.contentWindow;
  const d = w.document;
  await pause(50);
  if ({ready}) await until(() => !d.getElementById("nav") || d.querySelector("#nav .rg-side"));
  const value = await (async () => {{ {code} }})();
  frame.remove();
  return value ?? null;
}}
addEventListener("load", async () => {{
  const result = document.getElementById("result");
  try {{
    const values = [];
    for (const src of {sources}) values.push(await look(src));
    result.textContent = JSON.stringify({{ values }});
  }} catch (error) {{ result.textContent = JSON.stringify({{ error: String(error) }}); }}
}});
</script>"""


@dataclass
class SiteServer:
    """Serves files by path below a prefix, as an object store does; `blocked` ones are refused."""

    site: dict[str, bytes]
    blocked: frozenset[str] = frozenset()
    requests: list[str] = field(default_factory=list)
    frame: str = ""
    port: int = 0

    PREFIX = "/bucket/docs/"

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, media type and body for a request."""
        if path == "/frame":
            return 200, "text/html", self.frame.encode()
        self.requests.append(path)
        name = unquote(path.removeprefix(self.PREFIX))
        name += "index.html" if name.endswith("/") or not name else ""
        if name in self.site and name not in self.blocked and path.startswith(self.PREFIX):
            return 200, media_type(name), self.site[name]
        return 404, "text/plain", b"not here"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, server: SiteServer, *arguments: Any) -> None:
        self._site = server
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        status, media, body = self._site.answer(path)
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        if path != "/frame":
            self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@dataclass
class Browser:
    """Shows pages and says what a script outside of the frame finds: `d` is the page's document, `w` its window."""

    program: str
    server: SiteServer
    profile: Path

    def look(self, path: str, code: str, **options: Any) -> Any:
        """The value that `code` returns for the page at `path`; options as of look_at_all."""
        return self.look_at_all([path], code, **options)[0]

    def look_at_all(
        self,
        paths: list[str],
        code: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        dark: bool = False,
        blocked: frozenset[str] = frozenset(),
    ) -> list[Any]:
        """The values that `code` returns for these pages, one after the other."""
        self.server.blocked = blocked
        self.server.requests.clear()
        self.server.frame = FRAME.format(
            scripts=json.dumps(scripts),
            ready=json.dumps(scripts and not blocked),
            sources=json.dumps([SiteServer.PREFIX + path for path in paths]),
            width=width,
            code=code,
        )
        command = [
            *(self.program, *FLAGS, f"--user-data-dir={self.profile}"),
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            *("--window-size=1400,1000", "--virtual-time-budget=20000", "--dump-dom"),
            f"http://127.0.0.1:{self.server.port}/frame",
        ]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        result = done.stdout.decode().split('<pre id="result">', 1)[1].split("</pre>", 1)[0]
        found = json.loads(unescape(result))
        assert "error" not in found, found["error"]
        return list(found["values"])


@pytest.fixture(scope="session")
def site_server() -> Iterator[SiteServer]:
    """The made-up registry below a prefix of two parts."""
    site = SiteServer(files(outputs()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site))
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(site_server: SiteServer, tmp_path: Path) -> Browser:
    """A browser with a profile of its own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not on this machine")
    return Browser(program, site_server, tmp_path / "profile")
