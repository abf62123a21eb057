"""A package in short: enough for its version list, its index object and the registry's lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.model.address import Address
from builder.model.docs import Status
from builder.model.version import Version, latest


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One version in short. `has_docs`: docs API objects and pages exist for it; `has_pages`: HTML too."""

    version: Version
    published: str
    tag: str = ""
    status: Status = Status.OK
    reason: str = ""  # why skipped or failed
    has_docs: bool = True
    has_pages: bool = True
    withheld: bool = False  # documents exist, but show the replacement text
    yanked: str = ""
    licenses: tuple[str, ...] = ()  # SPDX ids
    counts: Mapping[str, int] = field(default_factory=dict)  # DocKind key or part role -> number
    page_set: str = ""  # names the set of its pages: equal for versions with equal pages


@dataclass(frozen=True, slots=True)
class PackageSummary:
    """A package with its versions, newest first (semantic version descending, pre-releases included)."""

    address: Address
    link: str  # the repository's address for people
    versions: tuple[VersionSummary, ...] = ()
    description: str = ""
    warnings: tuple[str, ...] = ()
    blocked: str = ""
    canonical: Address | None = None
    reverse_aliases: tuple[Address, ...] = ()
    popularity: int = 0
    fork_count: int = 0

    @property
    def documented(self) -> tuple[VersionSummary, ...]:
        """The versions that have documentation objects."""
        return tuple(v for v in self.versions if v.has_docs)

    @property
    def newest(self) -> VersionSummary | None:
        """The documented version that stands for the package: newest stable, not yanked, else the newest."""
        pool = [v for v in self.documented if not v.yanked] or list(self.documented)
        best = latest([v.version for v in pool])
        return next((v for v in pool if v.version == best), None)
