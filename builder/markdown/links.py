"""Links of one page: each written address is resolved once, recorded with its line, and written as HTML.

An address without a scheme that holds what only regular expressions and quotes hold is debris, not a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from builder.markdown.anchors import Anchors, fragment_of
from builder.markdown.sanitize import EXTERNAL_REL, SCHEMES
from builder.model.body import Link, LinkState, Resolution

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DEBRIS = re.compile(r"[\[\]*{}|\\^\"]|%5B|%5D|%22", re.IGNORECASE)
_QUOTED = re.compile(r'(?:%22|")(https?://.+?)(?:%22|")', re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20\x7f]+")  # what browsers leave out of an address
_UNSAFE = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
_BARE = re.compile(
    r"(?<![\w/.@=\"'-])https?://[A-Za-z0-9][\w-]*+(?:\.[\w-]++)+(?::\d+)?+(?:[/?#][^\s<>\"`|\\^{}\[\]]*+)?+"
)
_TRAILING = "?!.,:;*_~'"
NOT_A_LINK = Resolution(LinkState.NOT_A_LINK)


def is_debris(address: str) -> bool:
    """True for what a regular expression or a quotation left between the brackets of a link."""
    return _SCHEME.match(address) is None and _DEBRIS.search(address) is not None


def unwrapped(address: str) -> str:
    """The address without what slipped into its brackets: quotes around an absolute one, round brackets, a back-tick
    at the end."""
    address = address.strip().rstrip("`")
    inner = address.lstrip("(")
    closing = min(len(address) - len(inner), len(inner) - len(inner.rstrip(")")))
    address = inner[: len(inner) - closing]
    match = _QUOTED.fullmatch(address)
    return match[1] if match else address


def written_href(target: str) -> str:
    """`target` for an href attribute, unescaped: encoded where needed, "" when its scheme may not be used."""
    target = _IGNORED.sub("", target)
    if target.startswith("//"):
        target = f"https:{target}"
    scheme = _SCHEME.match(target)
    if scheme and scheme[1].lower() not in SCHEMES:
        return ""
    if _UNSAFE.search(target):
        return quote(target, safe="%/:=&?~#+!$,;'@()*[]-._")
    return target


def open_tag(resolution: Resolution, title: str, extra: str = "") -> str | None:
    """The opening tag of a link; None when it has no address to go to."""
    if resolution.state in (LinkState.BROKEN, LinkState.NOT_A_LINK):
        return None
    href = written_href(resolution.target)
    if not href:
        return None
    rel = f' rel="{EXTERNAL_REL}"' if _SCHEME.match(href) else ""
    named = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(href)}"{extra}{named}{rel}>'


def bare_addresses(text: str) -> list[tuple[int, int]]:
    """Where bare http(s) addresses stand in a text: (start, end). One that runs into a placeholder is none."""
    found = []
    for match in _BARE.finditer(text):
        end = match.end()
        if text[end : end + 1] in tuple("<{[\\^|`"):
            continue
        found.append((match.start(), match.start() + len(_trimmed(match[0]))))
    return found


def _trimmed(address: str) -> str:
    """Without punctuation that belongs to the sentence, and without a closing bracket that was opened before it."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while True:
        last = address[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in _TRAILING:
            return address[:end]
        end -= 1


@dataclass(slots=True)
class _Fragment:
    """A link inside the page: decided when all anchors are known."""

    record: int
    place: int
    end: int
    title: str
    extra: str


@dataclass(slots=True)
class Links:
    """The links of one page, in reading order of their closing."""

    out: list[str]
    resolve: Callable[[str], Resolution]
    line: Callable[[], int]  # the present line of the source
    depth: int = 0  # links that are open now
    records: list[Link] = field(default_factory=list)
    _known: dict[str, Resolution] = field(default_factory=dict)
    _fragments: dict[int, _Fragment] = field(default_factory=dict)

    def look_up(self, written: str) -> Resolution:
        """What becomes of an address. It is recorded with the present line."""
        resolution = self._known.get(written)
        if resolution is None:
            resolution = self._known[written] = self._resolve(written)
        self.records.append(Link(written, resolution, self.line()))
        return resolution

    def _resolve(self, written: str) -> Resolution:
        address = unwrapped(written)
        if address.startswith("#"):
            return Resolution(LinkState.FRAGMENT, address)
        return NOT_A_LINK if is_debris(address) else self.resolve(address)

    def open(self, written: str, title: str, place: int, *, extra: str = "") -> str | None:
        """Look the address up; give the opening tag for `place`, None when there is no address to go to."""
        return self.opened(self.look_up(written), title, place, extra=extra)

    def opened(
        self, resolution: Resolution, title: str, place: int, *, extra: str = ""
    ) -> str | None:
        """The opening tag of the link that was looked up last."""
        if resolution.state is LinkState.FRAGMENT:
            self._fragments[place] = _Fragment(len(self.records) - 1, place, -1, title, extra)
            return "<a>"
        return open_tag(resolution, title, extra)

    def close(self, place: int, end: int) -> None:
        """The link that was opened at `place` ends at `end`."""
        if place in self._fragments:
            self._fragments[place].end = end

    def forget_last(self) -> None:
        """The link that was recorded last is none after all."""
        self.records.pop()

    def finish(self, anchors: Anchors) -> None:
        """Write the links inside the page; one that leads nowhere becomes text."""
        for link in self._fragments.values():
            record = self.records[link.record]
            written = unwrapped(record.written)[1:]
            name = anchors.find(written)
            if name is None:
                message = f"no heading or anchor #{written}"
                broken = Resolution(LinkState.BROKEN, message=message)
                self.records[link.record] = Link(record.written, broken, record.line)
                self.out[link.place] = f"<a{link.extra}>" if link.extra else ""
                if not link.extra:
                    self.out[link.end] = ""
                continue
            found = Resolution(LinkState.FRAGMENT, f"#{fragment_of(name)}")
            self.records[link.record] = Link(record.written, found, record.line)
            self.out[link.place] = open_tag(found, link.title, link.extra) or ""
