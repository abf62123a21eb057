"""axe-core, the checker behind most accessibility tools, finds nothing on any kind of page."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

VERSION = "4.14.1"
INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0")
PAGES = [
    "",
    "providers/",
    "providers/fernhill/greenhouse/",
    "providers/brambles/scrape/",
    "providers/fernhill/greenhouse/versions/",
    "providers/fernhill/greenhouse/latest/docs/",
    "providers/fernhill/greenhouse/1.2.0/docs/resources/bed/",
    "modules/fernhill/plot/greenhouse/latest/",
    "modules/fernhill/plot/greenhouse/1.1.0/modules/bed/",
    "providers/orchard/press/1.1.0/docs/",
    "404.html",
    "handbook/operating/",
]
# The axe rules that the colors alone decide, for the two cases that all rules were not run in.
COLORS = "runOnly: ['color-contrast', 'link-in-text-block']"
RUN = """
await Promise.allSettled(d.getAnimations().map((animation) => animation.finished));
const result = await axe.run(d, {{ resultTypes: ["violations"], {} }});
return result.violations.map((fault) => `${{fault.id}}: ${{fault.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}}`);
"""


@pytest.fixture(scope="session")
def axe(request) -> str:
    """The checker's script, kept in pytest's cache; the test is skipped when it cannot be had."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed")
    folder = Path(request.config.cache.mkdir(f"axe-core-{VERSION}"))
    script = folder / "node_modules/axe-core/axe.min.js"
    if not script.exists():
        try:
            subprocess.run(
                [npm, *INSTALL, "--prefix", folder, f"axe-core@{VERSION}"],
                check=True,
                capture_output=True,
                text=True,
                timeout=180,
            )
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm cannot install axe-core: {getattr(error, 'stderr', '') or error}")
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(example_tabs, axe, path):
    page = example_tabs.open(path)
    found = {"light, wide": example_tabs.evaluate(page, axe + RUN.format(""))}
    page.emulate_media(color_scheme="dark")
    found["dark, wide"] = example_tabs.evaluate(page, RUN.format(COLORS))
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    example_tabs.filled(page)
    found["dark, narrow"] = example_tabs.evaluate(page, axe + RUN.format(""))
    page.emulate_media(color_scheme="light")
    found["light, narrow"] = example_tabs.evaluate(page, RUN.format(COLORS))
    assert found == {case: [] for case in found}


def test_axe_would_find_something(example_tabs, axe):
    page = example_tabs.open("404.html")
    page.emulate_media(color_scheme="dark")
    code = "d.querySelector('article').append(d.createElement('button'), 'x');"
    style = "d.querySelector('article p').style.color = '#222';"
    found = example_tabs.evaluate(page, code + style + axe + RUN.format(""))
    assert [fault.split(":")[0] for fault in found] == ["button-name", "color-contrast"]
