"""What holds for every page of a whole site."""

import re

import pytest
from markupsafe import escape

from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_outputs
from builder.testing.samples import SITE, files, outputs

ADDRESS = re.compile(r"\b(?:href|src|action|data-root)=\"([^\"]*)\"")


def test_all_pages_are_sound(sample):
    pages = [path for path in sample if path.endswith(".html")]
    assert len(pages) > 60
    for path in pages:
        page(sample[path]).is_sound()


def test_all_links_lead_somewhere(sample):
    found = check_outputs(sample)
    assert found.bad == ()
    assert found.links > 1000


def test_no_address_starts_with_a_slash_and_there_is_no_base_element(sample):
    for path, body in sample.items():
        if path.endswith(".html"):
            assert not [a for a in ADDRESS.findall(body.decode()) if a.startswith("/")], path
            page(body).has_not("base").has_not("style").has_not("[style]")
            page(body).has_not("script:not([src], [type='application/ld+json'])")
        assert not path.startswith("/")


def test_only_canonical_links_previews_and_404_name_the_sites_address(sample):
    for path, body in sample.items():
        if path.endswith(".html") and path != "404.html":
            text = re.sub(r'<link rel="canonical"[^>]*>', "", body.decode())
            text = re.sub(r'<meta property="og:image"[^>]*>', "", text)
            text = text.replace(f'"{escape(SITE.terraform_host)}/', "")
            assert SITE.url not in text, path


def test_the_same_input_gives_the_same_bytes(sample):
    assert files(outputs()) == sample


def test_two_pages_of_a_package_share_nothing_by_accident(sample):
    titles: dict[str, list[str]] = {}
    for path, body in sample.items():
        if path.endswith(".html") and "/latest/" in path:
            titles.setdefault(page(body).one("title").get_text(), []).append(path)
    assert [paths for paths in titles.values() if len(paths) > 1] == []


@pytest.mark.parametrize("size", [12_000])
def test_what_a_page_adds_to_its_body_is_small(sample, size):
    body = sample["providers/fernhill/orchard/latest/docs/functions/ripe/index.html"]
    assert len(body) < 2_800
    assert len(sample["providers/fernhill/orchard/latest/docs/resources/tree/index.html"]) < size
