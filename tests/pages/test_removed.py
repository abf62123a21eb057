"""Pages that the newest version no longer has: they answer under `latest`, with a notice."""

import re

import pytest

from builder.pages.render import page_names, render_removed
from builder.testing.htmlcheck import page
from builder.testing.samples import SITE, Texts, document, files, for_cdktf, orchard, plot

BASE = "providers/fernhill/orchard"
GONE = f"{BASE}/latest/docs/resources/scarecrow"


def test_every_canonical_link_leads_to_a_page(sample):
    """Old pages name the newest version's as the canonical ones, also when it has no such page any more."""
    for path, body in sample.items():
        for address in re.findall(
            r'<link rel="canonical" href="([^"]*)">', body.decode(errors="replace")
        ):
            if path.endswith(".html"):
                assert f"{address.removeprefix(SITE.url)}index.html" in sample, path


def test_a_removed_page_says_so_and_names_the_version_it_is_from(sample):
    found = page(sample[f"{GONE}/index.html"]).is_sound()
    found.has(".admonition.warning", "The newest version has no such page.")
    found.has(
        ".admonition a[href='../../../../1.4.2_build.7/docs/resources/scarecrow/']",
        "version 1.4.2+build.7",
    )
    found.has("h1", "orchard_scarecrow").has("article a[href='../../resources/tree/']")
    assert (
        sample[f"{GONE}/index.md"] == sample[f"{GONE}/index.md".replace("latest", "1.4.2_build.7")]
    )


def test_the_page_in_its_own_version_has_no_notice(sample):
    page(sample[f"{BASE}/1.4.2_build.7/docs/resources/scarecrow/index.html"]).has_not(
        ".admonition.warning"
    )


def removed(docs, texts, names, **options):
    return files(render_removed(SITE, docs, texts.read, {}, names, **options))


def test_only_the_pages_asked_for_are_made():
    texts = Texts()
    docs = orchard(texts, "1.0.0", document(texts, "resources", "scarecrow", "# s\n"))
    assert sorted(removed(docs, texts, ["resources/scarecrow"])) == [
        f"{GONE}/index.html",
        f"{GONE}/index.md",
    ]
    assert removed(docs, texts, []) == {}


def test_a_version_without_pages_of_its_own_is_named_without_a_link():
    texts = Texts()
    made = removed(orchard(texts, "1.0.0"), texts, ["resources/tree"], has_pages=False)
    found = page(made[f"{BASE}/latest/docs/resources/tree/index.html"]).is_sound()
    found.has(".admonition", "version 1.0.0").has_not(".admonition a[href*='1.0.0']")


def test_parts_of_modules_too():
    texts = Texts()
    made = removed(plot(texts, "0.1.0"), texts, ["modules/bed", "examples/complete"])
    base = "modules/fernhill/plot/greenhouse/latest"
    assert sorted(p for p in made if p.endswith(".html")) == [
        f"{base}/examples/complete/index.html",
        f"{base}/modules/bed/index.html",
    ]
    page(made[f"{base}/modules/bed/index.html"]).has(
        ".admonition a[href='../../../0.1.0/modules/bed/']"
    )


def test_the_first_page_of_a_language_that_is_gone_leads_to_the_newest_version():
    texts = Texts()
    docs = orchard(texts, "1.0.0", *for_cdktf(texts, "python"))
    made = removed(docs, texts, ["cdktf/python", "cdktf/python/resources/tree"])
    root = f"{BASE}/latest/docs/cdktf/python"
    page(made[f"{root}/index.html"]).has("a[href='../../']")
    page(made[f"{root}/resources/tree/index.html"]).is_sound().has(".admonition.warning")


@pytest.mark.parametrize("release", [orchard, plot])
def test_names_are_the_directories_of_all_pages_but_the_first(release):
    texts = Texts()
    docs = release(texts, "1.0.0")
    names = page_names(docs)
    assert "" not in names
    assert names >= (
        {"resources/tree", "guides/planting"}
        if docs.documents
        else {"modules/bed", "modules/fence"}
    )
