"""Very long pages: the nested sections of a schema are folded away, each behind its heading.

A page of 4 MB has thousands of such sections; a browser lays out only what is open. Nothing is cut, and without scripts
a section opens as any `details` does. What is folded is a function of the body alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.model.body import Heading

LARGE_PAGE = 200_000  # bytes of Markdown; the largest usual pages have less
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>')
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_SPLITS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p"))
# Anchors that documentation generators give to nested blocks, before the heading or the first line of the block.
_NESTED = re.compile(r'<p>\s*<a (?:id|name)="nested(?:\w*--|_)')
_SCHEMA = re.compile(r'<h[3-6] id="nested-schema-for')
_ID = re.compile(r'<h[1-6] id="([^"]*)"')
_OPEN, _BETWEEN, _CLOSE = '<details class="rg-fold"><summary>', "</summary>\n", "</details>\n"


def fold(html: str, headings: Sequence[Heading]) -> tuple[str, tuple[Heading, ...]]:
    """The body with its nested sections folded, and the headings that are left in sight. `html` is what the renderer
    gave: balanced, with escaped text."""
    made: list[str] = []
    hidden: set[str] = set()
    is_open = False
    anchor = ""  # an anchor that stands alone belongs to the section that follows it
    for block in _blocks(html):
        if block.is_anchor or (anchor and not block.html.strip()):
            anchor += block.html
            continue
        starts = block.is_heading or block.is_nested
        if is_open and (starts or anchor):
            made.append(_CLOSE)
            is_open = False
        if block.is_nested or (block.is_heading and anchor):
            made += [anchor, _OPEN, block.summary, _BETWEEN]
            hidden |= set(_ID.findall(block.html))
            is_open = True
        else:
            made += [anchor, block.html]
        anchor = ""
    made += [_CLOSE] * is_open + [anchor]
    return "".join(made), tuple(h for h in headings if h.id not in hidden)


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of a body: one top-level heading or paragraph, or what lies between two of them."""

    html: str
    name: str = ""

    @property
    def is_heading(self) -> bool:
        """True for a heading."""
        return self.name.startswith("h")

    @property
    def is_nested(self) -> bool:
        """True when it begins a nested schema: by an anchor before its text, or by the heading's id."""
        return bool(_SCHEMA.match(self.html) or _NESTED.match(self.html))

    @property
    def is_anchor(self) -> bool:
        """True for the anchor of a nested schema without a text of its own."""
        return bool(_NESTED.match(self.html)) and not _TAG.sub("", self.html).strip()

    @property
    def summary(self) -> str:
        """The content of the summary, in which paragraphs may not stand."""
        html = self.html.strip()
        return html if self.is_heading else html.removeprefix("<p>").removesuffix("</p>")


def _blocks(html: str) -> Iterator[_Block]:
    """The body cut at the headings and paragraphs of its top level."""
    depth = 0
    start = 0
    for tag in _TAG.finditer(html):
        end, name = tag[1], tag[2]
        if name in _VOID:
            continue
        if not end:
            if depth == 0 and name in _SPLITS:
                if tag.start() > start:
                    yield _Block(html[start : tag.start()])
                start = tag.start()
            depth += 1
            continue
        depth -= 1
        if depth == 0 and name in _SPLITS:
            yield _Block(html[start : tag.end()], name)
            start = tag.end()
    yield _Block(html[start:])
