"""Authors' HTML: read tag by tag, rebuilt from the allow-list, and well-formed within its block.

A tag outside the allow-list is a placeholder and becomes visible text. So does an allowed tag that is never closed and
has no attributes (`<code>` in a sentence). Because tags are paired here, the sanitiser never has to mend what would
make it slow or would swallow the text that follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from builder.markdown.anchors import Anchors
from builder.markdown.links import Links
from builder.markdown.sanitize import ELEMENTS

MAX_TAG = 8_192  # characters
MAX_DEPTH = 64  # authors' elements inside each other

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>", re.ASCII)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?"
)
_VOID = frozenset({"br", "hr", "img", "input"})
_PRESENTATION = frozenset(  # elements that only lay out: dropped, with what they hold shown
    [
        "big",
        "caption",
        "center",
        "col",
        "colgroup",
        "figcaption",
        "figure",
        "font",
        "nobr",
        "picture",
        "section",
        "source",
        "strike",
        "tt",
        "wbr",
    ]
)
_SPANNING = frozenset(  # may be closed in a later block
    [
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "li",
        "ol",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_END_IMPLIED = frozenset(["dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"])
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AUTHOR_CLASSES = {
    "div": ("admonition", "note", "warning", "danger", "highlight"),
    "p": ("admonition-title",),
}
_TABLE_OPEN = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>'
_TABLE_CLOSE = "</table></div>"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as its author wrote it. `name` is lower-case, attribute values are unescaped."""

    name: str
    closing: bool
    source: str
    attributes: dict[str, str] = field(default_factory=dict)
    empty: bool = False  # <x/>

    @property
    def anchor(self) -> str:
        """The anchor that this tag sets, by id or name."""
        return self.attributes.get("id") or self.attributes.get("name", "")


def scan(raw: str) -> Iterator[str | Tag]:
    """Raw HTML as tags and the text between them. Comments are left out; a `<` that begins nothing is text."""
    position = 0
    while (start := raw.find("<", position)) >= 0:
        if start > position:
            yield raw[position:start]
        if raw.startswith("<!--", start):
            end = raw.find("-->", start + 2)
            if end < 0:
                return
            position = end + 3
            continue
        match = _TAG.match(raw, start, start + MAX_TAG)
        if match is None:
            yield "<"
            position = start + 1
        else:
            yield _tag(match)
            position = match.end()
    if position < len(raw):
        yield raw[position:]


def _tag(match: re.Match[str]) -> Tag:
    closing, name, rest = match.groups()
    if closing or not rest:
        return Tag(name.lower(), bool(closing), match[0])
    attributes: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(rest):
        attributes.setdefault(key.lower(), unescape(double or single or bare))
    return Tag(name.lower(), False, match[0], attributes, rest.rstrip().endswith("/"))


def visible(tag: Tag) -> str:
    """The tag as text, exactly as it was written."""
    return escape(tag.source, quote=False)


@dataclass(slots=True, eq=False)
class _Open:
    """An open element: its place in the output, where it stands as text until it is known to be closed."""

    tag: Tag
    place: int
    link: bool = False  # counted as an open link
    in_block: bool = False  # in an HTML block, where an element for layout is no placeholder


@dataclass(slots=True)
class AuthorTags:
    """Writes authors' tags to `out`. `image` gives the HTML for an image: (address, alt, title)."""

    out: list[str]
    anchors: Anchors
    links: Links
    image: Callable[[str, str, str], str]
    _page: list[_Open | None] = field(default_factory=list)  # open across blocks
    _in_block: bool = False
    _block: list[_Open | None] = field(default_factory=list)  # None: an element of Markdown's

    def html(self, raw: str, *, block: bool) -> None:
        """A piece of raw HTML: a whole HTML block, or one tag in a line of text."""
        self._in_block = block
        for part in scan(raw):
            if isinstance(part, str):
                self.out.append("&lt;" if part == "<" else part)
            elif part.closing:
                self._close(part)
            else:
                self._open(part)

    def enter(self) -> None:
        """An inline element of Markdown's begins: tags are paired inside it or outside it."""
        self._block.append(None)

    def leave(self) -> None:
        """The innermost inline element of Markdown's ends."""
        while self._block and (top := self._block.pop()) is not None:
            self._give_up(top, inside=False)

    def end_block(self) -> None:
        """The paragraph, heading, cell or HTML block ends. What may be closed later stays open."""
        for entry in self._block:
            if entry is None:
                continue
            if entry.tag.name in _SPANNING and len(self._page) < MAX_DEPTH:
                self._page.append(entry)
            else:
                self._give_up(entry, inside=False)
        self._block.clear()

    def end_page(self) -> None:
        """Nothing will be closed any more."""
        self.end_block()
        for entry in self._page:
            if entry is not None:
                self._give_up(entry, inside=False)
        self._page.clear()

    def _open(self, tag: Tag) -> None:
        known = tag.name in ELEMENTS or tag.name in _PRESENTATION
        if not known or (tag.name in _VOID or tag.empty):
            self.out.append(self._single(tag) if known else visible(tag))
            return
        is_link = tag.name == "a" and "href" in tag.attributes
        entry = _Open(tag, len(self.out), is_link, self._in_block)
        self.out.append(visible(tag))
        if len(self._block) >= MAX_DEPTH:
            self._give_up(entry, inside=False)
            return
        self.links.depth += entry.link
        self._block.append(entry)

    def _single(self, tag: Tag) -> str:
        """An element without content."""
        attributes = tag.attributes
        if tag.name in ("br", "hr"):
            return f"<{tag.name}>"
        if tag.name == "img" and attributes:
            return self.image(
                attributes.get("src", ""), attributes.get("alt", ""), attributes.get("title", "")
            )
        if tag.name == "input" and attributes.get("type", "").lower() == "checkbox":
            return checkbox(checked="checked" in attributes)
        if tag.name not in _VOID and tag.anchor and self.anchors.author(tag.anchor):
            return f'<a id="{escape(tag.anchor)}"></a>'
        return "" if tag.attributes and tag.name != "input" else visible(tag)

    def _close(self, tag: Tag) -> None:
        if tag.name not in ELEMENTS and tag.name not in _PRESENTATION:
            self.out.append(visible(tag))
        elif not self._close_in(self._block, tag) and tag.name in _SPANNING:
            self._close_in(self._page, tag)

    def _close_in(self, stack: list[_Open | None], tag: Tag) -> bool:
        """Close the innermost element of this name. False when there is none inside the present Markdown element."""
        found = -1
        for index in range(len(stack) - 1, max(-1, len(stack) - 1 - MAX_DEPTH), -1):
            entry = stack[index]
            if entry is None:
                break
            if entry.tag.name == tag.name:
                found = index
                break
        if found < 0:
            return False
        for entry in reversed(stack[found + 1 :]):
            if entry is not None:
                self._give_up(entry, inside=True)
        matched = stack[found]
        del stack[found:]
        if matched is not None:
            self.out.append("")
            self._accept(matched, len(self.out) - 1)
        return True

    def _give_up(self, entry: _Open, *, inside: bool) -> None:
        """No closing tag will come. `inside`: it ends with the element around it."""
        self.links.depth -= entry.link
        tag = entry.tag
        if inside and tag.name in _END_IMPLIED:
            self.out[entry.place] = self._start_tag(tag)
        elif tag.anchor and tag.name in ELEMENTS and self.anchors.author(tag.anchor):
            self.out[entry.place] = f'<a id="{escape(tag.anchor)}"></a>'
        elif tag.attributes or tag.name == "p" or (entry.in_block and tag.name in _SPANNING):
            self.out[entry.place] = ""

    def _accept(self, entry: _Open, end: int) -> None:
        """The element is closed at `end`."""
        tag = entry.tag
        self.links.depth -= entry.link
        if tag.name in _PRESENTATION:
            self.out[entry.place] = ""
        elif entry.link:
            self._link(entry, end)
        elif tag.name in _HEADINGS:
            self._heading(entry, end)
        elif tag.name == "table":
            self.out[entry.place] = _TABLE_OPEN
            self.out[end] = _TABLE_CLOSE
        else:
            start = self._start_tag(tag)
            bare_link = start == "<a>"  # an anchor whose name was taken
            self.out[entry.place] = "" if bare_link else start
            self.out[end] = "" if bare_link else f"</{tag.name}>"

    def _link(self, entry: _Open, end: int) -> None:
        tag = entry.tag
        anchor = tag.anchor if tag.anchor and self.anchors.author(tag.anchor) else ""
        extra = f' id="{escape(anchor)}"' if anchor else ""
        title = tag.attributes.get("title", "")
        opened = self.links.open(tag.attributes["href"], title, entry.place, extra=extra)
        if opened is None and anchor:
            opened = f"<a{extra}>"
        self.out[entry.place] = opened or ""
        if opened:
            self.out[end] = "</a>"
            self.links.close(entry.place, end)

    def _heading(self, entry: _Open, end: int) -> None:
        heading = self.anchors.heading(int(entry.tag.name[1]), entry.place)
        if entry.tag.anchor and self.anchors.author(entry.tag.anchor):
            heading.id = entry.tag.anchor
        self.anchors.end_heading(heading, end)

    def _start_tag(self, tag: Tag) -> str:
        attributes = tag.attributes
        parts = [tag.name]
        anchor = attributes.get("id", "")
        name = attributes.get("name", "") if tag.name == "a" else ""
        if anchor and self.anchors.author(anchor):
            parts.append(f'id="{escape(anchor)}"')
        if name and (name == anchor or self.anchors.author(name)):
            parts.append(f'name="{escape(name)}"')
        classes = attributes.get("class", "").split()
        kept = [c for c in _AUTHOR_CLASSES.get(tag.name, ()) if c in classes]
        if kept:
            parts.append(f'class="{" ".join(kept)}"')
        parts += self._other(tag)
        return f"<{' '.join(parts)}>"

    @staticmethod
    def _other(tag: Tag) -> Iterator[str]:
        keys = {
            "td": ("align", "colspan", "rowspan"),
            "th": ("align", "colspan", "rowspan"),
            "ol": ("start",),
            "a": ("title",),
            "abbr": ("title",),
        }
        for key in keys.get(tag.name, ()):
            if key in tag.attributes:
                yield f'{key}="{escape(tag.attributes[key])}"'
        if tag.name == "details" and "open" in tag.attributes:
            yield "open"


def checkbox(*, checked: bool) -> str:
    """A check box that only shows its state."""
    return f'<input type="checkbox" disabled{" checked" if checked else ""}>'
