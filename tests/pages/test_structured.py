"""What pages say of themselves to search engines and to those that show a preview of a link."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from builder.pages.contexts import Link, NotFoundPage
from builder.pages.render import render_package, render_release
from builder.pages.site import Site
from builder.pages.structured import article_data, page_data
from builder.testing.htmlcheck import Html, page
from builder.testing.samples import SITE, Texts, document, files, orchard, outputs, summary

HOME = "providers/fernhill/orchard"
TREE = f"{HOME}/latest/docs/resources/tree"
texts = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<!--",
        '"}',
        "\\",
        "\u2028",
        "\ud800",
        "\ue000",
        "&amp;",
    ]
)


def things(found: Html) -> dict[str, Any]:
    """The JSON-LD of a page by type."""
    data = json.loads(found.one("script[type='application/ld+json']").string or "")
    assert data.pop("@context") == "https://schema.org"
    return {thing["@type"]: thing for thing in data.get("@graph", [data])}


def crumbs(found: Html) -> list[tuple[str, str]]:
    """Name and address of the breadcrumbs."""
    listed = things(found)["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in listed] == list(range(1, len(listed) + 1))
    return [(item["name"], item.get("item", "")) for item in listed]


def test_a_document_is_an_article(sample):
    found = page(sample[f"{TREE}/index.html"])
    assert things(found)["TechArticle"] == {
        "@type": "TechArticle",
        "headline": found.one("title").get_text().split(" - ")[0],
    }


def test_breadcrumbs_lead_to_pages(sample):
    seen = 0
    for path, body in sample.items():
        if path.endswith("/index.html") and b"BreadcrumbList" in body:
            for _, address in crumbs(page(body))[:-1]:
                target = urljoin(f"https://x/{path}", address).removeprefix("https://x/")
                assert f"{target}index.html" in sample, (path, address)
                seen += 1
    assert seen > 30


def test_a_packages_home_is_source_code(sample):
    assert things(page(sample[f"{HOME}/index.html"]))["SoftwareSourceCode"] == {
        "@type": "SoftwareSourceCode",
        "name": "fernhill/orchard",
        "description": "Plants, waters and harvests trees.",
        "codeRepository": "https://github.com/fernhill/terraform-provider-orchard",
        "version": "2.1.0",
        "dateModified": "2026-03-04T05:06:07Z",
        "license": ["MPL-2.0"],
    }
    bare = things(page(sample["providers/weeds/ivy/index.html"]))["SoftwareSourceCode"]
    assert bare.keys() == {"@type", "name", "codeRepository"}


def test_a_versions_first_page_names_the_version(sample):
    found = things(page(sample[f"{HOME}/2.0.0/docs/index.html"]))["TechArticle"]
    assert found["about"] == {
        "@type": "SoftwareSourceCode",
        "name": "fernhill/orchard",
        "version": "2.0.0",
    }
    assert found["datePublished"] == "2026-03-04"


def test_a_day_that_is_not_known_is_left_out():
    texts_ = Texts()
    for published in ("0001-01-01T00:00:00Z", "<script>"):
        docs = replace(orchard(texts_, "1.0.0"), published=published)
        made = files(render_release(SITE, docs, texts_.read, {}, segment="1.0.0"))
        found = things(page(made[f"{HOME}/1.0.0/docs/index.html"]))["TechArticle"]
        assert "datePublished" not in found


def test_the_home_is_a_web_site(sample):
    assert things(page(sample["index.html"])) == {
        "WebSite": {"@type": "WebSite", "name": SITE.name, "description": SITE.description}
    }


def test_a_page_without_a_place_says_nothing(sample):
    page(sample["404.html"]).has_not("script[type='application/ld+json']")
    bare = NotFoundPage(
        site=SITE, root="", title="x", description="", canonical="", home="", lists=()
    )
    assert page_data(bare) == Markup()


def test_previews_of_links(sample):
    found = page(sample[f"{TREE}/index.html"])
    told = {str(tag["property"]): tag for tag in found.all("[property^='og:']")}
    title = found.one("title").get_text()
    assert told["og:title"]["content"] == title
    assert told["og:description"]["content"] == found.one("meta[name=description]")["content"]
    assert told["og:type"]["content"] == "article"
    assert told["og:url"]["href"] == found.one("link[rel=canonical]")["href"]
    image = str(told["og:image"]["content"])
    assert sample[image.removeprefix(SITE.url)].startswith(b"\x89PNG")
    assert found.one("meta[name='twitter:card']")["content"] == "summary"
    kind = page(sample["index.html"]).one("meta[property='og:type']")
    assert kind["content"] == "website"
    name = page(sample["index.html"]).one("meta[property='og:site_name']")
    assert name["content"] == SITE.name


def test_without_a_public_address_no_page_names_one():
    made = files(outputs(Site("Preview")))
    found = page(made[f"{TREE}/index.html"])
    found.has_not("[property='og:url']").has_not("[property='og:image']")
    found.has("[property='og:title']").has("script[type='application/ld+json']")


@pytest.mark.parametrize("name", ["ripe", "a_name_that_is_rather_long_but_not_unheard_of"])
def test_what_a_page_adds_to_its_body_is_small(name):
    texts_ = Texts()
    docs = replace(
        orchard(texts_, "1.0.0"),
        documents=(document(texts_, "resources", name, f"# fernhill_{name}\n"),),
    )
    made = files(render_release(SITE, docs, texts_.read, {}, segment="1.0.0"))
    body = made[f"{HOME}/1.0.0/docs/resources/{name}/index.html"]
    assert len(body) < 2_800


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_hostile_headlines_stay_texts(headline, label):
    context = NotFoundPage(
        site=SITE,
        root="",
        title=headline,
        description="",
        canonical="",
        home="",
        lists=(),
        trail=(Link(label, "../"),),
    )
    for data in (article_data(headline), page_data(context)):
        found = page(f"<p>{data}</p>")
        assert [tag.name for tag in found.soup.find_all(True)] == ["p", "script"]
        assert things(found)
    if headline.isascii() and headline.isprintable() and headline.strip():
        article = things(page(article_data(headline)))["TechArticle"]
        assert article["headline"] == " ".join(headline.split())


@settings(max_examples=60, deadline=None)
@given(*[texts.map(lambda text: text.encode("utf-8", "replace").decode())] * 3)
def test_hostile_facts_stay_texts(name, about, license_id):
    package = summary([orchard(Texts(), "1.0.0")])
    version = replace(package.versions[0], licenses=(license_id,), published=about)
    package = replace(package, description=about, link=f"https://{name}", versions=(version,))
    site = replace(SITE, name=name)
    for path, body in files(render_package(site, package)).items():
        if path.endswith(".html"):
            found = page(body)
            found.has("script", count=2).has("script[src]", count=1)
            assert things(found)
