"""What can be linked to on a page: authors' anchors as written, headings, and one id per argument.

Ids are given out when the whole page is known, because an author's anchor further down keeps its name and a heading
further up has to give way. Unique over the page; ids of the page's frame are never given out.

Argument anchors: a list item that begins with a code span has the id `<governor>.<name>`, where the governor is the
item it is nested in, else the author's anchor or the heading above it, whichever is nearer (an anchor right before a
heading stands for it). The code span of the first item of a name has the id `attr-<name>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote, unquote

from builder.model.body import Heading

RESERVED_IDS = frozenset({"nav", "content"})  # of the page contract, and all that start with:
RESERVED_PREFIXES = ("__", "rg-", "md-")

_NUMBER = re.compile(r"-\d+$")
_DROPPED = re.compile(r"[^\w\s-]")
_REPEATED = re.compile(r"[-_]+")
_SPACE = re.compile(r"\s")
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_ARGUMENT = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.ASCII)


def plain_text(html: str) -> str:
    """The text of well-formed HTML without its tags."""
    return unescape(_TAG.sub("", html)) if "<" in html else unescape(html)


def slug(text: str) -> str:
    """The id of a heading with this text: lower-case, only word characters and `-`, blanks as `-`."""
    return _SPACE.sub("-", _DROPPED.sub("", text.lower()).strip()) or "section"


class Ids:
    """The ids of one page."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.taken: set[str] = set()

    def claim(self, name: str) -> bool:
        """Take an author's id. False when it is empty, reserved, or taken already."""
        if not name or name in self.taken or is_reserved(name):
            return False
        self.taken.add(name)
        return True

    def unique(self, base: str) -> str:
        """`base`, or `base-1`, `base-2` … whichever is free first; it is taken from then on."""
        name = base
        while name in self.taken or is_reserved(name):
            self._counts[base] = self._counts.get(base, 0) + 1
            name = f"{base}-{self._counts[base]}"
            if base.startswith(RESERVED_PREFIXES):
                name = f"section-{name}"
        self.taken.add(name)
        return name


def is_reserved(name: str) -> bool:
    """True for ids that belong to the page's frame."""
    return name in RESERVED_IDS or name.startswith(RESERVED_PREFIXES)


@dataclass(slots=True, eq=False)
class Target:
    """Something that has, or will have, an id."""

    id: str = ""


@dataclass(slots=True, eq=False)
class OpenHeading(Target):
    """A heading in the output: the places of its tags, its level and its text."""

    level: int = 1
    open: int = 0
    close: int = 0
    text: str = ""


@dataclass(slots=True, eq=False)
class Item(Target):
    """A list item: the place of its tag; of its first code span and the name in it when it is an argument."""

    open: int = 0
    governor: Target | None = None
    code: int = -1
    name: str = ""


@dataclass(slots=True)
class Anchors:
    """Collects the targets of one page while it is written to `out`, and gives them their ids in the end."""

    out: list[str]
    ids: Ids = field(default_factory=Ids)
    headings: list[OpenHeading] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)  # open list items
    arguments: list[Item] = field(default_factory=list)
    governor: Target | None = None
    ahead: bool = False  # an anchor stands alone right before what comes next
    _folded: dict[str, str] | None = (
        None  # names without what readers confuse -> id, made when first needed
    )

    def author(self, name: str) -> bool:
        """An author's anchor at the present place. False when its id cannot be used."""
        if not self.ids.claim(name):
            return False
        self.governor = Target(name)
        return True

    def heading(self, level: int, place: int) -> OpenHeading:
        """A heading begins at `place`; an anchor right before it goes on governing."""
        heading = OpenHeading(level=level, open=place)
        if not self.ahead:
            self.governor = heading
        self.ahead = False
        return heading

    def end_heading(self, heading: OpenHeading, place: int) -> None:
        """The heading's closing tag is at `place`."""
        heading.close = place
        heading.text = " ".join(plain_text("".join(self.out[heading.open + 1 : place])).split())
        self.headings.append(heading)

    def begin_item(self, place: int) -> None:
        """A list item begins at `place`."""
        self.items.append(Item(open=place))

    def end_item(self) -> None:
        """The innermost list item ends."""
        self.items.pop()

    def argument(self, place: int, name: str) -> None:
        """The innermost list item begins with a code span, at `place`, with this text."""
        item = self.items[-1]
        if item.name or not _ARGUMENT.fullmatch(name):
            return
        outer = next((i for i in reversed(self.items[:-1]) if i.name), None)
        item.code, item.name, item.governor = place, name, outer or self.governor
        self.arguments.append(item)

    def finish(self, title: str) -> tuple[str, str]:
        """Give every target its id and write it to `out`. `title` is for a page without an h1.

        Returns the page's title and what has to stand before the page.
        """
        first = next((h for h in self.headings if h.level == 1), None)
        before = ""
        if first is None and title:
            made = OpenHeading(level=1, text=title, id=self.ids.unique(slug(title)))
            before = f'<h1 id="{escape(made.id)}">{escape(title, quote=False)}</h1>\n'
            first = made
        self.headings.sort(key=lambda heading: heading.open)
        for heading in self.headings:
            self._finish_heading(heading, is_first=heading is first)
        if before and first is not None:
            self.headings.insert(0, first)
        for item in self.arguments:
            self._finish_argument(item)
        return (first.text if first else title), before

    def _finish_heading(self, heading: OpenHeading, *, is_first: bool) -> None:
        if heading.level == 1 and not is_first:
            heading.level = 2
        heading.id = heading.id or self.ids.unique(slug(heading.text))
        written = escape(heading.id)
        self.out[heading.open] = f'<h{heading.level} id="{written}">'
        link = "" if is_first else permalink(heading.id)
        self.out[heading.close] = f"{link}</h{heading.level}>\n"

    def _finish_argument(self, item: Item) -> None:
        governor = item.governor.id if item.governor else ""
        item.id = self.ids.unique(f"{governor}.{item.name}" if governor else item.name)
        self.out[item.open] = f'<li id="{escape(item.id)}"' + self.out[item.open][3:]
        if self.ids.claim(f"attr-{item.name}"):
            self.out[item.code] = f'<code id="attr-{item.name}"' + self.out[item.code][5:]

    def toc(self) -> tuple[Heading, ...]:
        """The headings in reading order, the h1 included."""
        return tuple(Heading(h.level, h.text, h.id) for h in self.headings)

    def find(self, fragment: str) -> str | None:
        """The id that `fragment` (as written, without #) means: the same, or one that differs only in letter case, in
        `-` against `_`, by a prefix that a code host adds, in characters that no heading's id has or in how often `-` is
        repeated, or an argument's bare name. "" is the top of the page; None: there is none."""
        wanted = unquote(fragment)
        if wanted in self.ids.taken or wanted in ("", "top"):
            return wanted
        if self._folded is None:
            self._folded = dict(self._fold_pairs())
        wanted = wanted.removeprefix("user-content-")
        alike = (_fold(wanted), _fold(slug(wanted)), _loose(wanted))
        return next((self._folded[name] for name in alike if name in self._folded), None) or (
            self._argument(wanted)
        )

    def _argument(self, wanted: str) -> str | None:
        """Other registries' sites give arguments their bare name, numbered when it occurs again."""
        names = (f"attr-{name}" for name in (wanted, _NUMBER.sub("", wanted)))
        return next((name for name in names if name in self.ids.taken), None)

    def _fold_pairs(self) -> Iterator[tuple[str, str]]:
        names = sorted(self.ids.taken, reverse=True)
        for name in names:
            yield _loose(name), name
        for heading in reversed(self.headings):
            yield _fold(slug(heading.text)), heading.id  # where a reserved name was meant
        for name in names:
            yield _fold(name), name


def _fold(name: str) -> str:
    return name.lower().replace("-", "_")


def _loose(name: str) -> str:
    """Folded, without what headings' ids never hold, and with nothing repeated: begins with a blank, as no id does."""
    return " " + _REPEATED.sub("_", slug(name))


def fragment_of(name: str) -> str:
    """An id as the part of an address after #, encoded."""
    return quote(name, safe="!$&'()*+,;=:@/?-._~")


def permalink(name: str) -> str:
    """A heading's link to itself."""
    href = escape(fragment_of(name))
    return f'<a class="headerlink" href="#{href}" title="Permanent link">¶</a>'
