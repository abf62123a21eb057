"""Sitemaps (sitemaps.org, protocol 0.9) and robots.txt. They name absolute addresses, so there are none for a site that
does not know its own.

Only `latest` is listed: the pages of a version say themselves that `latest` is the address to remember. A package's
sitemap is made with the pages of its latest version, and the index with the registry's lists; both know how many files
there are from the number of pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs
from builder.model.document import KIND_BY_KEY, PartRole
from builder.model.summary import PackageSummary, VersionSummary
from builder.pages import navigation
from builder.pages.addresses import LATEST, docs_root, document_path, part_path
from builder.pages.escaping import moment, xml_text
from builder.pages.site import Site

# The protocol allows 50,000 entries and 50 MB (52,428,800 bytes) a file. An address has at most 2,048 bytes and its
# entry less than 2,600, so this number keeps both limits.
ENTRIES = 20_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_COUNTED = (*KIND_BY_KEY, PartRole.SUBMODULE.value, PartRole.EXAMPLE.value)

Entry = tuple[str, str]  # path of the site, time or ""


def release_sitemap(site: Site, docs: ReleaseDocs, segment: str) -> Iterator[Output]:
    """The sitemap of a package, out of its latest version; none for other versions and for what is withheld."""
    if segment != LATEST or not site.url or docs.withheld:
        return
    base, changed = docs_root(docs.address, LATEST), moment(docs.published)
    if docs.address.kind is Kind.PROVIDER:
        pages = [document_path(document) for document in navigation.pages(docs)]
    else:
        pages = [part_path(part) for part in docs.parts if part.role is not PartRole.ROOT]
    entries = [(f"{base}/", changed), *((f"{base}/{page}/", changed) for page in pages)]
    yield from _files(site, f"{docs.address.path}/sitemap", entries)


def site_sitemaps(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """robots.txt, the index of all sitemaps, and the sitemaps of the registry's own pages and of packages' homes."""
    if not site.url:
        return
    shown = [s for s in summaries if s.address.kind is not Kind.PACKAGE and not s.blocked]
    own = list(_files(site, "sitemap-pages", list(_own_pages(site, shown))))
    listed = [(output.path, "") for output in own]
    listed += [entry for summary in shown for entry in _package_files(summary)]
    indexes = list(_files(site, "sitemap", listed, root="sitemapindex", item="sitemap"))
    yield from own
    yield from indexes
    rows = [f"Sitemap: {site.canonical(index.path)}" for index in indexes]
    yield Artifact("robots.txt", "\n".join(["User-agent: *", "Allow: /", "", *rows, ""]).encode())


def _own_pages(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Entry]:
    times = [moment(v.published) for s in summaries if (v := s.newest) is not None]
    yield "", max(times, default="")
    for kind in (Kind.PROVIDER, Kind.MODULE):
        of_kind = (s.newest for s in summaries if s.address.kind is kind)
        yield f"{kind.plural}/", max((moment(v.published) for v in of_kind if v), default="")
    if site.handbook:
        yield site.handbook, ""
    # A namespace has the same page below each kind; the canonical one is that of the first.
    namespaces = {
        s.address.namespace: kind
        for kind in (Kind.MODULE, Kind.PROVIDER)
        for s in summaries
        if s.address.kind is kind
    }
    for namespace in sorted(namespaces):
        yield f"{namespaces[namespace].plural}/{namespace}/", ""
    for summary in summaries:
        changed = max((moment(v.published) for v in summary.versions), default="")
        yield f"{summary.address.path}/", changed
        yield f"{summary.address.path}/versions/", changed


def _package_files(summary: PackageSummary) -> Iterator[Entry]:
    """The files that release_sitemap makes for the package's latest version."""
    newest = summary.newest
    if newest is not None and not newest.withheld:
        for name in _names(f"{summary.address.path}/sitemap", _pages(newest)):
            yield name, moment(newest.published)


def _pages(version: VersionSummary) -> int:
    return 1 + sum(version.counts.get(key, 0) for key in _COUNTED)


def _names(stem: str, entries: int) -> list[str]:
    """stem.xml, stem-2.xml, stem-3.xml: as many as the entries need."""
    more = range(2, 1 + -(-entries // ENTRIES))
    return [f"{stem}.xml", *(f"{stem}-{number}.xml" for number in more)]


def _files(
    site: Site, stem: str, entries: Sequence[Entry], *, root: str = "urlset", item: str = "url"
) -> Iterator[Artifact]:
    for number, name in enumerate(_names(stem, len(entries))):
        part = entries[number * ENTRIES : (number + 1) * ENTRIES]
        yield Artifact(name, "".join(_lines(site, part, root, item)).encode())


def _lines(site: Site, entries: Iterable[Entry], root: str, item: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    for path, changed in entries:
        lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
        yield f"<{item}><loc>{xml_text(site.canonical(path))}</loc>{lastmod}</{item}>\n"
    yield f"</{root}>\n"
