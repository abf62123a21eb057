"""The Markdown beside pages that have no text of an author: homes, lists, versions. Templates in markdown/, with the
same contexts as those of the HTML.

What a template prints is escaped for Markdown unless it is markup already, just as HTML templates escape for HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from builder.model.artifact import Artifact, Output
from builder.pages.addresses import INDEX
from builder.pages.contexts import HomePage, PackagePage, Page
from builder.pages.environment import environment, render, values
from builder.pages.escaping import markdown_address, markdown_text, one_line
from builder.pages.feed import FILE as FEED
from builder.pages.site import Site
from builder.pages.structured import page_data

TWIN = "index.md"
_GAP = re.compile(r"\n{3,}")
TWINS = {  # template of the page -> template of its Markdown
    name: f"markdown/{name.removesuffix('.html')}.md"
    for name in ("home.html", "list.html", "package.html", "versions.html", "release.html")
}


def with_twin(
    site: Site, template: str, directory: str, page: Page, *, text: bytes | None = None
) -> Iterator[Output]:
    """A page in a directory of the site, and its Markdown: an author's `text`, or what the page's own template makes."""
    feed = FEED if isinstance(page, HomePage | PackagePage) else ""
    page = replace(page, twin=True, feed=feed, structured=page_data(page))
    folder = f"{directory}/" if directory else ""
    yield Artifact(f"{folder}{INDEX}", render(site, template, page).encode())
    twin = markdown(site, template, page).encode() if text is None else text
    yield Artifact(f"{folder}{TWIN}", twin)


def markdown(site: Site, template: str, page: Page) -> str:
    """The Markdown of a page. Raises jinja2.TemplateError when an operator's template is wrong."""
    text = markdown_environment(site.templates).get_template(TWINS[template]).render(values(page))
    return _GAP.sub("\n\n", text.strip("\n")) + "\n"


@lru_cache(maxsize=8)
def markdown_environment(overrides: tuple[Path, ...] = ()) -> Environment:
    """The template environment for Markdown; see environment()."""
    made = environment(overrides).overlay(finalize=_escaped)
    made.filters = {**made.filters, "address": _address, "beside": _beside, "code": _code}
    return made


def _escaped(value: Any) -> Any:
    """Everything that is printed: as markup, so that it is not escaped for HTML as well."""
    return value if hasattr(value, "__html__") else Markup(markdown_text(str(value)))  # noqa: S704 - Markdown, escaped


def _address(href: str) -> Markup:
    """The destination of a link."""
    return Markup(markdown_address(href))  # noqa: S704 - percent-encoded


def _beside(href: str, file: str = TWIN) -> Markup:
    """The destination of a link to a file beside a page: its Markdown, or another one."""
    return _address(f"{href.removesuffix(INDEX)}{file}")


def _code(text: str) -> Markup:
    """Text in an indented or quoted block of code, where Markdown escapes nothing."""
    return Markup(one_line(text))  # noqa: S704 - code is shown as it is
