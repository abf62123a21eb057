"""The pages of one package: its home, its list of versions, and versions.json for the version picker."""

from __future__ import annotations

import json
from collections.abc import Iterator

from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, Output
from builder.model.summary import PackageSummary, VersionSummary
from builder.model.version import latest
from builder.pages import announcement, facts
from builder.pages.addresses import archive_path, href
from builder.pages.contexts import Link, PackagePage, VersionGroup, VersionsPage
from builder.pages.feed import package_feed
from builder.pages.site import Site
from builder.pages.twins import with_twin

SHOWN_VERSIONS = 10  # on the package's home; all are in its list


def compact(value: object) -> bytes:
    """JSON for scripts: no blanks, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def home_link(site: Site, page: str) -> Link:
    """The first breadcrumb."""
    return Link("Registry", site.href(page, ""))


def list_link(site: Site, page: str, kind: Kind) -> Link:
    """The breadcrumb to the list of all packages of a kind."""
    return Link(facts.kind_label(kind), site.href(page, f"{kind.plural}/"))


def namespace_link(site: Site, page: str, address: Address) -> Link:
    """The breadcrumb to what a namespace has."""
    target = f"{address.kind.plural}/{address.namespace}/"
    return Link(address.namespace, site.href(page, target))


def package_trail(site: Site, page: str, address: Address) -> tuple[Link, ...]:
    """The breadcrumbs down to a package: registry, kind, namespace, name."""
    name = address.display.removeprefix(f"{address.namespace}/")
    return (
        home_link(site, page),
        list_link(site, page, address.kind),
        namespace_link(site, page, address),
        Link(name, site.href(page, f"{address.path}/")),
    )


def render_package(site: Site, summary: PackageSummary) -> Iterator[Output]:
    """The package's own pages. Pulumi packages have none here."""
    address = summary.address
    if address.kind is Kind.PACKAGE:
        return
    yield from with_twin(site, "package.html", address.path, package_page(site, summary))
    versions = f"{address.path}/versions"
    yield from with_twin(site, "versions.html", versions, versions_page(site, summary))
    yield from package_feed(site, summary)
    yield Artifact(f"{address.path}/versions.json", compact(versions_index(summary)))


def package_page(site: Site, summary: PackageSummary) -> PackagePage:
    """The context of a package's home."""
    address = summary.address
    page = address.path
    about = summary.description
    return PackagePage(
        site=site,
        root=href(page, ""),
        title=f"{address.display} - {site.name}",
        description=about or f"The {address.kind} {address.display}: versions and documentation.",
        canonical=site.canonical(f"{page}/"),
        package=page,
        trail=package_trail(site, page, address)[:-1],
        announcement=announcement.placed(site, page),
        kind=address.kind.value,
        name=address.display,
        local_name=address.name,
        about=about,
        repository=facts.web(summary.link),
        newest=facts.newest_row(site, summary, page),
        notices=facts.package_notices(summary),
        snippets=facts.snippets(site, summary),
        versions=tuple(
            facts.version_row(site, summary, v, page) for v in summary.versions[:SHOWN_VERSIONS]
        ),
        total=len(summary.versions),
        versions_href=site.href(page, f"{page}/versions/"),
        aliases=tuple(a.display for a in summary.reverse_aliases),
        canonical_name=_canonical_name(summary),
        archive=_archive(site, summary),
        stars=summary.popularity,
        forks=summary.fork_count,
    )


def _archive(site: Site, summary: PackageSummary) -> str:
    """The relative address of the newest version's archive; "" when it has none."""
    newest = summary.newest
    if not site.archives or newest is None or newest.withheld or not newest.has_pages:
        return ""
    page = summary.address.path
    return site.href(page, archive_path(summary.address, newest.version.segment))


def _canonical_name(summary: PackageSummary) -> str:
    target = summary.canonical
    return target.display if target is not None and target != summary.address else ""


def versions_page(site: Site, summary: PackageSummary) -> VersionsPage:
    """The context of the list of all versions."""
    address = summary.address
    page = f"{address.path}/versions"
    return VersionsPage(
        site=site,
        root=href(page, ""),
        title=f"Versions of {address.display} - {site.name}",
        description=f"All versions of the {address.kind} {address.display}.",
        canonical=site.canonical(f"{page}/"),
        package=address.path,
        trail=package_trail(site, page, address),
        announcement=announcement.placed(site, page),
        name=address.display,
        total=len(summary.versions),
        groups=tuple(
            VersionGroup(
                f"{major}.x",
                f"v{major}",
                tuple(facts.version_row(site, summary, v, page) for v in members),
                open=summary.newest is None or summary.newest in members,
            )
            for major, members in _by_major(summary.versions)
        ),
    )


def _by_major(
    versions: tuple[VersionSummary, ...],
) -> Iterator[tuple[int, list[VersionSummary]]]:
    groups: dict[int, list[VersionSummary]] = {}
    for version in versions:
        groups.setdefault(version.version.major, []).append(version)
    yield from sorted(groups.items(), reverse=True)


def versions_index(summary: PackageSummary) -> dict[str, object]:
    """versions.json: every version, newest first. False and empty members are left out."""
    newest = summary.newest
    stable = latest([v.version for v in summary.documented if v.version.is_stable])
    return {
        "package": summary.address.path,
        "latest": str(newest.version) if newest else "",
        "latest_stable": str(stable or ""),
        "versions": [_version_entry(v) for v in summary.versions],
    }


def _version_entry(version: VersionSummary) -> dict[str, object]:
    entry: dict[str, object] = {
        "version": str(version.version),
        "segment": version.version.segment if version.version.build else "",
        "published": version.published,
        "pages": version.has_pages,
        "prerelease": not version.version.is_stable,
        "yanked": version.yanked,
        "withheld": version.withheld,
    }
    return {key: value for key, value in entry.items() if value}


def package_crumb(site: Site, page: str, address: Address) -> Link:
    """The breadcrumb to a package's home where its namespace has none of its own."""
    return Link(address.display, site.href(page, f"{address.path}/"))
