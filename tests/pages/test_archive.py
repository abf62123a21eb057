"""Versions to take along."""

import gzip
import io
import re
import tarfile
from dataclasses import replace

import pytest

from builder.pages.render import render_package, render_release
from builder.pages.site import Site
from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_outputs
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

ARCHIVES = replace(SITE, archives=True)
HOME = "providers/fernhill/orchard"
BASE = f"{HOME}/2.0.0/docs"


def packed(docs, texts, site=ARCHIVES, **options) -> bytes:
    made = files(
        render_release(site, docs, texts.read, {}, segment=docs.version.segment, **options)
    )
    return made[f"{docs.address.path}/{docs.version.segment}.tar.gz"]


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files below the archive's only folder."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for entry in tar.getmembers():
            assert entry.isfile()
            stream = tar.extractfile(entry)
            assert stream is not None
            found[entry.name] = stream.read()
    assert len({name.split("/")[0] for name in found}) == 1
    return {name.split("/", 1)[1]: body for name, body in found.items()}


@pytest.mark.parametrize("release", [orchard, plot])
@pytest.mark.parametrize("site", [ARCHIVES, Site("Preview", archives=True)])
def test_an_archive_is_whole(release, site):
    """Every link of every page names a file of the archive, so that it can be read from a folder."""
    texts = Texts()
    inside = unpacked(packed(release(texts, "2.0.0"), texts, site))
    assert check_outputs(inside).bad == ()
    for path, body in inside.items():
        if path.endswith(".html"):
            found = page(body).is_sound()
            for tag in (*found.all("[href]"), *found.all("[src]")):
                address = str(tag.get("href") or tag.get("src"))
                assert (
                    not re.search(r"(^|/)\.{0,2}(#.*)?$", address)
                    or address[:1] == "#"
                    or (":" in address)
                ), (path, address)
    assert {"index.html", "assets/v1/shell.js", "assets/v1/site.css"} <= inside.keys()


def test_pages_are_those_of_the_site_but_for_links():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    made = files(render_release(ARCHIVES, docs, texts.read, {}, segment="2.0.0"))
    inside = unpacked(made[f"{HOME}/2.0.0.tar.gz"])
    links = re.compile(rb' href="[^"]*"')
    for path, body in made.items():
        if not path.endswith(".tar.gz"):
            assert links.sub(b"", inside[path]) == links.sub(b"", body)
    assert inside[f"{BASE}/resources/tree/index.md"] == made[f"{BASE}/resources/tree/index.md"]


def test_what_is_not_in_the_archive_has_its_public_address():
    texts = Texts()
    text = (
        "# x\n\n[a](https://registry.example/providers/hollow/beehive/latest/docs/resources/hive#x)\n\n"
        '`<a href="../x/">` and <a title="a > b" href="tree">b</a>\n'
    )
    docs = orchard(texts, "2.0.0", document(texts, "guides", "g", text))
    site_texts = {}
    for site in (ARCHIVES, replace(ARCHIVES, url="")):
        options = {"hosts": ("registry.example",), "packages": lambda _: True}
        inside = unpacked(packed(docs, texts, site, **options))
        site_texts[site.url] = page(inside[f"{BASE}/guides/g/index.html"])
    found = site_texts[SITE.url]
    found.has(f"article a[href^='{SITE.url}providers/hollow/beehive/latest/docs/']", "a")
    found.has("article code", '<a href="../x/">')
    site_texts[""].has("article a:not([href])", "a")


def test_the_home_of_an_archive_leads_to_the_version():
    texts = Texts()
    inside = unpacked(packed(orchard(texts, "2.0.0+b.1"), texts))
    assert f"{HOME}/2.0.0_b.1/docs/index.html" in inside
    page(inside["index.html"]).has(f"a[href='{HOME}/index.html']", "fernhill/orchard")
    home = page(inside[f"{HOME}/index.html"])
    home.has("a.rg-button[href='2.0.0_b.1/docs/index.html']")
    home.has_not("a[download]")


def test_the_same_input_gives_the_same_bytes():
    texts = Texts()
    docs = orchard(texts, "2.0.0")
    one = packed(docs, texts)
    assert one == packed(orchard(Texts(), "2.0.0"), texts)
    assert gzip.decompress(one)
    with tarfile.open(fileobj=io.BytesIO(one)) as tar:
        entries = tar.getmembers()
    assert {(e.mtime, e.uid, e.gid, e.uname, e.mode) for e in entries} == {
        (1772600767, 0, 0, "", 0o644)
    }
    assert packed(replace(docs, published="?"), texts) != one


def test_links_to_archives_are_where_there_are_archives():
    texts = Texts()
    docs = orchard(texts, "2.0.0")

    def first(made):
        return page(made[next(path for path in made if path.endswith("docs/index.html"))])

    def render(site, segment, docs=docs, **options):
        return files(render_release(site, docs, texts.read, {}, segment=segment, **options))

    link = "a[href='../../2.0.0.tar.gz'][download]"
    first(render(ARCHIVES, "2.0.0")).has(link)
    latest = render(ARCHIVES, "latest", versions={"2.0.0"})
    first(latest).has(link)
    assert not [path for path in latest if path.endswith(".tar.gz")]
    first(render(ARCHIVES, "latest")).has_not("a[download]")
    first(render(SITE, "2.0.0")).has_not("a[download]")
    closed = render(ARCHIVES, "1.0.0", withheld(texts, "1.0.0"))
    first(closed).has_not("a[download]")
    assert not [path for path in closed if path.endswith(".tar.gz")]


def test_a_packages_home_links_the_newest_archive():
    def home(site, package):
        return page(files(render_package(site, package))[f"{HOME}/index.html"])

    package = summary([orchard(Texts(), "2.0.0")])
    home(ARCHIVES, package).has("a[href='2.0.0.tar.gz'][download]")
    home(SITE, package).has_not("a[download]")
    bare = replace(package, versions=(replace(package.versions[0], has_pages=False),))
    home(ARCHIVES, bare).has_not("a[download]")
    home(ARCHIVES, summary([withheld(Texts(), "1.0.0")])).has_not("a[download]")


def test_a_site_with_archives_has_no_dead_links():
    assert check_outputs(files(outputs(ARCHIVES))).bad == ()
