"""What the licence room found out and decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """May this release's documentation be redistributed? Anything but ALLOW withholds it."""

    ALLOW = "allow"
    REFUSE = "refuse"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class LicenseFinding:
    """One licence found in one file (docs API `License` object plus our additions)."""

    spdx: str
    confidence: float  # 0..1
    compatible: bool
    file: str  # path in the repository
    link: str = ""  # blob URL at the tag
    coverage: float = 0.0  # share of the licence's words present, 0..1
    left_over_words: int = 0
    reason: str = ""  # why not compatible, in words; or the override's reason
    sha256: str = ""  # of the file's bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one release. `findings` are of the governing files only and in governing order;
    `evidence` is every candidate file with what was found in it. `reason` is one sentence for people."""

    outcome: Outcome
    reason: str
    findings: tuple[LicenseFinding, ...] = ()
    evidence: tuple[LicenseFinding, ...] = ()
    files: tuple[str, ...] = ()  # files that were looked at and govern
    # parts of a module that a license file of their own withholds: (directory, reason)
    withheld_parts: tuple[tuple[str, str], ...] = ()

    @property
    def redistributable(self) -> bool:
        """True only for ALLOW."""
        return self.outcome is Outcome.ALLOW
