"""An unpacked archive of a version, opened in a browser without any server."""

import io
import tarfile
from dataclasses import replace

import pytest

from builder.pages.render import render_release
from builder.testing.samples import SITE, Texts, files, orchard

pytestmark = pytest.mark.browser


def test_a_version_can_be_read_from_a_folder(chromium, tmp_path):
    texts = Texts()
    site = replace(SITE, archives=True)
    made = files(render_release(site, orchard(texts, "2.0.0"), texts.read, {}, segment="2.0.0"))
    with tarfile.open(
        fileobj=io.BytesIO(made["providers/fernhill/orchard/2.0.0.tar.gz"])
    ) as archive:
        archive.extractall(tmp_path, filter="data")
    page = chromium.new_page()
    page.goto((tmp_path / "fernhill-orchard-2.0.0" / "index.html").as_uri())
    page.get_by_role("link", name="fernhill/orchard").click()
    page.get_by_role("link", name="Read the documentation").click()
    page.locator(".rg-pages").get_by_role("link", name="tree", exact=True).first.click()
    assert page.locator("article h1").inner_text() == "orchard_tree (Resource)"
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).overflowX") == "auto"
    page.locator(".rg-min").get_by_role("link", name="Registry").click()
    assert page.url.endswith("/fernhill-orchard-2.0.0/index.html")
    page.close()
