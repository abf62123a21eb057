"""What a build has to tell: counts and issues, and the exit code that follows from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from builder.model.issue import Issue, Severity

OUTSIDE = frozenset({"GIT001", "GIT003"})  # codes that say that the outside world failed
OURS = frozenset({"BLD001"})  # codes that say that we did


@dataclass(slots=True)
class Report:
    """Filled while a build runs."""

    packages: int = 0
    reachable: int = 0  # packages whose repository could be opened, or did not have to be
    releases: int = 0  # releases that have documentation now
    unchanged: int = 0  # of these: taken over without reading the repository
    failed: int = 0  # releases without documentation
    kept: int = 0  # releases that failed and keep what was built before
    withheld: int = 0
    units: int = 0
    units_unchanged: int = 0
    documents: int = 0
    rendered: int = 0  # bodies rendered now
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    digest: str = ""
    issues: set[Issue] = field(default_factory=set)

    def sorted_issues(self) -> list[Issue]:
        """Errors first, then by code and place."""
        return sorted(self.issues, key=lambda issue: issue.sort_key)

    def count(self, severity: Severity) -> int:
        """How many issues weigh this much."""
        return sum(issue.severity is severity for issue in self.issues)

    def by_code(self) -> dict[str, int]:
        """code -> number, sorted by code."""
        return dict(sorted(Counter(issue.code for issue in self.issues).items()))

    def exit_code(self, *, strict: bool) -> int:
        """By who must act: 0 nobody, 1 authors or operators, 3 the outside world (try again), 4 we."""
        codes = {issue.code for issue in self.issues if issue.severity is Severity.ERROR}
        if strict:
            codes |= {issue.code for issue in self.issues if issue.severity is Severity.WARNING}
        if codes & OURS:
            return 4
        if codes - OUTSIDE:
            return 1
        unreachable = self.packages and not self.reachable
        return 3 if codes or unreachable else 0
