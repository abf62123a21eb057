"""The announcement: one line of text with Markdown links, shown above every page."""

from __future__ import annotations

import re

from builder.pages.contexts import Link
from builder.pages.site import Site

_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
_PATH = re.compile(r"(?![./])[^:\\]+")  # a path of the site: relative to its root, without a scheme


def parts(text: str) -> tuple[Link, ...]:
    """The line as pieces in reading order: links, and texts (their `href` is ""). An address is one of the web, or a
    path of the site without a leading slash; what is neither stays text."""
    line = " ".join(text.split())
    found: list[Link] = []
    end = 0
    for match in _LINK.finditer(line):
        label, address = match.groups()
        if not (_ELSEWHERE.match(address) or _PATH.fullmatch(address)):
            continue
        found += [Link(line[end : match.start()], ""), Link(label, address)]
        end = match.end()
    found.append(Link(line[end:], ""))
    return tuple(piece for piece in found if piece.label)


def placed(site: Site, page: str) -> tuple[Link, ...]:
    """The announcement for a page in the directory `page`; empty when there is none."""
    return tuple(
        piece
        if not piece.href or _ELSEWHERE.match(piece.href)
        else Link(piece.label, _inside(site, page, piece.href))
        for piece in parts(site.announcement)
    )


def _inside(site: Site, page: str, target: str) -> str:
    """The relative address of a path of the site; what follows ? or # stays as it is."""
    end = min((i for i in (target.find("?"), target.find("#")) if i >= 0), default=len(target))
    return site.href(page, target[:end]) + target[end:]
