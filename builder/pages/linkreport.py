"""What became of the links of one release's pages: counts by state, and what leads nowhere, with file and line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import unquote

from builder.model.body import Body, Link, LinkState
from builder.model.issue import Issue, Location, issue
from builder.pages.addresses import INDEX

_NUMBER = re.compile(r"-\d+$")


class LinkReport:
    """Collects the bodies of a release; headings can only be looked up when all of them are known.

    Pages are named by their directory below the release's root.
    """

    def __init__(self, address: str, version: str) -> None:
        self._address = address
        self._version = version
        self._anchors: dict[str, frozenset[str]] = {}
        self._links: list[tuple[str, str, Link]] = []  # page, file in the repository, link
        self._issues: tuple[Issue, ...] | None = None
        self._states: Counter[LinkState] = Counter()

    def add(self, page: str, file: str, body: Body) -> None:
        """Note a page with its body; `file` is its path in the repository."""
        self._anchors[page] = body.anchors
        self._states.update([link.resolution.state for link in body.links])
        self._links += [(page, file, link) for link in body.links if _is_open(link, body)]
        self._issues = None

    def issues(self) -> tuple[Issue, ...]:
        """One issue for each link that leads nowhere, in the order of pages and links."""
        if self._issues is None:
            self._issues = tuple(self._found())
        return self._issues

    def _found(self) -> Iterator[Issue]:
        for page, file, link in self._links:
            where = Location(self._address, self._version, file, link.line)
            if link.resolution.state is LinkState.BROKEN:
                why = f": {link.resolution.message}" if link.resolution.message else ""
                yield issue(_code(link), where, f"{link.written}{why}")
            elif self._dangling(page, link.resolution.target):
                yield issue("LINK002", where, f"{link.written}: no such heading")

    def facts(self) -> dict[str, object]:
        """links.json. `states` counts every link by what the page makes of it; `unresolved` lists those that lead
        nowhere, among them links to a page that exists but lacks the heading."""
        return {
            "states": {state.value: self._states[state] for state in LinkState},
            "unresolved": [
                {
                    "code": found.code,
                    "path": found.location.path,
                    "line": found.location.line,
                    "message": found.message,
                }
                for found in self.issues()
            ],
        }

    def _dangling(self, page: str, target: str) -> bool:
        """True when the part after # names nothing. Pages that are not known here are not judged."""
        path, _, fragment = target.partition("#")
        if not fragment or fragment == "top":
            return False
        folder = path.removesuffix(INDEX)
        goal = (
            normpath(f"{page}/{unquote(folder)}").removeprefix("./").lstrip("/") if path else page
        )
        anchors = self._anchors.get("" if goal == "." else goal)
        return anchors is not None and not _reaches(unquote(fragment), anchors)


def _is_open(link: Link, body: Body) -> bool:
    """True when it is not known yet whether the link leads anywhere, or known that it does not."""
    match link.resolution.state:
        case LinkState.FRAGMENT:
            return link.resolution.target[1:] not in body.anchors
        case LinkState.BROKEN | LinkState.INTERNAL:
            return True
    return False


def _reaches(fragment: str, anchors: frozenset[str]) -> bool:
    """True when a browser finds the place: itself, or by shell.js as the argument of that name (`name`, `name-1`)."""
    argument = f"attr-{_NUMBER.sub('', fragment)}"
    return fragment in anchors or f"attr-{fragment}" in anchors or argument in anchors


def _code(link: Link) -> str:
    if link.written.lstrip("( ").startswith("#"):
        return "LINK002"
    return "LINK003" if "another site" in link.resolution.message else "LINK001"
