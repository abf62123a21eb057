"""Reads a built site and says which links lead nowhere: `python -m builder.testing.linkcheck FOLDER`.

Checks what a browser would follow inside the site: addresses in href and src, and the ids behind #. A directory is named
with its slash, as object stores do not redirect. Sites elsewhere are not asked. Files of the same bytes are read once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

INDEX = "index.html"
_NUMBER = re.compile(r"-\d+$")


@dataclass(frozen=True, slots=True, order=True)
class BadLink:
    """A link that leads nowhere: the page it stands on, as written, and why."""

    page: str
    href: str
    reason: str

    def __str__(self) -> str:
        return f"{self.page}: {self.href}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What was looked at and what is wrong."""

    pages: int
    links: int
    bad: tuple[BadLink, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What matters of one HTML text."""

    links: tuple[str, ...]
    anchors: frozenset[str]


def check_folder(root: Path) -> LinkCheck:
    """Check all HTML files below a folder."""
    paths = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
    pages = ((name, path.read_bytes()) for name, path in sorted(paths.items()) if _is_page(name))
    return check_pages(pages, paths)


def check_outputs(outputs: Mapping[str, bytes], *, files_only: bool = False) -> LinkCheck:
    """Check a site that is given as path -> bytes."""
    pages = ((n, b) for n, b in sorted(outputs.items()) if _is_page(n))
    return check_pages(pages, outputs, files_only=files_only)


def check_pages(
    pages: Iterable[tuple[str, bytes]], known: Iterable[str], *, files_only: bool = False
) -> LinkCheck:
    """Check pages, given as (path, bytes), against the paths that exist. With `files_only` a link that names a
    directory leads nowhere, as on a store without index documents."""
    files = frozenset(known)
    seen: dict[bytes, _Facts] = {}
    facts: dict[str, _Facts] = {}
    for name, body in pages:
        digest = sha256(body).digest()
        if digest not in seen:
            seen[digest] = _read(body)
        facts[name] = seen[digest]
    site = _Site(files, facts, files_only)
    bad = (
        BadLink(name, href, reason)
        for name, page in facts.items()
        for href in page.links
        if (reason := site.fault(name, href))
    )
    return LinkCheck(len(facts), sum(len(page.links) for page in facts.values()), tuple(bad))


@dataclass(frozen=True, slots=True)
class _Site:
    files: frozenset[str]
    facts: Mapping[str, _Facts]
    files_only: bool

    def fault(self, page: str, href: str) -> str:
        """Why a link leads nowhere; "" when it is right or leads out of the site."""
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            return ""
        if parts.path.startswith("/"):
            return "starts with a slash"
        if self.files_only and parts.path.endswith(("/", "/.", "/..", ".")):
            return "names a directory"
        target = self._target(page, unquote(parts.path))
        if target not in self.files:
            return "leads out of the site" if target.startswith("..") else "no such file"
        anchors = self.facts[target].anchors if target in self.facts else None
        fragment = unquote(parts.fragment)
        if not fragment or anchors is None or fragment == "top":
            return ""
        # An argument is reached by its bare name too: the pages' script knows its alias.
        names = (fragment, f"attr-{fragment}", f"attr-{_NUMBER.sub('', fragment)}")
        return "" if anchors.intersection(names) else "no such anchor"

    def _target(self, page: str, path: str) -> str:
        if not path:
            return page
        target = normpath(f"{dirname(page)}/{path}".lstrip("/")) if path != "." else dirname(page)
        if path.endswith(("/", "/.", "/..")) or path in (".", ".."):
            return INDEX if target in (".", "") else f"{target}/{INDEX}"
        return target


def _is_page(name: str) -> bool:
    return name.endswith(".html")


def _read(body: bytes) -> _Facts:
    soup = BeautifulSoup(body, "html.parser", from_encoding="utf-8")
    tags = soup.find_all(True)
    links = [str(tag[key]).strip() for tag in tags for key in ("href", "src") if tag.has_attr(key)]
    anchors = [str(tag["id"]) for tag in tags if tag.has_attr("id")]
    anchors += [str(tag["name"]) for tag in tags if tag.name == "a" and tag.has_attr("name")]
    return _Facts(tuple(links), frozenset(anchors))


def main(arguments: list[str]) -> int:
    """Print what is wrong; 1 when something is."""
    found = check_folder(Path(arguments[0]))
    sys.stdout.write("".join(f"{bad}\n" for bad in found.bad))
    sys.stdout.write(f"{found.pages} pages, {found.links} links, {len(found.bad)} lead nowhere\n")
    return 1 if found.bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
