"""The table of contents of a body."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from jinja2 import Template
from markupsafe import Markup

from builder.model.body import Heading
from builder.pages.contexts import Toc, TocEntry
from builder.pages.environment import template_of, values
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
    return _rendered(template_of(site, "toc.html"), entries)


@lru_cache(maxsize=8192)
def _rendered(template: Template, entries: tuple[TocEntry, ...]) -> Markup:
    """Once for all pages and versions with the same headings: for many pages it costs more than all else."""
    return Markup(template.render(values(Toc(entries=entries))))  # noqa: S704 - made by our own template, escaped there
