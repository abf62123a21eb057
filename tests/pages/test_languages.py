"""Pages for CDKTF languages: a tree of their own below docs/cdktf/, with links inside the language."""

import json
from dataclasses import replace

import pytest

from builder.model.issue import Issue
from builder.pages.render import render_release
from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_outputs
from builder.testing.samples import SITE, Texts, files, for_cdktf, orchard, outputs

CDKTF = replace(SITE, cdktf=True)
BASE = "providers/fernhill/orchard/2.0.0/docs"


def made(docs, texts, site=CDKTF, segment="2.0.0"):
    return files(render_release(site, docs, texts.read, {}, segment=segment))


@pytest.fixture
def release():
    texts = Texts()
    return made(orchard(texts, "2.0.0", *for_cdktf(texts, "python", "csharp")), texts)


def test_each_language_has_pages_and_a_navigation_of_its_own(release):
    for language in ("python", "csharp"):
        root = f"{BASE}/cdktf/{language}"
        assert {f"{root}/index.html", f"{root}/resources/tree/index.html"} <= release.keys()
        assert json.loads(release[f"{root}/nav.json"]) == {"Trees": {"r": ["pump", "tree"]}}
        facts = json.loads(release[f"{root}/version.json"])
        assert facts["languages"] == ["python", "csharp"]
        assert facts["paths"]["r"] == [f"docs/cdktf/{language}/resources/", ".md"]
    assert json.loads(release[f"{BASE}/version.json"])["languages"] == ["python", "csharp"]


def test_links_stay_in_the_language_and_else_lead_to_the_other_pages(release):
    found = page(release[f"{BASE}/cdktf/python/resources/tree/index.html"]).is_sound()
    found.has("article a[href='../../resources/pump/']")
    found.has("article a[href='../../../../guides/planting/']")
    found.has("nav[aria-label=Breadcrumb] a[href='../../']", "Python")
    found.has("nav[aria-label=Breadcrumb] a[href='../../../../']", "pages of this version")
    found.has(".rg-kicker", "Resource · Python · Trees")
    found.has("link[rel=canonical][href$='/latest/docs/cdktf/python/resources/tree/']")


def test_first_pages_name_the_other_languages(release):
    page(release[f"{BASE}/index.html"]).has(".rg-line a[href='cdktf/csharp/']", "C#")
    python = page(release[f"{BASE}/cdktf/python/index.html"]).is_sound()
    python.has("h1", "Orchard for python").has(".rg-line a[href='../../']", "HCL")
    python.has(".rg-pages a[href='resources/tree/']").has(".rg-line a[href='../csharp/']")
    csharp = page(release[f"{BASE}/cdktf/csharp/index.html"]).is_sound()
    csharp.has("article", "This version has no overview page.").has(".rg-pages a", "tree")


def test_the_same_text_is_the_same_file_in_every_version():
    texts = Texts()
    one = made(orchard(texts, "2.0.0", *for_cdktf(texts, "python")), texts)
    new = replace(orchard(texts, "3.0.0", *for_cdktf(texts, "python", "go")), tag="x", yanked="y")
    two = made(new, texts, segment="3.0.0")
    pages = [p for p in one if "/cdktf/python/resources/" in p]
    assert len(pages) == 4
    assert all(one[path] == two[path.replace("2.0.0", "3.0.0")] for path in pages)


def test_pages_in_hcl_are_the_same_with_and_without_languages(release):
    texts = Texts()
    plain = made(orchard(texts, "2.0.0"), texts, SITE)
    tree = f"{BASE}/resources/tree/index.html"
    assert release[tree] == plain[tree]


def test_a_whole_site_with_languages_has_no_dead_link():
    issues: list[Issue] = []
    found = check_outputs(files(outputs(CDKTF, issues)))
    assert (found.bad, issues) == ((), [])
