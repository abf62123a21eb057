"""Package summaries as JSON: package indexes, and the short objects of the newest versions."""

from __future__ import annotations

from collections.abc import Sequence

from builder.api.codec import Object, dump, present, sealed, timestamp
from builder.model.address import Address, Kind
from builder.model.docs import Status
from builder.model.summary import PackageSummary, VersionSummary


def provider(summary: PackageSummary) -> bytes:
    """The object Provider."""
    return sealed(
        {
            "addr": _address(summary.address),
            **present(warnings=list(summary.warnings)),
            "link": summary.link,
            "canonical_addr": _address(summary.canonical) if summary.canonical else None,
            "reverse_aliases": [_address(alias) for alias in sorted(summary.reverse_aliases)],
            **_common(summary),
        }
    )


def module(summary: PackageSummary) -> bytes:
    """The object Module."""
    return sealed(
        {
            "addr": _address(summary.address),
            **_common(summary),
            "link": summary.link,
            **present(warnings=list(summary.warnings)),
        }
    )


def newest(summary: PackageSummary) -> bytes:
    """The object ProviderLatest or ModuleLatest: what a reader needs to open the newest documentation."""
    versions = documented(summary)
    best = {"latest": _best(versions), "latest_stable": _best(versions, stable=True)}
    return dump(
        {
            "addr": _address(summary.address),
            "description": summary.description,
            "popularity": summary.popularity,
            **{
                key: {
                    "id": version.version.docs_id,
                    "published": timestamp(version.published),
                    "index": f"{summary.address.path}/{version.version.docs_segment}/index.json",
                }
                for key, version in best.items()
                if version
            },
            **present(is_blocked=bool(summary.blocked)),
        }
    )


def documented(summary: PackageSummary) -> Sequence[VersionSummary]:
    """The versions with documentation objects, newest first."""
    return sorted(summary.documented, key=lambda v: v.version, reverse=True)


def undocumented(summary: PackageSummary) -> Sequence[VersionSummary]:
    """The versions without documentation objects, newest first."""
    found = (version for version in summary.versions if not version.has_docs)
    return sorted(found, key=lambda v: v.version, reverse=True)


def _address(package: Address) -> Object:
    """The object ProviderAddress or ModuleAddress."""
    fields = {"display": package.display, "namespace": package.namespace, "name": package.name}
    return {**fields, "target": package.system} if package.kind is Kind.MODULE else {**fields}


def _common(summary: PackageSummary) -> Object:
    """The fields that providers and modules share, in the order of the existing API, then the additions."""
    versions, missing = documented(summary), undocumented(summary)
    status, reason = _status(summary, missing)
    latest, stable = _best(versions), _best(versions, stable=True)
    return {
        "description": summary.description,
        "popularity": summary.popularity,
        "fork_count": summary.fork_count,
        "upstream_popularity": 0,
        "upstream_fork_count": 0,
        "fork_of": dict.fromkeys(_address(summary.address), ""),
        "versions": [_entry(version) for version in versions],
        "is_blocked": bool(summary.blocked),
        **present(blocked_reason=summary.blocked),
        "latest": latest.version.docs_id if latest else None,
        "latest_stable": stable.version.docs_id if stable else None,
        "status": status,
        **present(reason=reason, unavailable_versions=[_entry(version) for version in missing]),
    }


def _entry(version: VersionSummary) -> Object:
    """The object VersionEntry. The additions are left out when they say nothing, because lists hold every version."""
    number = version.version
    return {
        "id": number.docs_id,
        "published": timestamp(version.published),
        **present(
            segment=number.docs_segment if number.docs_segment != number.docs_id else "",
            status="" if version.status is Status.OK else version.status,
            reason=version.reason,
            yanked=version.yanked,
        ),
    }


def _best(versions: Sequence[VersionSummary], *, stable: bool = False) -> VersionSummary | None:
    """The first of the versions, or the first stable one; a yanked one only when all are yanked."""
    pool = [version for version in versions if not version.yanked] or versions
    return next((v for v in pool if v.version.is_stable or not stable), None)


def _status(summary: PackageSummary, missing: Sequence[VersionSummary]) -> tuple[Status, str]:
    """Whether the package has documentation to show; the newest version speaks for those that have none."""
    if summary.blocked:
        return Status.SKIPPED, summary.blocked
    if summary.documented:
        return Status.OK, ""
    if missing:
        return missing[0].status, missing[0].reason
    return Status.SKIPPED, "no version is known"
