"""Links that name files, for stores without index documents; both styles below a prefix."""

import re
from dataclasses import replace

import pytest

from builder.model.issue import Issue
from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_outputs
from builder.testing.samples import SITE, files, outputs

STYLES = {"directory": SITE, "file": replace(SITE, file_links=True)}
TREE = "providers/fernhill/orchard/2.0.0/docs/resources/tree/index.html"


@pytest.fixture(scope="module", params=STYLES)
def built(request):
    return request.param, files(outputs(replace(STYLES[request.param], cdktf=True)))


def test_all_links_lead_somewhere_below_a_prefix_of_two_parts(built):
    style, site = built
    found = check_outputs(
        {f"bucket/prefix/{path}": body for path, body in site.items()}, files_only=style == "file"
    )
    assert found.bad == ()
    assert found.links > 1000


def test_no_address_starts_with_a_slash(built):
    for path, body in built[1].items():
        if path.endswith(".html"):
            assert re.findall(rb'\b(?:href|src|data-root)="/', body) == [], path


def test_both_styles_have_the_same_files_and_canonical_links(built):
    _, site = built
    plain = files(outputs(replace(SITE, cdktf=True)))
    assert site.keys() == plain.keys()
    for path, body in site.items():
        if path.endswith(".html"):
            canonical = re.findall(rb'<link rel="canonical"[^>]*>', body)
            assert canonical == re.findall(rb'<link rel="canonical"[^>]*>', plain[path])
            assert b"index.html" not in b"".join(canonical)


def test_links_of_authors_name_files_too():
    site = files(outputs(STYLES["file"]))
    found = page(site[TREE]).is_sound()
    found.has("article a[href='../../guides/planting/index.html#order']")
    found.has("nav[aria-label=Breadcrumb] a[href='../../index.html']", "pages of this version")
    found.has("html[data-root='../../../../../../../']")
    issues: list[Issue] = []
    files(outputs(STYLES["file"], issues))
    assert issues == []
