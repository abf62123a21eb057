"""Atom feeds of releases."""

import uuid
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model.summary import VersionSummary
from builder.model.version import Version
from builder.pages import feed
from builder.pages.site import Site
from builder.testing.htmlcheck import page
from builder.testing.samples import (
    ORCHARD,
    PLOT,
    SITE,
    Texts,
    files,
    orchard,
    outputs,
    summary,
    withheld,
)

NS = f"{{{feed.NAMESPACE}}}"
texts = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(
    ["</entry>", "]]>", "&amp;", '" onload="', "\0", "\ud800"]
)


def parsed(body: bytes) -> ElementTree.Element:
    """The feed, with what RFC 4287 asks for."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{NS}feed"
    ids = []
    for part in (root, *root.findall(f"{NS}entry")):
        for name in ("title", "id", "updated"):
            assert len(part.findall(f"{NS}{name}")) == 1, name
        ids.append(str(part.findtext(f"{NS}id")))
        assert datetime.fromisoformat(str(part.findtext(f"{NS}updated"))).tzinfo
        assert [k for k in part.findall(f"{NS}link") if k.get("rel") == "alternate"]
    assert all(uuid.UUID(name.removeprefix("urn:uuid:")) for name in ids)
    assert len(set(ids)) == len(ids)
    assert root.find(f"{NS}author/{NS}name") is not None
    return root


def entries(body: bytes) -> list[tuple[str, str, str]]:
    """Title, summary and address of every entry."""
    return [
        (
            str(entry.findtext(f"{NS}title")),
            str(entry.findtext(f"{NS}summary")),
            str(entry.find(f"{NS}link").get("href")),  # type: ignore[union-attr]
        )
        for entry in parsed(body).findall(f"{NS}entry")
    ]


def released(version: str, published: str, **facts) -> VersionSummary:
    return VersionSummary(Version.parse(version), published, **facts)  # type: ignore[arg-type]


def package(*versions: VersionSummary, address=ORCHARD):
    made = summary([orchard(Texts(), "1.0.0")])
    return replace(made, address=address, versions=versions)


def made(*versions: VersionSummary, site=SITE) -> bytes:
    (output,) = feed.package_feed(site, package(*versions))
    assert (output.path, output.media_type) == (f"{ORCHARD.path}/feed.xml", feed.MEDIA_TYPE)  # type: ignore[union-attr]
    return output.body


def test_feeds_are_announced_and_valid(sample):
    for home in ("", "providers/fernhill/orchard/", "modules/fernhill/plot/greenhouse/"):
        link = page(sample[f"{home}index.html"]).one("link[type='application/atom+xml']")
        assert link["rel"] == ["alternate"]
        assert entries(sample[f"{home}{link['href']}"])
    page(sample["providers/fernhill/orchard/versions/index.html"]).has_not("link[type*=atom]")


def test_the_newest_release_comes_first_and_dates_the_feed():
    body = made(
        released("2.0.0", "2026-01-01T00:00:00Z"), released("1.9.1", "2026-02-01T00:00:00Z")
    )
    titles = [title for title, _, _ in entries(body)]
    assert titles == ["fernhill/orchard 1.9.1", "fernhill/orchard 2.0.0"]
    assert parsed(body).findtext(f"{NS}updated") == "2026-02-01T00:00:00Z"


def test_an_entry_tells_what_one_should_know():
    beta = released("3.0.0-beta.1", "2026-03-01T00:00:00Z")
    yanked = released("2.0.0", "2026-02-01T00:00:00Z", yanked="Deletes trees.")
    assert [about for _, about, _ in entries(made(beta, yanked))] == [
        "Version 3.0.0-beta.1 of the provider fernhill/orchard. It is a pre-release.",
        "Version 2.0.0 of the provider fernhill/orchard. It is yanked: Deletes trees.",
    ]
    found = files(feed.package_feed(SITE, summary([withheld(Texts(), "1.0.0")])))
    ((_, about, _),) = entries(found["providers/fernhill/orchard/feed.xml"])
    assert about.endswith("withheld: The license BUSL-1.1 is not accepted.")


def test_a_release_without_pages_leads_to_the_versions():
    bare = released("1.0.0+b.1", "2026-03-01T00:00:00Z", has_pages=False)
    ((_, _, address),) = entries(made(bare))
    assert address == f"{SITE.url}providers/fernhill/orchard/versions/"
    ((_, _, address),) = entries(made(replace(bare, has_pages=True)))
    assert address == f"{SITE.url}providers/fernhill/orchard/1.0.0_b.1/docs/"


def test_without_a_public_address_links_are_relative():
    body = made(released("1.0.0", "2026-03-01T00:00:00Z"), site=Site("Preview"))
    ((_, _, address),) = entries(body)
    assert address == "1.0.0/docs/"
    links = [link.get("href") for link in parsed(body).findall(f"{NS}link")]
    assert links == ["feed.xml", "./"]


@pytest.mark.parametrize("published", ["", "0001-01-01T00:00:00Z", "<x>"])
def test_a_release_without_a_time_is_in_no_feed(published):
    assert entries(made(released("1.0.0", published))) == []


def test_the_registrys_feed_has_the_newest_of_all():
    versions = [released(f"1.0.{n}", f"2026-01-01T00:{n:02}:00Z") for n in range(60)]
    other = package(*versions, address=PLOT)
    blocked = replace(package(*versions), blocked="by order")
    one = package(*(replace(v, published=v.published.replace("2026", "2025")) for v in versions))
    (output,) = feed.site_feed(SITE, [one, other])
    titles = [title for title, _, _ in entries(output.body)]
    assert len(titles) == feed.ENTRIES == 100
    assert titles[0] == "fernhill/plot/greenhouse 1.0.59"
    assert titles[60] == "fernhill/orchard 1.0.59"
    (alone,) = feed.site_feed(SITE, [blocked, other])
    assert len(entries(alone.body)) == 60
    (turned,) = feed.site_feed(SITE, [other, one])
    assert turned == output


def test_an_empty_registry_has_a_valid_feed():
    (output,) = feed.site_feed(SITE, [])
    assert entries(output.body) == []


def test_ids_are_the_sites_own():
    def ids(site):
        found = files(outputs(site))["feed.xml"]
        return {
            e.findtext(f"{NS}id") for e in parsed(found).iter() if e.find(f"{NS}id") is not None
        }

    assert ids(SITE) == ids(SITE)
    assert not ids(SITE) & ids(replace(SITE, url="https://other.example.org/"))


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts)
def test_hostile_texts_stay_texts(name, yanked, reason):
    site = Site(name, "https://registry.example.org/")
    odd = released(
        "1.0.0", "2026-03-01T00:00:00Z", yanked=yanked, reason=reason, withheld=bool(reason)
    )
    assert len(entries(made(odd, site=site))) == 1
