"""Sitemaps and robots.txt."""

from dataclasses import replace
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from builder.model.document import Document, Part, PartRole
from builder.pages import sitemap
from builder.pages.render import render_catalog, render_release
from builder.pages.site import Site
from builder.testing.samples import SITE, Texts, files, orchard, outputs, plot, summary, withheld

NS = f"{{{sitemap.NAMESPACE}}}"
HOME = "providers/fernhill/orchard"


def listed(body: bytes) -> dict[str, str]:
    """path -> time of a sitemap or an index."""
    root = ElementTree.fromstring(body)
    assert root.tag in (f"{NS}urlset", f"{NS}sitemapindex")
    found = {}
    for entry in root:
        address = entry.findtext(f"{NS}loc") or ""
        assert address.startswith(SITE.url)
        found[address.removeprefix(SITE.url)] = entry.findtext(f"{NS}lastmod") or ""
    assert len(found) == len(root)
    return found


def latest(docs, site=SITE):
    texts = Texts()
    return files(sitemap.release_sitemap(site, docs(texts), "latest"))


def test_every_sitemap_is_in_the_index_and_every_address_is_a_page(sample):
    index = listed(sample["sitemap.xml"])
    assert set(index) == {p for p in sample if p.endswith(".xml") and "sitemap-" in p} | {
        f"{HOME}/sitemap.xml",
        "modules/fernhill/plot/greenhouse/sitemap.xml",
    }
    pages = [page for name in index for page in listed(sample[name])]
    assert len(pages) == len(set(pages)) > 15
    assert {f"{page}index.html" for page in pages} <= sample.keys()
    assert {"", "providers/", "modules/", f"{HOME}/", f"{HOME}/versions/"} <= set(pages)
    assert "providers/fernhill/" in pages
    assert "modules/fernhill/" not in pages  # the same page again


def test_only_latest_is_listed_and_all_of_it(sample):
    """Old versions, pages that are gone and blocked packages are for people who look for them."""
    pages = [
        page
        for name, body in sample.items()
        if name.rsplit("/", 1)[-1].startswith("sitemap") and b"<urlset" in body
        for page in listed(body)
    ]
    assert not [page for page in pages if "/2.1.0/" in page or "weeds/ivy" in page]
    made = {p.removesuffix("index.html") for p in sample if p.endswith("/index.html")}
    newest = {p.replace(v, "latest") for p in made for v in ("2.1.0", "0.3.0") if f"/{v}/" in p}
    assert {page for page in pages if "/latest/" in page} == newest


def test_times_are_those_of_the_release(sample):
    times = {
        time
        for name in listed(sample["sitemap.xml"])
        for page, time in listed(sample[name]).items()
        if page.count("/") > 2
    }
    assert times == {"2026-03-04T05:06:07Z"}


@pytest.mark.parametrize("published", ["", "0001-01-01T00:00:00Z", "\"'><x>"])
def test_a_time_that_is_not_known_is_left_out(published):
    made = latest(lambda texts: replace(orchard(texts, "1.0.0"), published=published))
    assert set(listed(made[f"{HOME}/sitemap.xml"]).values()) == {""}


def test_a_withheld_version_has_no_sitemap_and_is_in_no_index():
    texts = Texts()
    docs = withheld(texts, "1.0.0")
    assert files(sitemap.release_sitemap(SITE, docs, "latest")) == {}
    found = files(sitemap.site_sitemaps(SITE, [summary([docs])]))
    assert set(listed(found["sitemap.xml"])) == {"sitemap-pages.xml"}
    assert f"{HOME}/" in listed(found["sitemap-pages.xml"])


def test_another_version_has_no_sitemap():
    texts = Texts()
    assert files(sitemap.release_sitemap(SITE, orchard(texts, "1.0.0"), "1.0.0")) == {}


def test_a_site_without_an_address_has_none():
    made = files(outputs(Site("Preview")))
    assert not [path for path in made if "sitemap" in path or path == "robots.txt"]


def test_robots_may_read_everything(sample):
    robots = RobotFileParser()
    robots.parse(sample["robots.txt"].decode().splitlines())
    assert robots.can_fetch("any", f"{SITE.url}{HOME}/latest/docs/")
    assert robots.site_maps() == [f"{SITE.url}sitemap.xml"]


def indexed(site: dict[str, bytes]) -> set[str]:
    """All files that the indexes name; robots.txt names the indexes."""
    robots = site["robots.txt"].decode().splitlines()
    indexes = [line.removeprefix(f"Sitemap: {SITE.url}") for line in robots if "Sitemap:" in line]
    found = [name for index in indexes for name in listed(site[index])]
    assert len(found) == len(set(found))
    own = {name for name in site if name.endswith(".xml") and "sitemap" in name}
    assert own - set(indexes) <= set(found)
    return set(found)


def many_documents(texts, number):
    blob = texts.put("# x\n")
    return tuple(Document("resources", f"r{n:05}", f"docs/r/{n}.md", blob) for n in range(number))


@pytest.mark.parametrize("number", [4, 5, 10, 11])
def test_long_lists_become_several_files_that_the_index_knows(monkeypatch, number):
    """The index is made without looking at the pages, so both must count alike."""
    monkeypatch.setattr(sitemap, "ENTRIES", 5)
    texts = Texts()
    docs = replace(orchard(texts, "1.0.0"), documents=many_documents(texts, number))
    made = files(sitemap.release_sitemap(SITE, docs, "latest"))
    assert all(0 < len(listed(body)) <= 5 for body in made.values())
    assert sum(len(listed(body)) for body in made.values()) == number + 1
    packages = [
        replace(summary([docs]), address=replace(docs.address, name=f"n{n}")) for n in range(7)
    ]
    site = files(sitemap.site_sitemaps(SITE, [summary([docs]), *packages]))
    assert made.keys() <= indexed(site)
    assert all(0 < len(listed(body)) <= 5 for name, body in site.items() if name.endswith(".xml"))


def test_a_module_counts_its_parts(monkeypatch):
    monkeypatch.setattr(sitemap, "ENTRIES", 3)
    texts = Texts()
    docs = plot(texts, "1.0.0")
    part = Part(PartRole.SUBMODULE, "more", texts.put("# x\n"), True, "modules/more/README.md")
    docs = replace(docs, parts=(*docs.parts, part))
    made = files(sitemap.release_sitemap(SITE, docs, "latest"))
    assert sorted(len(listed(body)) for body in made.values()) == [2, 3]
    assert made.keys() <= indexed(files(render_catalog(SITE, [summary([docs])])))


def test_a_full_file_keeps_the_limits_of_the_protocol():
    """50,000 entries and 52,428,800 bytes, with addresses of the greatest length (2,048 bytes)."""
    path = "p" * (2048 - len(SITE.url))
    lines = list(sitemap._lines(SITE, [(path, "2026-03-04T05:06:07Z")], "sitemapindex", "sitemap"))
    assert len(lines[1]) > 2048
    assert len(lines[1]) * sitemap.ENTRIES + len(lines[0] + lines[2]) < 52_428_800
    assert sitemap.ENTRIES <= 50_000


def test_addresses_are_encoded():
    texts = Texts()
    site = replace(SITE, url="https://registry.example.org/a&b/")
    odd = Document("guides", 'a b"<é>&', "docs/guides/x.md", texts.put("# x\n"))
    docs = replace(orchard(texts, "1.0.0"), documents=(odd,))
    body = files(render_release(site, docs, texts.read, {}, segment="latest"))[
        f"{HOME}/sitemap.xml"
    ]
    found = [entry.findtext(f"{NS}loc") or "" for entry in ElementTree.fromstring(body)]
    assert urlsplit(found[1]).path.endswith("/guides/a%20b%22%3C%C3%A9%3E%26/")
    assert found[1].startswith("https://registry.example.org/a&b/")
