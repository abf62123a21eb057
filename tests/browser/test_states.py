"""Addresses that are none, removed pages, languages, the announcement and folded sections, in a real browser."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from builder.pages.render import render_release
from builder.server.preview import PreviewServer
from builder.testing import samples

pytestmark = pytest.mark.browser

ORCHARD = "providers/fernhill/orchard/"
NEWS = "Version 2 is [out](modules/), see [news](https://example.com/)."
SECTION = """<a id="nestedblock--%(n)d"></a>
### Nested Schema for `f%(n)d`

- `leaf_%(n)d` (String) {words}

""".replace("{words}", "Many words. " * 60)


def long_page(site: Any) -> dict[str, bytes]:
    """A release with a page whose sections are folded."""
    texts = samples.Texts()
    text = "# long\n\n## Schema\n\n" + "".join(SECTION % {"n": n} for n in range(300))
    docs = samples.orchard(texts, "9.0.0", samples.document(texts, "resources", "long", text))
    return samples.files(render_release(site, docs, texts.read, {}, segment="9.0.0"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the made-up registry as a site that knows its address, with languages and an announcement."""
    folder: Path = tmp_path_factory.mktemp("states")
    with PreviewServer(folder, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        site = replace(samples.SITE, url=server.address, cdktf=True, announcement=NEWS)
        samples.write(folder, site)
        for path, body in long_page(site).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        yield server.address
        server.shutdown()
        thread.join()


@pytest.fixture
def tab(chromium: Browser, served: str) -> Iterator[Page]:
    """A tab whose addresses are relative to the site."""
    context = chromium.new_context(base_url=served)
    yield context.new_page()
    context.close()


def missing(tab: Page, path: str) -> tuple[str, list[tuple[str, str]]]:
    """What the 404 page says at an address, and where its links lead."""
    answer = tab.goto(path)
    assert answer is not None
    assert answer.status == 404
    box = tab.locator("#__missing")
    box.locator("p").wait_for()
    links = [(a.inner_text(), a.get_attribute("href") or "") for a in box.locator("a").all()]
    assert tab.locator("header.rg-top").count() == 1
    return box.locator("p").inner_text(), links


def test_a_version_that_does_not_exist_offers_the_nearest(tab):
    said, links = missing(tab, f"{ORCHARD}2.0.7/docs/resources/tree/")
    assert said == "fernhill/orchard has no version 2.0.7. The nearest are:"
    assert links == [
        ("This page in 2.1.0, the newest version", f"/{ORCHARD}latest/docs/resources/tree/"),
        ("Version 2.0.0", f"/{ORCHARD}2.0.0/docs/"),
        ("Version 2.1.0", f"/{ORCHARD}2.1.0/docs/"),
        ("Version 3.0.0-beta.1", f"/{ORCHARD}3.0.0-beta.1/docs/"),
        ("All versions", f"/{ORCHARD}versions/"),
    ]


def test_a_missing_page_of_a_version_offers_what_has_its_name_and_the_newest(tab):
    said, links = missing(tab, f"{ORCHARD}2.0.0/docs/resources/shears/")
    assert said == "Version 2.0.0 of fernhill/orchard has no such page."
    assert links[0][1] == f"/{ORCHARD}latest/docs/resources/shears/"
    _, links = missing(tab, f"{ORCHARD}2.0.0/docs/data-sources/sprinkler_zone/")
    assert links[0] == (
        "sprinkler_zone (resources)",
        f"/{ORCHARD}2.0.0/docs/resources/sprinkler_zone/",
    )
    for _, address in links:
        answer = tab.goto(address)
        assert answer is not None
        assert answer.ok


def test_an_unknown_kind_of_page_and_a_v_before_the_version(tab):
    said, _ = missing(tab, f"{ORCHARD}v2.0.0/docs/recipes/pie")
    assert said == "Version 2.0.0 of fernhill/orchard has no such page."


def test_a_version_without_documentation(tab):
    said, _ = missing(tab, "modules/fernhill/plot/greenhouse/0.2.0/")
    assert said == "Version 0.2.0 of fernhill/plot/greenhouse has no pages here."


def test_an_unknown_package_offers_its_namespace(tab):
    said, links = missing(tab, "providers/fernhill/nothing/latest/docs/")
    assert said == "There is no provider fernhill/nothing in this registry."
    assert links == [("What fernhill has here", "/providers/fernhill/")]
    said, links = missing(tab, "modules/nobody/no/thing/")
    assert (said, links) == ("There is no module nobody/no/thing in this registry.", [])


def test_hostile_addresses_stay_texts(tab):
    said, _ = missing(tab, "providers/%3Cimg%20src%3Dx%3E/a/")
    assert said == "There is no provider <img src=x>/a in this registry."


def test_the_not_found_page_can_be_read_without_scripts(chromium, served):
    context = chromium.new_context(base_url=served, java_script_enabled=False)
    page = context.new_page()
    page.goto("providers/fernhill/nothing/")
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.locator("article a").count() == 3
    context.close()


def filled(tab: Page, path: str) -> None:
    tab.goto(path)
    tab.locator("#nav .rg-side").wait_for()


def test_a_removed_page_has_its_notice_and_no_source_of_another_page(tab):
    filled(tab, f"{ORCHARD}latest/docs/resources/scarecrow/")
    assert "no such page" in tab.locator(".admonition").first.inner_text()
    assert tab.locator(".rg-source").count() == 0
    tab.locator(".admonition a").first.click()
    tab.wait_for_url("**/1.4.2_build.7/docs/resources/scarecrow/")


def test_the_language_picker_keeps_the_page_and_the_version_picker_the_language(tab):
    filled(tab, f"{ORCHARD}latest/docs/resources/tree/")
    language = tab.get_by_label("Language")
    assert language.locator("option").all_inner_texts() == ["HCL", "Python", "TypeScript"]
    language.select_option("python")
    tab.wait_for_url("**/latest/docs/cdktf/python/resources/tree/")
    tab.locator("#nav .rg-side").wait_for()
    assert tab.locator("#nav li a").all_inner_texts() == ["pump", "tree"]
    assert "For python." in tab.locator("article").inner_text()
    tab.get_by_label("Version", exact=True).select_option("1.4.2_build.7")
    tab.wait_for_url("**/1.4.2_build.7/docs/cdktf/python/resources/tree/")
    tab.locator("#nav .rg-side").wait_for()
    tab.get_by_label("Version", exact=True).select_option("2.0.0")
    tab.wait_for_url("**/2.0.0/docs/")
    assert "2.0.0 has no documentation for Python." in tab.locator(".rg-banner").inner_text()


@pytest.mark.parametrize("path", ["", "providers/", f"{ORCHARD}2.0.0/docs/resources/tree/"])
def test_the_announcement_stands_above_every_page_once(tab, served, path):
    tab.goto(path)
    assert tab.locator(".rg-announcement").inner_text() == "Version 2 is out, see news."
    links = [a.evaluate("a => a.href") for a in tab.locator(".rg-announcement a").all()]
    assert links == [f"{served}modules/", "https://example.com/"]


LONG = f"{ORCHARD}9.0.0/docs/resources/long/"


def test_sections_are_closed_until_one_of_their_places_is_named(tab):
    tab.goto(LONG)
    assert tab.locator("details.rg-fold[open]").count() == 0
    for place in (
        "nestedblock--7",
        "nested-schema-for-f7",
        "attr-leaf_7",
        "nestedblock--7.leaf_7",
        "leaf_7",
    ):
        tab.goto("about:blank")
        tab.goto(f"{LONG}#{place}")
        tab.locator("details.rg-fold[open]").wait_for()
        assert (
            tab.locator("details.rg-fold[open] > summary")
            .inner_text()
            .startswith("Nested Schema for f7")
        ), place
        assert tab.get_by_text("leaf_7", exact=True).first.is_visible(), place


def test_a_link_inside_the_page_opens_its_section(tab):
    tab.goto(LONG)
    tab.evaluate("location.hash = 'nestedblock--9'")
    tab.locator("details.rg-fold[open]").wait_for()
    assert "f9" in tab.locator("details.rg-fold[open] > summary").inner_text()


def test_the_group_of_an_old_major_version_opens_when_it_is_named(tab):
    tab.goto(f"{ORCHARD}versions/#v1")
    tab.wait_for_function("document.getElementById('v1').open")
    assert tab.locator("details[open]").count() == 2
