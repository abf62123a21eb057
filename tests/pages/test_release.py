"""The pages of one release."""

import json
from dataclasses import replace

import pytest

from builder.model.document import KIND_BY_KEY, Document
from builder.model.issue import Issue
from builder.pages.render import render_release
from builder.testing.htmlcheck import page
from builder.testing.samples import SITE, Texts, document, files, orchard, plot, withheld


def made(docs, texts, segment=None, **options):
    options.setdefault("bodies", {})
    bodies = options.pop("bodies")
    segment = segment or docs.version.segment
    return files(render_release(SITE, docs, texts.read, bodies, segment=segment, **options))


MACHINES = ("links.json", "llms.txt", "nav.json", "version.json")  # one of each for a version


def test_files_of_a_provider_release():
    texts = Texts()
    base = "providers/fernhill/orchard/2.0.0/docs"
    pages = [
        "",
        *("resources/pump", "resources/sprinkler_zone", "resources/tree", "resources/tree_graft"),
        *("data-sources/pump", "data-sources/tree", "guides/planting", "functions/ripe"),
        "ephemeral-resources/token",
    ]
    expected = [f"{base}/{name}" for name in MACHINES]
    for name in pages:
        folder = f"{base}/{name}" if name else base
        expected += [f"{folder}/index.html", f"{folder}/index.md"]
    assert sorted(made(orchard(texts, "2.0.0"), texts)) == sorted(expected)


def test_files_of_a_module_release():
    texts = Texts()
    base = "modules/fernhill/plot/greenhouse/0.3.0"
    pages = ["", "/modules/bed", "/modules/fence", "/examples/complete"]
    expected = [f"{base}{p}/{f}" for p in pages for f in ("index.html", "index.md")]
    expected += [f"{base}/{name}" for name in MACHINES]
    assert sorted(made(plot(texts, "0.3.0"), texts)) == sorted(expected)


@pytest.mark.parametrize("release", [orchard, plot])
def test_the_same_text_is_the_same_file_in_every_version(release):
    """Page bytes are a function of the text: no version, date, count or navigation in them (page contract)."""
    texts = Texts()
    old = release(texts, "1.0.0")
    new = release(texts, "2.0.0")
    if new.documents:
        extra = document(texts, "resources", "shears", "# shears\n", subcategory="Tools")
        new = replace(new, documents=(*new.documents, extra))
    new = replace(
        new,
        published="2030-01-01T00:00:00Z",
        yanked="x",
        warnings=("w",),
        tag="other",
        commit="2" * 40,
    )
    one, two = made(old, texts), made(new, texts)
    latest = made(new, texts, segment="latest")
    compared = 0
    for path, body in one.items():
        if path.count("/") > 6 and path.endswith("index.html"):
            assert body == two[path.replace("1.0.0", "2.0.0")]
            assert body == latest[path.replace("1.0.0", "latest")]
            compared += 1
    assert compared == (9 if old.documents else 3)
    del latest[f"{new.address.path}/sitemap.xml"]  # beside the tree, not in it
    assert {p.replace("2.0.0", "latest"): b for p, b in two.items()} == latest


def test_latest_is_the_same_tree_as_the_version_it_stands_for():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    bodies: dict[str, bytes] = {}
    one = made(docs, texts, bodies=bodies)
    two = made(docs, texts, bodies=bodies, segment="latest")
    del two[f"{docs.address.path}/sitemap.xml"]  # beside the tree, not in it
    assert [b for _, b in sorted(one.items())] == [b for _, b in sorted(two.items())]


def test_a_document_page():
    texts = Texts()
    html = made(orchard(texts, "2.0.0"), texts)[
        "providers/fernhill/orchard/2.0.0/docs/resources/tree/index.html"
    ]
    found = page(html).is_sound()
    found.has("html[data-root='../../../../../../../'][data-package='providers/fernhill/orchard']")
    found.has("h1", "orchard_tree (Resource)")
    found.has("title", "orchard_tree (resource) - fernhill/orchard - Orchard Registry")
    found.has(".rg-kicker", "Resource · Trees")
    found.has("nav[aria-label='Breadcrumb'] a[href='../../../../']", "fernhill/orchard")
    found.has("nav[aria-label='Breadcrumb'] a[href='../../']", "pages of this version")
    found.has("nav[aria-label='Breadcrumb'] a[href='../../../../versions/']", "all versions")
    found.has("nav[aria-label='Table of contents'] a[href='#example-usage']", "Example Usage")
    found.has("nav li li a[href='#timeouts']", "Timeouts")
    found.has("link[rel=alternate][type='text/markdown'][href='index.md']")
    found.has("article a[href='../../guides/planting/#order']", "guide")
    found.has("meta[name=description][content='Resource tree']")
    canonical = (
        "https://registry.example.org/providers/fernhill/orchard/latest/docs/resources/tree/"
    )
    found.has(f"link[rel=canonical][href='{canonical}']", count=1)
    assert "2.0.0" not in html.decode()


def test_a_build_segment_is_encoded_where_it_has_to_be():
    """A version with build metadata lies under its segment; its pages still name no version."""
    texts = Texts()
    one = made(orchard(texts, "2.0.0+b.1"), texts)
    assert "providers/fernhill/orchard/2.0.0_b.1/docs/index.html" in one


def test_the_first_page_lists_all_pages():
    texts = Texts()
    base = "providers/fernhill/orchard/2.0.0/docs"
    html = made(orchard(texts, "2.0.0"), texts)[f"{base}/index.html"]
    found = page(html).is_sound()
    found.has("h1", "Orchard Provider").has("article", "version 2.0.0")
    links = [tag["href"] for tag in found.all(".rg-pages a")]
    assert links == [
        "guides/planting/",
        *("resources/tree/", "resources/tree_graft/", "data-sources/tree/"),
        *("resources/pump/", "resources/sprinkler_zone/", "data-sources/pump/"),
        *("functions/ripe/", "ephemeral-resources/token/"),
    ]
    found.has(".rg-pages summary", "Water and Irrigation 3")
    found.has(".rg-line a[href$='/blob/v2.0.0/LICENSE']", "MPL-2.0")


def test_nav_and_version_json():
    texts = Texts()
    files_made = made(orchard(texts, "2.0.0"), texts)
    base = "providers/fernhill/orchard/2.0.0/docs"
    assert json.loads(files_made[f"{base}/nav.json"]) == {
        "Guides": {"g": [["planting", "Planting trees"]]},
        "Trees": {"r": ["tree", "tree_graft"], "d": ["tree"]},
        "Water and Irrigation": {"r": ["pump", "sprinkler_zone"], "d": ["pump"]},
        "Other": {"f": ["ripe"], "e": ["token"]},
    }
    version = json.loads(files_made[f"{base}/version.json"])
    assert version["version"] == "2.0.0"
    assert version["edit"].endswith("/blob/v2.0.0/{path}")
    assert version["paths"]["r"] == ["docs/resources/", ".md"]
    assert version["odd"] == {"": "docs/index.md"}


def test_every_source_file_can_be_found_from_version_json():
    """The usual directory and suffix by letter, with the exceptions, give every page's file back."""
    texts = Texts()
    odd = [
        Document("resources", "Upper", "docs/resources/Upper.md", texts.put("a")),
        Document("resources", "legacy", "website/docs/r/legacy.html.markdown", texts.put("b")),
    ]
    docs = orchard(texts, "2.0.0", *odd)
    facts = json.loads(made(docs, texts)["providers/fernhill/orchard/2.0.0/docs/version.json"])
    for item in docs.documents:
        letter = KIND_BY_KEY[item.kind].letter if item.kind else ""
        key = f"{letter}/{item.slug}" if letter else ""
        before, after = facts["paths"].get(letter, ("", ""))
        assert facts["odd"].get(key, f"{before}{item.slug}{after}") == item.path


def test_twins_are_the_stored_bytes():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    found = made(docs, texts)
    path = "providers/fernhill/orchard/2.0.0/docs/resources/pump/index.md"
    pump = next(d for d in docs.documents if d.name == "pump" and d.kind == "resources")
    assert found[path] == texts.read(pump.blob)


def test_a_withheld_release_shows_its_replacement_and_nothing_else():
    texts = Texts()
    docs = withheld(texts, "1.0.0")
    found = made(docs, texts)
    base = "providers/fernhill/orchard/1.0.0/docs"
    assert sorted(found) == sorted(f"{base}/{n}" for n in ("index.html", "index.md", *MACHINES))
    page(found[f"{base}/index.html"]).is_sound().has("h1", "451 Unavailable for Legal Reasons").has(
        ".rg-badge--withheld"
    ).has(".rg-line", "BUSL-1.1 (not accepted)")
    assert found[f"{base}/index.md"] == texts.read(docs.replacement)
    assert json.loads(found[f"{base}/nav.json"]) == {}
    assert json.loads(found[f"{base}/version.json"])["withheld"] == docs.reason


def test_states_of_a_release_are_shown_on_its_first_page():
    texts = Texts()
    docs = replace(
        orchard(texts, "2.0.0-rc.1"), yanked="Deletes trees.", warnings=("Moved to grove.",)
    )
    html = made(docs, texts)["providers/fernhill/orchard/2.0.0-rc.1/docs/index.html"]
    page(html).is_sound().has(".admonition.danger", "Deletes trees.").has(
        ".admonition.warning", "Moved to grove."
    ).has(".rg-badge--prerelease").has(".rg-badge--yanked")


def test_a_release_without_an_overview_or_readme_still_has_a_first_page():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    docs = replace(docs, documents=tuple(d for d in docs.documents if d.kind))
    found = made(docs, texts)
    base = "providers/fernhill/orchard/2.0.0/docs"
    page(found[f"{base}/index.html"]).is_sound().has("h1", "fernhill/orchard").has(".rg-pages a")
    assert b"has no overview page" in found[f"{base}/index.md"]


def test_documents_for_cdktf_languages_get_no_page():
    texts = Texts()
    python = Document(
        "resources", "tree", "docs/cdktf/python/resources/tree.md", texts.put("x"), "python"
    )
    overview = Document("", "index", "docs/cdktf/python/index.md", texts.put("y"), "python")
    assert made(orchard(texts, "2.0.0", python, overview), texts) == made(
        orchard(texts, "2.0.0"), texts
    )


def test_broken_links_are_reported_with_file_and_line_and_shown_as_text():
    texts = Texts()
    bad = document(
        texts,
        "resources",
        "bad",
        "# bad\n\n[a](missing.md)\n[b](/compute/docs/x)\n[c](../guides/planting.md#nowhere)\n[d](#none)\n"
        "[e](tree.md#species-1)\n",
    )
    issues: list[Issue] = []
    html = made(orchard(texts, "2.0.0", bad), texts, report=issues.append)[
        "providers/fernhill/orchard/2.0.0/docs/resources/bad/index.html"
    ]
    assert [(i.code, i.location.path, i.location.line) for i in issues] == [
        ("LINK001", "docs/resources/bad.md", 3),
        ("LINK003", "docs/resources/bad.md", 4),
        ("LINK002", "docs/resources/bad.md", 5),
        ("LINK002", "docs/resources/bad.md", 6),
    ]
    assert {i.location.address for i in issues} == {"providers/fernhill/orchard"}
    page(html).has("article p", "a b").has_not("article a[href*=missing]")


def test_links_out_of_the_cache_are_reported_again():
    """A warm build reports what a cold one does."""
    texts = Texts()
    bad = document(texts, "resources", "bad", "# bad\n\n[a](missing.md)\n")
    bodies: dict[str, bytes] = {}
    cold: list[Issue] = []
    warm: list[Issue] = []
    made(orchard(texts, "1.0.0", bad), texts, bodies=bodies, report=cold.append)
    made(orchard(texts, "1.0.0", bad), texts, bodies=bodies, report=warm.append)
    assert cold == warm != []


def test_other_packages_and_versions_are_linked_when_they_are_here():
    texts = Texts()
    host = "https://registry.example.net/providers"
    text = f"# x\n\n[a]({host}/hollow/beehive/latest/docs/resources/hive) [b]({host}/fernhill/orchard/1.0.0/docs)\n"
    docs = orchard(texts, "2.0.0", document(texts, "resources", "x", text))
    html = made(
        docs,
        texts,
        hosts=("registry.example.net",),
        packages=lambda address: address.display == "hollow/beehive",
        versions={"1.0.0"},
    )["providers/fernhill/orchard/2.0.0/docs/resources/x/index.html"]
    page(html).has(
        "a[href='../../../../../../../providers/hollow/beehive/latest/docs/resources/hive/']"
    ).has("a[href='../../../../1.0.0/docs/']")
