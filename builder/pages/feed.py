"""Atom feeds (RFC 4287) of releases: one for each package, one for the whole registry. The newest come first, and times
are those of the releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from uuid import NAMESPACE_URL, uuid5

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output
from builder.model.snapshot import UNKNOWN_TIME
from builder.model.summary import PackageSummary, VersionSummary
from builder.pages.addresses import docs_root
from builder.pages.escaping import moment, xml_text
from builder.pages.site import Site

ENTRIES = 100
FILE = "feed.xml"  # in the directory of the page that it belongs to
MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"

_Release = tuple[PackageSummary, VersionSummary]


def package_feed(site: Site, summary: PackageSummary) -> Iterator[Output]:
    """The newest releases of one package."""
    address = summary.address
    title = f"Releases of {address.display} - {site.name}"
    yield _feed(site, address.path, title, ((summary, version) for version in summary.versions))


def site_feed(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """The newest releases of the registry; those of blocked packages are left out."""
    shown = (s for s in summaries if s.address.kind is not Kind.PACKAGE and not s.blocked)
    releases = ((summary, version) for summary in shown for version in summary.versions)
    yield _feed(site, "", f"Releases - {site.name}", releases)


def _feed(site: Site, page: str, title: str, releases: Iterable[_Release]) -> Artifact:
    """The feed of the page in the directory `page`. Releases without a known time are left out."""
    dated = (release for release in releases if moment(release[1].published))
    newest = nlargest(ENTRIES, dated, key=_order)
    updated = newest[0][1].published if newest else UNKNOWN_TIME
    path = f"{page}/{FILE}" if page else FILE
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="{NAMESPACE}">',
        f"<title>{xml_text(title)}</title>",
        f"<id>{_id(site, path)}</id>",
        f"<updated>{updated}</updated>",
        f"<author><name>{xml_text(site.name)}</name></author>",
        f'<link rel="self" type="{MEDIA_TYPE}" href="{_address(site, page, path)}"/>',
        f'<link rel="alternate" type="text/html" href="{_address(site, page, f"{page}/" if page else "")}"/>',
        *(line for release in newest for line in _entry(site, page, *release)),
        "</feed>",
    ]
    return Artifact(path, ("\n".join(lines) + "\n").encode(), media=MEDIA_TYPE)


def _order(release: _Release) -> tuple[str, object, object]:
    summary, version = release
    return version.published, version.version, summary.address


def _entry(
    site: Site, page: str, summary: PackageSummary, version: VersionSummary
) -> Iterator[str]:
    address = summary.address
    target = f"{docs_root(address, version.version.segment)}/"
    shown = target if version.has_pages else f"{address.path}/versions/"
    yield "<entry>"
    yield f"<title>{xml_text(f'{address.display} {version.version}')}</title>"
    yield f"<id>{_id(site, target)}</id>"
    yield f"<updated>{version.published}</updated>"
    yield f'<link rel="alternate" type="text/html" href="{_address(site, page, shown)}"/>'
    yield f"<summary>{xml_text(' '.join(_sentences(summary, version)))}</summary>"
    yield "</entry>"


def _sentences(summary: PackageSummary, version: VersionSummary) -> Iterator[str]:
    address = summary.address
    yield f"Version {version.version} of the {address.kind} {address.display}."
    if not version.version.is_stable:
        yield "It is a pre-release."
    if version.yanked:
        yield f"It is yanked: {version.yanked}"
    if version.withheld:
        yield f"Its documentation is withheld: {version.reason}"


def _id(site: Site, path: str) -> str:
    """A name that stays the same for as long as the site keeps its address."""
    return uuid5(NAMESPACE_URL, f"{site.url}{path}").urn


def _address(site: Site, page: str, path: str) -> str:
    """The public address when the site knows its own, else a relative one (RFC 4287 §2 allows it)."""
    return xml_text(site.canonical(path) or site.href(page, path))
