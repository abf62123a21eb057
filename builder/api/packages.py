"""Package summaries as JSON values: package indexes, the short objects of the newest versions, and the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from builder.api.codec import Object, present, sealed, timestamp
from builder.model.address import Address, Kind
from builder.model.docs import Status
from builder.model.summary import PackageSummary, VersionSummary


def address(package: Address) -> Object:
    """The object ProviderAddress or ModuleAddress."""
    fields = {"display": package.display, "namespace": package.namespace, "name": package.name}
    return {**fields, "target": package.system} if package.kind is Kind.MODULE else {**fields}


def provider(summary: PackageSummary) -> Object:
    """The object Provider."""
    return sealed(
        {
            "addr": address(summary.address),
            **present(warnings=list(summary.warnings)),
            "link": summary.link,
            "canonical_addr": address(summary.canonical) if summary.canonical else None,
            "reverse_aliases": [address(alias) for alias in sorted(summary.reverse_aliases)],
            **_common(summary),
        }
    )


def module(summary: PackageSummary) -> Object:
    """The object Module."""
    return sealed(
        {
            "addr": address(summary.address),
            **_common(summary),
            "link": summary.link,
            **present(warnings=list(summary.warnings)),
        }
    )


def newest(summary: PackageSummary) -> Object:
    """The object ProviderLatest or ModuleLatest: what a reader needs to open the newest documentation."""
    best = {"latest": _best(summary, stable=False), "latest_stable": _best(summary, stable=True)}
    return {
        "addr": address(summary.address),
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


def undocumented(summary: PackageSummary) -> tuple[VersionSummary, ...]:
    """The versions without documentation objects, newest first."""
    return _descending(version for version in summary.versions if not version.has_docs)


def _common(summary: PackageSummary) -> Object:
    """The fields that providers and modules share, in the order of the existing API, then the additions."""
    missing = undocumented(summary)
    status, reason = _status(summary, missing)
    blank = dict.fromkeys(address(summary.address), "")
    latest, stable = _best(summary, stable=False), _best(summary, stable=True)
    return {
        "description": summary.description,
        "popularity": summary.popularity,
        "fork_count": summary.fork_count,
        "upstream_popularity": 0,
        "upstream_fork_count": 0,
        "fork_of": blank,
        "versions": [_entry(version) for version in _descending(summary.documented)],
        "is_blocked": bool(summary.blocked),
        **present(blocked_reason=summary.blocked),
        "latest": latest.version.docs_id if latest else None,
        "latest_stable": stable.version.docs_id if stable else None,
        "status": status,
        **present(reason=reason),
        **present(unavailable_versions=[_entry(version) for version in missing]),
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


def _descending(versions: Iterable[VersionSummary]) -> tuple[VersionSummary, ...]:
    return tuple(sorted(versions, key=lambda v: v.version, reverse=True))


def _best(summary: PackageSummary, *, stable: bool) -> VersionSummary | None:
    """The newest documented version, or the newest stable one; a yanked one only when all are yanked."""
    documented = _descending(summary.documented)
    pool = [version for version in documented if not version.yanked] or documented
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
