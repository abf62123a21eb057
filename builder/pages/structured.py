"""What a page says of itself to search engines, as JSON-LD (schema.org). The addresses in it are relative: a page names
no address of its own site but the canonical one, and JSON-LD resolves against the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from builder.pages.contexts import (
    HomePage,
    Link,
    ListPage,
    PackagePage,
    Page,
    ReleasePage,
    VersionsPage,
)
from builder.pages.escaping import json_script, moment, one_line

CONTEXT = "https://schema.org"

Thing = dict[str, Any]


def page_data(page: Page) -> Markup:
    """The JSON-LD of a page that is made of lists; empty when there is nothing to say."""
    things = [*_things(page), *_breadcrumbs(page.trail, _name(page))]
    return json_script({"@context": CONTEXT, "@graph": things}) if things else Markup()


def _name(page: Page) -> str:
    """What breadcrumbs call the page."""
    match page:
        case ListPage():
            return page.heading
        case PackagePage():
            return page.name
        case VersionsPage():
            return "Versions"
        case ReleasePage():
            return page.version
        case _:
            return page.title


def _things(page: Page) -> Iterator[Thing]:
    if isinstance(page, HomePage):
        yield _thing("WebSite", name=page.site.name, description=page.description)
    elif isinstance(page, PackagePage):
        newest = page.newest
        yield _thing(
            "SoftwareSourceCode",
            name=page.name,
            description=page.about,
            codeRepository=page.repository,
            version=newest.version if newest else "",
            dateModified=moment(newest.published) if newest else "",
            license=[one_line(name) for name in newest.licenses] if newest else "",
        )
    elif isinstance(page, ReleasePage):
        code = _thing("SoftwareSourceCode", name=page.name, version=page.version)
        headline, day = f"{page.name} {page.version}", moment(f"{page.published}T00:00:00Z")[:10]
        yield _thing("TechArticle", headline=headline, datePublished=day, about=code)


def _thing(kind: str, **facts: Any) -> Thing:
    """A thing with the facts that are known."""
    known = {k: one_line(v) if isinstance(v, str) else v for k, v in facts.items() if v}
    return {"@type": kind, **known}


def _breadcrumbs(trail: Sequence[Link], name: str) -> Iterator[Thing]:
    """The way to a page from the registry's home; the page itself comes last and needs no address."""
    if trail:
        items = [
            _thing("ListItem", position=number, name=link.label, item=link.href)
            for number, link in enumerate(trail, 1)
        ]
        last = _thing("ListItem", position=len(trail) + 1, name=name)
        yield {"@type": "BreadcrumbList", "itemListElement": [*items, last]}


def article_data(headline: str) -> Markup:
    """The JSON-LD of a document: no more than its kind and name, since every byte of it is in every page."""
    return json_script({"@context": CONTEXT, **_thing("TechArticle", headline=headline)})
