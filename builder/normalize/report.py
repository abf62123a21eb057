"""Collects what was skipped or changed in one release, so that a repository with thousands of odd files stays readable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from builder.model.document import PageFacts
from builder.model.issue import Issue, Location, issue
from builder.model.snapshot import Snapshot

SHOWN = 10  # issues of one code in one directory; all others are counted in one more
NAMED = 3  # of the others


@dataclass(slots=True)
class _Group:
    """The issues of one code within one directory: all of a hostile tree's would be more than memory should hold."""

    shown: list[Issue] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    others: int = 0


class Report:
    """The issues of one release. Steps add them in a settled order (by path), so that the first ones are the same."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._address = snapshot.address.path
        self._version = str(snapshot.release.version)
        self._groups: defaultdict[tuple[str, str], _Group] = defaultdict(_Group)

    def add(
        self,
        code: str,
        path: str,
        message: str,
        *,
        line: int = 0,
        hint: str = "",
        within: str | None = None,
    ) -> None:
        """Take one issue about a path of the repository ("" for the whole of it). It counts as one of the directory
        `within`, by default the one that the path lies in."""
        directory = path.rpartition("/")[0] if within is None else within
        group = self._groups[code, directory]
        if len(group.shown) < SHOWN:
            group.shown.append(issue(code, self._at(path, line), message, hint=hint))
            return
        group.others += 1
        if len(group.names) < NAMED:
            group.names.append(path[len(directory) :].lstrip("/"))

    def add_problems(
        self,
        path: str,
        facts: PageFacts,
        *,
        without: Collection[str] = (),
        within: str | None = None,
    ) -> None:
        """Take a page's own problems, but not those of the codes in `without`."""
        for code, line, message in facts.problems:
            if code not in without:
                self.add(code, path, message, line=line, within=within)

    def issues(self) -> tuple[Issue, ...]:
        """All issues, sorted; for a large group the first ones and one that counts the others."""
        found = [entry for group in self._groups.values() for entry in group.shown]
        for (code, directory), group in self._groups.items():
            if group.others:
                more = ", …" if group.others > len(group.names) else ""
                message = f"the same of {group.others:,} more here: {', '.join(group.names)}{more}"
                found.append(issue(code, self._at(directory, 0), message))
        return tuple(sorted(found, key=lambda entry: entry.sort_key))

    def _at(self, path: str, line: int) -> Location:
        return Location(self._address, self._version, path, line)
