"""llms.txt of the site and of versions."""

from dataclasses import replace

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from builder.model.document import Document
from builder.pages import llms, navigation
from builder.pages.render import render_release
from builder.testing.linkcheck import check_pages
from builder.testing.samples import (
    SITE,
    Texts,
    document,
    files,
    orchard,
    outputs,
    plot,
    summary,
    withheld,
)

BASE = "providers/fernhill/orchard/2.0.0/docs"
texts = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(
    ["](javascript:alert(1))", "# x", "\n\n## x\n- [x](y)", "</a>", "`", "1. x", "\\"]
)


def shown(text: bytes) -> BeautifulSoup:
    """The file as HTML: it is Markdown with one h1, a block quote, and sections with lists."""
    soup = BeautifulSoup(MarkdownIt("commonmark").render(text.decode()), "html.parser")
    names = [tag.name for tag in soup.find_all(True, recursive=False)]
    assert names[:2] == ["h1", "blockquote"]
    assert names.count("h1") == names.count("blockquote") == 1
    assert set(names[2:]) <= {"h2", "ul", "p"}
    return soup


def sections(text: bytes) -> dict[str, list[tuple[str, str]]]:
    """Heading -> (label, address) of its links."""
    found = {}
    for heading in shown(text).select("h2"):
        items = heading.find_next_sibling("ul")
        assert items is not None
        found[heading.get_text()] = [(a.get_text(), str(a["href"])) for a in items.select("a")]
    return found


def release(docs) -> bytes:
    (output,) = llms.release_llms(docs, docs.version.segment)
    return output.body


def test_a_versions_pages_stand_in_the_order_of_its_navigation():
    docs = orchard(Texts(), "2.0.0")
    found = sections(release(docs))
    nav = navigation.provider_nav(navigation.pages(docs))
    assert list(found) == ["Overview", *nav]
    assert found["Overview"] == [("fernhill/orchard", "index.md")]
    assert found["Guides"] == [("Planting trees", "guides/planting/index.md")]
    assert found["Trees"] == [
        ("tree (resource)", "resources/tree/index.md"),
        ("tree_graft (resource)", "resources/tree_graft/index.md"),
        ("tree (data source)", "data-sources/tree/index.md"),
    ]


def test_all_links_lead_to_markdown(sample):
    """Every llms.txt and every generated Markdown file names files of the site only."""
    markdown = MarkdownIt("commonmark").enable("table")
    texts_ = {p: b for p, b in sample.items() if p.endswith("/llms.txt") or p == "llms.txt"}
    assert len(texts_) > 6
    pages = [(path, markdown.render(body.decode()).encode()) for path, body in texts_.items()]
    found = check_pages(pages, sample)
    assert found.bad == ()
    assert found.links > 50
    links = [a["href"] for _, html in pages for a in BeautifulSoup(html, "html.parser").select("a")]
    assert {str(link).rsplit("/", 1)[-1] for link in links} == {"index.md"}


def test_every_page_of_a_version_is_named(sample):
    base = "providers/fernhill/orchard/latest/docs/"
    named = {
        base + address
        for links in sections(sample[f"{base}llms.txt"]).values()
        for _, address in links
    }
    removed = {f"{base}resources/scarecrow/index.md"}  # answers, but is no page of the version
    assert named == {p for p in sample if p.startswith(base) and p.endswith("index.md")} - removed


def test_latest_has_the_same_bytes(sample):
    for base in ("providers/fernhill/orchard/{}/docs", "modules/fernhill/plot/greenhouse/{}"):
        version = "2.1.0" if "orchard" in base else "0.3.0"
        assert (
            sample[f"{base.format('latest')}/llms.txt"]
            == sample[f"{base.format(version)}/llms.txt"]
        )


def test_the_overviews_description_is_the_summary():
    texts_ = Texts()
    overview = document(texts_, "", "index", "# x\n", description="Plants and waters trees.")
    docs = replace(orchard(texts_, "2.0.0"), documents=(overview,))
    quote = shown(release(docs)).select_one("blockquote")
    assert quote is not None
    assert quote.get_text().strip() == (
        "Plants and waters trees. Documentation of the provider fernhill/orchard, version 2.0.0, "
        "published 2026-03-04."
    )
    assert "published" not in release(replace(docs, published="")).decode()


def test_descriptions_are_short():
    long = document(Texts(), "guides", "g", "# g\n", description="word " * 100)
    found = release(replace(orchard(Texts(), "2.0.0"), documents=(long,))).decode()
    line = next(line for line in found.splitlines() if "guides/g" in line)
    assert line.endswith("word …")
    assert len(line) < 160


def test_what_is_withheld_is_named_and_not_linked():
    found = shown(release(withheld(Texts(), "1.0.0")))
    assert "The license BUSL-1.1 is not accepted." in found.get_text()
    assert found.select("a") == []
    module = replace(plot(Texts(), "1.0.0"), blocked="by order")
    found = shown(release(module))
    assert "by order" in found.get_text()
    assert found.select("a, ul") == []


def test_a_part_that_is_replaced_is_not_linked():
    docs = plot(Texts(), "1.0.0")
    parts = tuple(replace(p, replaced="withheld") if p.name == "Bed" else p for p in docs.parts)
    found = shown(release(replace(docs, parts=parts)))
    assert [tag.get_text() for tag in found.select("li")] == [
        "fernhill/plot/greenhouse",
        "Bed: not shown (withheld)",
        "fence: not shown (no README)",
        "complete",
    ]
    assert [a["href"] for a in found.select("a")] == ["index.md", "examples/complete/index.md"]
    large = replace(document(Texts(), "guides", "g", "x"), replaced="too large")
    found = shown(release(replace(orchard(Texts(), "2.0.0"), documents=(large,))))
    assert "g: not shown (too large)" in found.get_text()


def test_the_sites_file_names_packages_by_kind():
    made = files(outputs())["llms.txt"]
    assert sections(made) == {
        "Providers": [("fernhill/orchard", "providers/fernhill/orchard/index.md")],
        "Modules": [("fernhill/plot/greenhouse", "modules/fernhill/plot/greenhouse/index.md")],
    }
    (empty,) = llms.site_llms(replace(SITE, description=""), [])
    assert shown(empty.body).select("h2") == []


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts, texts)
def test_hostile_texts_stay_texts(title, group, description, reason):
    odd = Document(
        "guides",
        "g",
        "docs/guides/g.md",
        "0" * 40,
        title=title,
        subcategory=group,
        description=description,
    )
    docs = replace(orchard(Texts(), "2.0.0"), documents=(odd,))
    found = shown(release(docs))
    assert [a["href"] for a in found.select("a")] == ["index.md", "guides/g/index.md"]
    assert len(found.select("h2")) == 2
    shown(release(replace(docs, blocked=reason or "x")))
    packages = [replace(summary([docs]), description=description)]
    (site,) = llms.site_llms(replace(SITE, name=title or "x", description=description), packages)
    assert [a["href"] for a in shown(site.body).select("a")] == [
        "providers/fernhill/orchard/index.md"
    ]


def test_a_release_has_its_file():
    texts_ = Texts()
    made = files(render_release(SITE, orchard(texts_, "2.0.0"), texts_.read, {}, segment="2.0.0"))
    assert f"{BASE}/llms.txt" in made
