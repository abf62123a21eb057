"""Collects what was skipped or changed in one release, so that a repository with thousands of odd files stays readable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from builder.model.document import PageFacts
from builder.model.issue import Issue, Location, issue
from builder.model.snapshot import Snapshot

SHOWN = (
    10  # issues of one code for the entries of one directory; the others are counted in one more
)
NAMED = 3  # of the others


class Report:
    """The issues of one release. Order of `add` does not matter."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._address = snapshot.address.path
        self._version = str(snapshot.release.version)
        self._groups: defaultdict[tuple[str, str], list[Issue]] = defaultdict(list)

    def add(self, code: str, path: str, message: str, *, line: int = 0, hint: str = "") -> None:
        """Take one issue about a path of the repository ("" for the whole of it)."""
        found = issue(code, self._at(path, line), message, hint=hint)
        self._groups[code, path.rpartition("/")[0]].append(found)

    def add_problems(self, path: str, facts: PageFacts, *, without: Collection[str] = ()) -> None:
        """Take a page's own problems, but not those of the codes in `without`."""
        for code, line, message in facts.problems:
            if code not in without:
                self.add(code, path, message, line=line)

    def issues(self) -> tuple[Issue, ...]:
        """All issues, sorted; from large groups the first ones and one that counts the others."""
        found: list[Issue] = []
        for (code, directory), group in self._groups.items():
            group.sort(key=lambda entry: entry.sort_key)
            found += group[:SHOWN]
            if len(group) > SHOWN:
                found.append(self._others(code, directory, group[SHOWN:]))
        return tuple(sorted(found, key=lambda entry: entry.sort_key))

    def _others(self, code: str, directory: str, others: list[Issue]) -> Issue:
        names = ", ".join(entry.location.path.rpartition("/")[2] for entry in others[:NAMED])
        more = ", …" if len(others) > NAMED else ""
        message = f"the same of {len(others):,} more in this directory: {names}{more}"
        return issue(code, self._at(directory, 0), message)

    def _at(self, path: str, line: int) -> Location:
        return Location(self._address, self._version, path, line)
