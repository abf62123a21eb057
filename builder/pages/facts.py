"""Facts of packages and versions as pages show them: badges, notices, rows, licences, snippets."""

from __future__ import annotations

from builder.model.address import Kind
from builder.model.docs import ReleaseDocs, Status
from builder.model.document import DOC_KINDS, PartRole
from builder.model.summary import PackageSummary, VersionSummary
from builder.pages.addresses import LATEST, docs_root
from builder.pages.contexts import (
    Badge,
    Count,
    LicenseRow,
    Notice,
    PackageRow,
    Snippet,
    VersionRow,
)
from builder.pages.site import Site

_COUNTED = {kind.key: (f"{kind.singular}s", kind.singular) for kind in DOC_KINDS} | {
    role.value: (f"{role.value}s", role.value) for role in (PartRole.SUBMODULE, PartRole.EXAMPLE)
}


def version_badges(summary: PackageSummary, version: VersionSummary) -> tuple[Badge, ...]:
    """The marks of one version, the most important first."""
    badges = []
    if version.yanked:
        badges.append(Badge("yanked", "yanked", version.yanked))
    if version.withheld:
        badges.append(Badge("withheld", "documentation withheld", version.reason))
    if version.status is Status.FAILED:
        badges.append(Badge("failed", "not built", version.reason))
    elif not version.has_docs:
        badges.append(Badge("nodocs", "no documentation", version.reason))
    if not version.version.is_stable:
        badges.append(Badge("prerelease", "pre-release"))
    newest = summary.newest
    if newest is not None and newest.version == version.version:
        badges.append(Badge("latest", "latest"))
    return tuple(badges)


def package_badges(summary: PackageSummary) -> tuple[Badge, ...]:
    """The state of a package in lists."""
    badges = []
    newest = summary.newest
    if summary.blocked:
        badges.append(Badge("blocked", "blocked", summary.blocked))
    elif newest is None:
        badges.append(Badge("nodocs", "no documentation"))
    elif newest.withheld:
        badges.append(Badge("withheld", "documentation withheld", newest.reason))
    if summary.warnings:
        badges.append(Badge("deprecated", "warning", summary.warnings[0]))
    if newest is not None and newest.yanked:
        badges.append(Badge("yanked", "yanked", newest.yanked))
    if newest is not None and not newest.version.is_stable:
        badges.append(Badge("prerelease", "pre-release"))
    return tuple(badges)


def package_row(site: Site, summary: PackageSummary, page: str) -> PackageRow:
    """A package as a row of a list on the page in the directory `page`."""
    newest = summary.newest
    return PackageRow(
        name=summary.address.display,
        href=site.href(page, f"{summary.address.path}/"),
        description=summary.description,
        version=str(newest.version) if newest else "",
        published=newest.published if newest else "",
        badges=package_badges(summary),
    )


def version_row(
    site: Site, summary: PackageSummary, version: VersionSummary, page: str, segment: str = ""
) -> VersionRow:
    """A version as a row of a list on the page in the directory `page`; `segment` in place of its own."""
    target = f"{docs_root(summary.address, segment or version.version.segment)}/"
    return VersionRow(
        version=str(version.version),
        href=site.href(page, target) if version.has_pages else "",
        published=version.published,
        licenses=version.licenses,
        counts=counts(version),
        badges=version_badges(summary, version),
        reason=version.reason,
    )


def newest_row(site: Site, summary: PackageSummary, page: str) -> VersionRow | None:
    """The version that stands for the package, linked under `latest`."""
    newest = summary.newest
    return None if newest is None else version_row(site, summary, newest, page, LATEST)


def counts(version: VersionSummary) -> tuple[Count, ...]:
    """How many pages of each kind a version has; kinds without any are left out."""
    return tuple(
        Count(many, version.counts[key], one)
        for key, (many, one) in _COUNTED.items()
        if version.counts.get(key)
    )


def package_notices(summary: PackageSummary) -> tuple[Notice, ...]:
    """Boxes on a package's home."""
    notices = []
    if summary.blocked:
        notices.append(Notice("danger", "Blocked", summary.blocked))
    notices += [Notice("warning", "Warning", text) for text in summary.warnings]
    newest = summary.newest
    if newest is not None and newest.withheld and not summary.blocked:
        notices.append(Notice("warning", "Documentation withheld", newest.reason))
    if newest is not None and newest.yanked:
        notices.append(Notice("danger", f"Version {newest.version} is yanked", newest.yanked))
    return tuple(notices)


def release_notices(docs: ReleaseDocs) -> tuple[Notice, ...]:
    """Boxes above one version's first page. Why content is withheld is told by its replacement text."""
    notices = [Notice("warning", "Warning", text) for text in docs.warnings]
    if docs.yanked:
        notices.append(Notice("danger", "This version is yanked", docs.yanked))
    if not docs.version.is_stable:
        text = "This version is meant for trying out. Constraints select it only when they name it exactly."
        notices.append(Notice("note", "Pre-release", text))
    return tuple(notices)


def release_badges(docs: ReleaseDocs) -> tuple[Badge, ...]:
    """The marks of a version on its own first page; the same for every address it has."""
    badges = []
    if docs.blocked:
        badges.append(Badge("blocked", "blocked", docs.blocked))
    if docs.yanked:
        badges.append(Badge("yanked", "yanked", docs.yanked))
    if docs.withheld and not docs.blocked:
        badges.append(Badge("withheld", "documentation withheld", docs.reason))
    if not docs.version.is_stable:
        badges.append(Badge("prerelease", "pre-release"))
    return tuple(badges)


def license_rows(docs: ReleaseDocs) -> tuple[LicenseRow, ...]:
    """The licences of the governing files, each with a link to its file."""
    return tuple(
        LicenseRow(
            spdx=finding.spdx,
            href=web(finding.link or docs.repository.blob_url(docs.tag, finding.file)),
            file=finding.file,
            allowed=finding.compatible,
        )
        for finding in docs.verdict.findings
    )


def snippets(site: Site, summary: PackageSummary) -> tuple[Snippet, ...]:
    """How to use the newest version: one block when it reads the same for both tools, else one for each."""
    newest = summary.newest
    if newest is None:
        return ()
    sources = [
        _source(summary, site.terraform_host),
        _source(summary, site.opentofu_host),
    ]
    version = str(newest.version)
    if sources[0] == sources[1]:
        commands = ("terraform init", "tofu init")
        return (Snippet("Terraform and OpenTofu", sources[0], version, commands),)
    return (
        Snippet("Terraform", sources[0], version, ("terraform init",)),
        Snippet("OpenTofu", sources[1], version, ("tofu init",)),
    )


def _source(summary: PackageSummary, host: str) -> str:
    return f"{host}/{summary.address.display}" if host else summary.address.display


def web(url: str) -> str:
    """The address when it is one of the web, else "": metadata and repositories may say anything."""
    return url if url.startswith(("https://", "http://")) else ""


def kind_label(kind: Kind) -> str:
    """Providers, Modules, Packages."""
    return kind.plural.capitalize()
