"""Sites in a real browser: the made-up registry and the example, each served below a path of two parts, with headers
that forbid everything but files of the site itself. A page that complains, or that asks anyone else, fails its test."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from builder.config import load_config
from builder.pipeline.build import BuildOptions, build_site
from builder.server.preview import PreviewServer
from builder.testing import samples

ROOT = Path(__file__).parents[2]
PREFIX = "bucket/docs/"
# Nothing inline and nothing from elsewhere, for pages and handbook alike.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; tests are skipped without one."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving(site: Path, folder: Path) -> Iterator[str]:
    """Serve a site as a part of a larger host; gives its address."""
    place = folder / PREFIX
    place.parent.mkdir()
    place.symlink_to(site, target_is_directory=True)
    (folder / "404.html").symlink_to(site / "404.html")
    headers = {"Content-Security-Policy": POLICY}
    with PreviewServer(folder, port=0, headers=headers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.address + PREFIX
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """serve(site): serve a folder until the tests are over; gives its address."""
    with ExitStack() as stack:
        yield lambda site: stack.enter_context(serving(site, tmp_path_factory.mktemp("host")))


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Address of the made-up registry, which has everything that pages can show."""
    site = tmp_path_factory.mktemp("made-up")
    samples.write(site)
    return serve(site)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Address of the example registry with its handbook, built as `make site` builds it."""
    folder = tmp_path_factory.mktemp("example")
    config = load_config(ROOT / "mkdocs.yml")
    build_site(
        replace(config, site_dir=folder / "site", cache=folder / "cache"),
        BuildOptions(),
    )
    return serve(folder / "site")


@dataclass
class Tabs:
    """Opens pages of one site, each with its own storage. `problems` is what the browser complained of."""

    chromium: Browser
    address: str
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)  # paths below the site
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        dark: bool = False,
        blocked: str = "",
        permissions: tuple[str, ...] = (),
    ) -> Page:
        """A page, loaded and filled. `blocked` is the path of a file that cannot be had."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            permissions=list(permissions),
        )
        self.contexts.append(context)
        page = context.new_page()
        self._listen(page, blocked)
        if blocked:
            page.route(self.address + blocked, lambda route: route.abort())
        page.goto(self.address + path)
        if scripts and not blocked:
            self.filled(page)
        return page

    def each(self, paths: Iterable[str], code: str, **options: Any) -> dict[str, Any]:
        """What JavaScript statements return on each of these pages, which follow each other in one tab."""
        found: dict[str, Any] = {}
        page = None
        for path in paths:
            if page is None:
                page = self.open(path, **options)
            else:
                page.goto(self.address + path)
                self.filled(page)
            found[path] = self.evaluate(page, code)
        return found

    def _listen(self, page: Page, blocked: str) -> None:
        def noted(url: str) -> None:
            if url.startswith(self.address):
                self.requests.append(url.removeprefix(self.address))
            elif urlsplit(url).scheme != "data" and not url.endswith("/favicon.ico"):
                self.problems.append(f"request to {url}")

        def said(kind: str, text: str) -> None:
            expected = "favicon.ico" in text or (blocked and "ERR_FAILED" in text)
            if kind in ("error", "warning") and not expected:
                self.problems.append(f"{kind}: {text}")

        page.on("request", lambda request: noted(request.url))
        page.on("console", lambda m: said(m.type, f"{m.text} {m.location['url']} on {page.url}"))
        page.on("pageerror", lambda error: said("error", str(error)))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))

    @staticmethod
    def filled(page: Page) -> None:
        """Wait until the page has its navigation."""
        page.wait_for_function(
            "() => !document.getElementById('nav') || document.querySelector('#nav .rg-side')"
        )

    @staticmethod
    def evaluate(page: Page, code: str) -> Any:
        """What JavaScript statements return; `d` is the document, `w` the window. Works with the page's scripts off."""
        helpers = "const d = document, w = window, pause = (ms) => new Promise((done) => setTimeout(done, ms));"
        return page.evaluate(f"async () => {{ {helpers} {code} }}")

    def close(self) -> None:
        """Close everything that was opened."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def tabs_of(chromium: Browser) -> Iterator[Callable[[str], Tabs]]:
    """tabs_of(address): pages of any site. Fails the test when the browser complained of one."""
    opened: list[Tabs] = []

    def made(address: str) -> Tabs:
        opened.append(Tabs(chromium, address))
        return opened[-1]

    yield made
    for tabs in opened:
        tabs.close()
    assert [problem for tabs in opened for problem in tabs.problems] == []


@pytest.fixture
def tabs(tabs_of: Callable[[str], Tabs], made_up: str) -> Tabs:
    """Pages of the made-up registry."""
    return tabs_of(made_up)


@pytest.fixture
def example_tabs(tabs_of: Callable[[str], Tabs], example: str) -> Tabs:
    """Pages of the example registry."""
    return tabs_of(example)


Look = Callable[..., Any]


@pytest.fixture
def look(tabs: Tabs) -> Look:
    """look(path, code, …): what JavaScript statements return on a page, see Tabs.open and Tabs.evaluate."""

    def found(path: str, code: str, **options: Any) -> Any:
        page = tabs.open(path, **options)
        return tabs.evaluate(page, code)

    return found
