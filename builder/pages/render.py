"""The room's door: everything that can be rendered, and the version of what comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs
from builder.model.issue import Issue
from builder.model.summary import PackageSummary
from builder.pages.addresses import LATEST
from builder.pages.archive import with_archive
from builder.pages.assets import render_assets
from builder.pages.bodies import Bodies, BodyEntries
from builder.pages.catalog import render_lists, render_shard, shards
from builder.pages.environment import folder_digest, template_folder
from builder.pages.feed import site_feed
from builder.pages.legacy import render_legacy
from builder.pages.linkreport import LinkReport
from builder.pages.llms import release_llms, site_llms
from builder.pages.navigation import page_names
from builder.pages.package import compact, render_package
from builder.pages.release import Release, module_outputs, provider_outputs, removed_outputs
from builder.pages.resolvers import Resolvers
from builder.pages.site import Site
from builder.pages.sitemap import release_sitemap, site_sitemaps

__all__ = [
    "PAGES_VERSION",
    "lists_version",
    "page_names",
    "pages_version",
    "render_assets",
    "render_catalog",
    "render_legacy",
    "render_package",
    "render_release",
    "render_removed",
    "render_shard",
    "shards",
]

# Equal for equal templates, assets and code of this room: what was rendered under another version is rendered again.
PAGES_VERSION = folder_digest((template_folder(), Path(__file__).parent), without="new")


def pages_version(site: Site) -> str:
    """PAGES_VERSION together with the site's facts and an operator's own templates: the room's part of a work key."""
    parts = (PAGES_VERSION, site.digest, folder_digest(site.templates))
    return sha256("\0".join(parts).encode()).hexdigest()


def lists_version(site: Site) -> str:
    """The same for what is no page of a release: these show the announcement too."""
    return sha256(f"{pages_version(site)}\0{site.announcement}".encode()).hexdigest()


def render_catalog(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """The registry's own pages but for those of render_shard, and what machines read of it as a whole."""
    listed = sorted(summaries, key=lambda summary: summary.address)
    yield from render_lists(site, listed)
    yield from site_llms(site, listed)
    yield from site_feed(site, listed)
    yield from site_sitemaps(site, listed)


def render_release(
    site: Site,
    docs: ReleaseDocs,
    read: Callable[[str], bytes],
    bodies: BodyEntries,
    *,
    segment: str,
    hosts: Collection[str] = (),
    packages: Callable[[Address], bool] = lambda _: False,
    versions: Container[str] = (),
    lasting: Callable[[str], bool] = lambda _: False,
    report: Callable[[Issue], None] = lambda _: None,
) -> Iterator[Output]:
    """All pages of one release under `segment`: its version's segment, or `latest`. Pulumi packages have none here.

    `read` gives the bytes of a text by its blob id; `bodies` is the body cache. `hosts` are those of registries in
    links, `packages` says whether an address is documented here, `versions` are the segments of this package's versions
    with pages (links that name one of them stay inside the site), `lasting` says whether `latest` answers for a page
    that this release lacks, named by its directory. `report` is told of each link that leads nowhere,
    after the last output was taken.
    """
    links = LinkReport(docs.address.path, str(docs.version))
    release = Release(
        site=site,
        docs=docs,
        segment=segment,
        read=read,
        bodies=Bodies(bodies, docs.address, read, site.engine),
        resolver=Resolvers(site, docs, hosts, packages, versions, lasting),
        links=links,
        archive=_has_archive(site, docs, segment, versions),
        host=next(iter(hosts), ""),
    )
    if docs.address.kind is Kind.PACKAGE:
        return
    made = _release_outputs(release)
    packed = release.archive and segment != LATEST
    yield from with_archive(site, docs, segment, made) if packed else made
    for found in links.issues():
        report(found)


def _release_outputs(release: Release) -> Iterator[Output]:
    is_module = release.docs.address.kind is Kind.MODULE
    yield from module_outputs(release) if is_module else provider_outputs(release)
    yield from release_llms(release.docs, release.segment)
    yield from release_sitemap(release.site, release.docs, release.segment)
    yield Artifact(f"{release.base}/links.json", compact(release.links.facts()))


def _has_archive(site: Site, docs: ReleaseDocs, segment: str, versions: Container[str]) -> bool:
    """True when the release has an archive under its own version, which `latest` names too."""
    if not site.archives or docs.withheld:
        return False
    return segment != LATEST or docs.version.segment in versions


def render_removed(
    site: Site,
    docs: ReleaseDocs,
    read: Callable[[str], bytes],
    bodies: BodyEntries,
    pages: Collection[str],
    *,
    hosts: Collection[str] = (),
    packages: Callable[[Address], bool] = lambda _: False,
    versions: Container[str] = (),
    lasting: Callable[[str], bool] = lambda _: False,
    has_pages: bool = True,
) -> Iterator[Output]:
    """Pages of an older release that the newest version no longer has, as they answer under `latest`, with a notice.

    `pages` are some of page_names(docs). Their links need no other targets than in their own version: each of its pages
    is one of the newest version too, or answers in this way. `has_pages` says whether the release has pages under its
    own version; for the rest see render_release.
    """
    release = Release(
        site=site,
        docs=docs,
        segment=LATEST,
        read=read,
        bodies=Bodies(bodies, docs.address, read, site.engine),
        resolver=Resolvers(site, docs, hosts, packages, versions, lasting),
        links=LinkReport(docs.address.path, str(docs.version)),
        removed=True,
        has_pages=has_pages,
        host=next(iter(hosts), ""),
    )
    yield from removed_outputs(release, frozenset(pages))
