"""The Markdown beside generated pages."""

from dataclasses import fields, replace

import jinja2.meta
import pytest
from bs4 import BeautifulSoup
from jinja2 import nodes
from markdown_it import MarkdownIt

from builder.model.address import Address, Kind
from builder.pages.contexts import TEMPLATES
from builder.pages.environment import template_folder
from builder.pages.render import render_catalog, render_package, render_release
from builder.pages.site import Site
from builder.pages.twins import TWINS, markdown_environment
from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_pages
from builder.testing.samples import SITE, Texts, files, orchard, outputs, plot, summary

HOME = "providers/fernhill/orchard"
EVIL = "</a>](javascript:alert(1)) *x* `y` <img src=x> | # \n\n# z\n- {{ site }} &lt; \u2028 \\"
MARKDOWN = MarkdownIt("commonmark").enable("table")


def html(text: bytes) -> BeautifulSoup:
    return BeautifulSoup(MARKDOWN.render(text.decode()), "html.parser")


def generated(sample: dict[str, bytes]) -> dict[str, bytes]:
    """The Markdown of pages that no author wrote."""
    own = {p: b for p, b in sample.items() if p.endswith("index.md") and "/docs/" not in p}
    return {p: b for p, b in own.items() if "greenhouse/0" not in p and "latest" not in p}


def test_every_page_has_its_markdown_and_says_so(sample):
    for path, body in sample.items():
        if path.endswith("index.html"):
            assert page(body).one("link[type='text/markdown']")["href"] == "index.md"
            assert path.replace("index.html", "index.md") in sample


def test_links_between_markdown_files_lead_somewhere(sample):
    pages = [(path, str(html(body)).encode()) for path, body in generated(sample).items()]
    assert len(pages) >= 9
    found = check_pages(pages, sample)
    assert found.bad == ()
    assert found.links > 20


def test_markdown_says_what_the_page_says(sample):
    """Every package, version, license and notice of the page, under the same heading."""
    for path, body in generated(sample).items():
        shown = html(body)
        original = page(sample[path.replace("index.md", "index.html")])
        assert len(shown.select("h1")) == 1
        assert shown.h1 is not None
        assert original.one("h1").get_text().startswith(shown.h1.get_text())
        text = " ".join(shown.get_text().split())
        for selector in (".rg-package-name a", ".rg-versions th a", ".admonition p", "aside dd a"):
            for tag in original.all(selector):
                words = " ".join(tag.get_text().split())
                assert words in text or tag.get("rel"), (path, words)


def test_a_packages_home_in_markdown(sample):
    shown = html(sample[f"{HOME}/index.md"])
    code = shown.select_one("pre code")
    assert code is not None
    assert '    source  = "registry.example.org/fernhill/orchard"' in code.get_text()
    assert [a["href"] for a in shown.select("ul a")] == [
        *("latest/docs/index.md", "latest/docs/llms.txt"),
        "https://github.com/fernhill/terraform-provider-orchard",
    ]
    assert [tag.get_text() for tag in shown.select("tbody tr:nth-child(3) td")] == [
        *("2.0.0", "2026-03-04", "MPL-2.0"),
        "4 resources, 2 data sources, 1 function, 1 guide, 1 ephemeral resource",
        "yanked: Deletes trees on refresh.",
    ]


def test_no_gap_is_larger_than_one_line(sample):
    for path, body in generated(sample).items():
        assert b"\n\n\n" not in body, path
        assert body.endswith(b"\n")
        assert not body.endswith(b"\n\n")


def test_a_release_without_an_overview_has_a_list_of_its_pages():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    docs = replace(docs, documents=tuple(d for d in docs.documents if d.kind))
    made = files(render_release(SITE, docs, texts.read, {}, segment="2.0.0"))
    shown = html(made[f"{HOME}/2.0.0/docs/index.md"])
    assert "has no overview page" in shown.get_text()
    links = [(a.get_text(), a["href"]) for a in shown.select("a")]
    assert ("tree (Data sources)", "data-sources/tree/index.md") in links
    assert {f"{HOME}/2.0.0/docs/{address}" for _, address in links} <= made.keys()
    page(made[f"{HOME}/2.0.0/docs/index.html"]).is_sound()
    bare = replace(plot(texts, "1.0.0"), parts=())
    made = files(render_release(SITE, bare, texts.read, {}, segment="1.0.0"))
    assert b"no README" in made["modules/fernhill/plot/greenhouse/1.0.0/index.md"]


def test_an_overviews_markdown_is_the_authors():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    made = files(render_release(SITE, docs, texts.read, {}, segment="2.0.0"))
    overview = next(d for d in docs.documents if not d.kind)
    assert made[f"{HOME}/2.0.0/docs/index.md"] == texts.read(overview.blob)


def test_an_empty_registry_has_markdown():
    made = files(render_catalog(SITE, []))
    assert b"No package has documentation yet." in made["index.md"]
    assert b"There are none yet." in made["providers/index.md"]
    package = replace(summary([orchard(Texts(), "1.0.0")]), versions=())
    made = files(render_package(SITE, package))
    assert b"No version is known." in made[f"{HOME}/index.md"]
    assert b"No version is known." in made[f"{HOME}/versions/index.md"]


def test_hostile_texts_stay_texts():
    docs = replace(orchard(Texts(), "1.0.0"), yanked=EVIL, warnings=(EVIL,))
    package = replace(
        summary([docs]),
        link=f"https://x/{EVIL}",
        description=EVIL,
        blocked=EVIL,
        popularity=1,
        canonical=Address(Kind.PROVIDER, EVIL, EVIL),
        reverse_aliases=(Address(Kind.PROVIDER, EVIL, EVIL),),
    )
    version = replace(package.versions[0], licenses=(EVIL,), published=EVIL, reason=EVIL)
    package = replace(package, versions=(version, replace(version, has_pages=False)))
    site = Site(EVIL, description=EVIL, terraform_host=EVIL, opentofu_host="tofu.example")
    made = {**files(render_catalog(site, [package])), **files(render_package(site, package))}
    texts = {p: b for p, b in made.items() if p.endswith(("index.md", "llms.txt"))}
    assert len(texts) == 6
    for path, body in texts.items():
        shown = html(body)
        assert not shown.select("img, em, script"), path
        assert not [
            a for a in shown.select("a") if ":" in a["href"] and a["href"][:10] != "https://x/"
        ]
        assert len(shown.select("h1")) == 1, path
        assert "javascript:alert(1)" in shown.get_text(), path


@pytest.mark.parametrize(("template", "twin"), TWINS.items())
def test_templates_use_documented_names_only(template, twin):
    tree = markdown_environment().parse((template_folder() / twin).read_text())
    imported = {node.target for node in tree.find_all(nodes.Import)}
    names = jinja2.meta.find_undeclared_variables(tree) - imported
    assert names <= {f.name for f in fields(TEMPLATES[template])}


def test_an_operators_template_comes_first(tmp_path):
    (tmp_path / "markdown").mkdir()
    (tmp_path / "markdown" / "home.md").write_text("# Mine: {{ site.description }}\n")
    made = files(outputs(Site("x", description="a *b*", templates=(tmp_path,))))
    assert made["index.md"] == b"# Mine: a \\*b\\*\n"
