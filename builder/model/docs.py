"""ReleaseDocs: everything known of one release, after licence and policy have spoken. The middle of the corridor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from builder.model.address import Address
from builder.model.document import Document, Part
from builder.model.issue import Issue
from builder.model.license import Verdict
from builder.model.snapshot import Repository
from builder.model.version import Version


class Status(StrEnum):
    """Whether a release's documents were built (docs API addition)."""

    OK = "ok"
    SKIPPED = "skipped"  # on purpose: withheld, blocked, or left out by configuration
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReleaseDocs:
    """One release ready to be put out. Holds no prose that may not be redistributed."""

    address: Address
    version: Version
    tag: str
    commit: str
    published: str
    repository: Repository
    verdict: Verdict
    documents: tuple[Document, ...] = ()  # providers
    parts: tuple[Part, ...] = ()  # modules: root first, then submodules and examples by name
    blocked: str = ""
    yanked: str = ""
    warnings: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    replacement: str = (
        ""  # blob id of the text shown in place of a blocked or withheld provider version
    )

    @property
    def withheld(self) -> bool:
        """True when the content is not shown: blocked, or its licence is not allowed."""
        return bool(self.blocked) or not self.verdict.redistributable

    @property
    def status(self) -> Status:
        """OK, or SKIPPED when withheld. Failed releases have no ReleaseDocs."""
        return Status.SKIPPED if self.withheld else Status.OK

    @property
    def reason(self) -> str:
        """Why the content is not shown; empty when it is."""
        if self.blocked:
            return self.blocked
        return "" if self.verdict.redistributable else self.verdict.reason

    @property
    def blobs(self) -> frozenset[str]:
        """The ids of all texts this release shows."""
        found = {d.blob for d in self.documents} | {p.blob for p in self.parts} | {self.replacement}
        return frozenset(found - {""})
