"""The table of contents of a body."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from builder.model.body import Heading
from builder.pages.contexts import Toc, TocEntry
from builder.pages.environment import render
from builder.pages.site import Site

LEVELS = (2, 3)  # the h1 is the page's title; deeper headings would drown the others


def toc_tree(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """Headings of level 2, each with those of level 3 that follow it; a leading level 3 stands for itself."""
    top: list[tuple[Heading, list[TocEntry]]] = []
    for heading in headings:
        if heading.level == LEVELS[1] and top:
            top[-1][1].append(TocEntry(heading.text, heading.id))
        elif heading.level in LEVELS:
            top.append((heading, []))
    return tuple(TocEntry(h.text, h.id, tuple(children)) for h, children in top)


def toc(site: Site, headings: Sequence[Heading]) -> Markup:
    """The rendered table of contents; empty for pages with less than two headings below the title."""
    entries = toc_tree(headings)
    if sum(1 + len(entry.children) for entry in entries) < 2:
        return Markup()
    return Markup(render(site, "toc.html", Toc(entries=entries)))  # noqa: S704 - made by our own template, escaped there
