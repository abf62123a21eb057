"""Machine twins of a whole build: what crawlers, feed readers and language models find, and when it is made again."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from builder.emit.manifest import read_manifest
from builder.pipeline.build import BuildOptions, build_site
from builder.testing.linkcheck import check_folder
from builder.testing.registry import ISC, RegistryMaker
from builder.testing.repositories import RepositoryMaker, git

URL = "https://docs.example.org/registry/"
EVIL = "</title></script><script>alert(1)</script>]]>&\"'\x0b *x* [y](javascript:alert(2)) \u2028"
GARDEN = {
    "docs/index.md": "# Garden\n\nGrows things.\n",
    "docs/resources/bed.md": "---\nsubcategory: Beds\n---\n\n# garden_bed\n\nA bed.\n",
}
NET = {"README.md": "# Net\n", "modules/leaves/README.md": "# Leaves\n"}


def made_up(folder: Path) -> RegistryMaker:
    made = RegistryMaker(folder / "registry")
    made.package("acme/garden", {"v1.0.0": GARDEN, "v1.1.0": GARDEN}, description=EVIL)
    made.package("acme/net/aws", {"v0.1.0": NET})
    made.package("acme/closed", {"v1.0.0": GARDEN}, licensed=False)
    return made


@pytest.fixture(scope="module")
def maker(tmp_path_factory) -> RegistryMaker:
    return made_up(tmp_path_factory.mktemp("twins"))


@pytest.fixture(scope="module")
def site(maker) -> dict[str, bytes]:
    """A site that the tests only read."""
    return build(maker)


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    return made_up(tmp_path)


def build(registry: RegistryMaker, url: str = URL, **section: Any) -> dict[str, bytes]:
    """The built site without what says nothing to readers."""
    config = replace(registry.config(**section), site_url=url, site_dir=registry.site)
    build_site(config, BuildOptions())
    files = (path for path in registry.site.rglob("*") if path.is_file())
    named = {path.relative_to(registry.site).as_posix(): path.read_bytes() for path in files}
    return {name: body for name, body in named.items() if not name.startswith(".")}


def addresses(body: bytes) -> list[str]:
    return [entry[0].text or "" for entry in ElementTree.fromstring(body)]


def test_crawlers_find_every_page_of_the_latest_versions(site):
    assert f"Sitemap: {URL}sitemap.xml" in site["robots.txt"].decode()
    sitemaps = [address.removeprefix(URL) for address in addresses(site["sitemap.xml"])]
    pages = {a.removeprefix(URL) for name in sitemaps for a in addresses(site[name])}
    assert {f"{page}index.html" for page in pages} <= site.keys()
    assert {
        "providers/acme/garden/latest/docs/resources/bed/",
        "modules/acme/net/aws/latest/modules/leaves/",
        "providers/acme/closed/",
    } <= pages
    assert not [page for page in pages if "closed/latest" in page or "1.0.0" in page]


def test_xml_is_well_formed_and_times_are_those_of_the_tags(maker, site):
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(site["feed.xml"])
    assert len(feed.findall(f"{atom}entry")) == 4
    times = {entry.findtext(f"{atom}updated") for entry in feed.findall(f"{atom}entry")}
    tags = {
        int(seconds)
        for address in ("acme/garden", "acme/net/aws", "acme/closed")
        for seconds in git(
            maker.repository(address), "for-each-ref", "--format=%(creatordate:unix)", "refs/tags"
        ).split()
    }
    assert {datetime.fromisoformat(str(time)).timestamp() for time in times} == tags
    for name, body in site.items():
        if name.endswith(".xml"):
            ElementTree.fromstring(body)


def test_withheld_prose_is_in_no_twin(site):
    base = "providers/acme/closed/1.0.0/docs"
    assert b"is not shown" in site[f"{base}/llms.txt"]
    assert b"](" not in site[f"{base}/llms.txt"]
    for name, body in site.items():
        if "acme/closed/" in name:
            assert b"Grows" not in body, name


def test_links_lead_somewhere_and_hostile_texts_stay_texts(maker, site):
    assert check_folder(maker.site).bad == ()
    page = site["providers/acme/garden/index.html"].decode()
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page
    twin = site["providers/acme/garden/index.md"].decode()
    assert "\\[y\\](javascript" in twin


def test_a_preview_without_an_address_names_none(registry):
    site = build(registry, url="")
    assert not [name for name in site if "sitemap" in name or name == "robots.txt"]
    assert {"llms.txt", "feed.xml", "index.md", "providers/acme/garden/feed.xml"} <= site.keys()


def test_archives_are_made_when_they_are_asked_for(registry):
    assert not [name for name in build(registry) if name.endswith(".tar.gz")]
    site = build(registry, html={"archives": True})
    names = {name for name in site if name.endswith(".tar.gz")}
    assert names == {
        *("providers/acme/garden/1.0.0.tar.gz", "providers/acme/garden/1.1.0.tar.gz"),
        "modules/acme/net/aws/0.1.0.tar.gz",
    }
    assert check_folder(registry.site).bad == ()
    assert b'href="../../1.1.0.tar.gz"' in site["providers/acme/garden/latest/docs/index.html"]
    assert build(registry, html={"archives": True}) == site
    fewer = build(registry, html={"archives": True, "versions": 1})
    assert {name for name in fewer if name.endswith(".tar.gz")} == names - {
        "providers/acme/garden/1.0.0.tar.gz"
    }


def test_a_new_version_changes_its_package_and_the_lists_only(registry):
    build(registry)
    before = read_manifest(registry.site).units
    RepositoryMaker(registry.repository("acme/net/aws")).release("v0.2.0", {"LICENSE": ISC, **NET})
    registry.entry("acme/net/aws", "v0.2.0", "v0.1.0")
    build(registry)
    after = read_manifest(registry.site).units
    changed = {name for name, unit in after.items() if before.get(name) != unit}
    assert not [name for name in changed if "providers/" in name]
    assert {"modules/acme/net/aws", "modules/acme/net/aws/latest", "site/pages"} <= changed
    names = {item.path for item in after["modules/acme/net/aws/latest"].items}
    assert {"modules/acme/net/aws/sitemap.xml", "modules/acme/net/aws/latest/llms.txt"} <= names
