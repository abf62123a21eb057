"""A rendered Markdown body: a pure function of its source, its package and the targets its links resolve to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LinkState(StrEnum):
    """What became of a link."""

    FRAGMENT = "fragment"  # same page
    INTERNAL = "internal"  # another page of this version
    OTHER_VERSION = "other-version"
    OTHER_PACKAGE = "other-package"
    CORE = "core"  # documentation of Terraform or OpenTofu itself
    EXTERNAL = "external"
    BROKEN = "broken"  # text without an address
    NOT_A_LINK = "not-a-link"  # debris: the literal source text


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolver's answer for one written address: state, and what to write into href ("" for none)."""

    state: LinkState
    target: str = ""
    message: str = ""  # for BROKEN: what was not found


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page: as written, as resolved, and its line in the source (1-based, 0 unknown)."""

    written: str
    resolution: Resolution
    line: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading with its unique id."""

    level: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Body:
    """The sanitised HTML of one page with what else is known of it. `title` is the text of its h1."""

    html: str
    title: str
    toc: tuple[Heading, ...] = ()  # all headings in reading order, the h1 too
    links: tuple[Link, ...] = ()
    anchors: frozenset[str] = frozenset()  # all ids and names in the html
    text: str = ""  # plain text for search: a line per block, without code blocks
