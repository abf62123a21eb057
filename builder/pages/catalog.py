"""The registry's own pages: home, one list for each kind of package, and the page for addresses that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output
from builder.model.summary import PackageSummary
from builder.pages.addresses import href
from builder.pages.contexts import Count, HomePage, Link, ListPage, NotFoundPage, PackageGroup
from builder.pages.environment import render
from builder.pages.facts import kind_label, package_row
from builder.pages.package import home_link
from builder.pages.site import Site

LISTED = (Kind.PROVIDER, Kind.MODULE)
SHOWN_PACKAGES = 10  # recent and popular ones on the home page


def render_catalog(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """index.html, providers/index.html, modules/index.html and 404.html."""
    listed = sorted((s for s in summaries if s.address.kind in LISTED), key=lambda s: s.address)
    yield Artifact("index.html", render(site, "home.html", home_page(site, listed)).encode())
    for kind in LISTED:
        page = list_page(site, kind, [s for s in listed if s.address.kind is kind])
        yield Artifact(f"{kind.plural}/index.html", render(site, "list.html", page).encode())
    yield Artifact("404.html", render(site, "404.html", not_found_page(site)).encode())


def home_page(site: Site, summaries: Sequence[PackageSummary]) -> HomePage:
    """The context of the first page. Summaries are sorted by address."""
    dated = [s for s in summaries if s.newest is not None and s.newest.published and not s.blocked]
    recent = sorted(dated, key=_published, reverse=True)
    popular = sorted((s for s in summaries if s.popularity > 0), key=lambda s: -s.popularity)
    return HomePage(
        site=site,
        root=href("", ""),
        title=site.name,
        description=site.description,
        canonical=site.canonical(""),
        frame="home",
        links=tuple(_lists("")),
        counts=tuple(
            Count(kind_label(kind), sum(s.address.kind is kind for s in summaries))
            for kind in LISTED
        ),
        lists=tuple(_lists("")),
        recent=tuple(package_row(s, "") for s in recent[:SHOWN_PACKAGES]),
        popular=tuple(package_row(s, "") for s in popular[:SHOWN_PACKAGES]),
    )


def _published(summary: PackageSummary) -> str:
    return summary.newest.published if summary.newest else ""


def _lists(page: str) -> Iterator[Link]:
    for kind in LISTED:
        yield Link(kind_label(kind), href(page, f"{kind.plural}/"))


def list_page(site: Site, kind: Kind, summaries: Sequence[PackageSummary]) -> ListPage:
    """The context of the list of all packages of a kind. Summaries are sorted by address."""
    page = kind.plural
    groups: dict[str, list[PackageSummary]] = {}
    for summary in summaries:
        letter = summary.address.namespace[:1].upper()
        groups.setdefault(letter if letter.isalpha() else "0-9", []).append(summary)
    return ListPage(
        site=site,
        root=href(page, ""),
        title=f"{kind_label(kind)} - {site.name}",
        description=f"All {kind.plural} of {site.name} from A to Z.",
        canonical=site.canonical(f"{page}/"),
        trail=(home_link(page),),
        heading=kind_label(kind),
        total=len(summaries),
        groups=tuple(
            PackageGroup(
                letter,
                f"letter-{letter.lower()}",
                tuple(package_row(s, page) for s in groups[letter]),
            )
            for letter in sorted(groups)
        ),
    )


def not_found_page(site: Site) -> NotFoundPage:
    """The context of 404.html. It is shown at any depth, so its links name the site's public address when it is known."""
    root = site.canonical("") or "./"
    return NotFoundPage(
        site=site,
        root=root,
        title=f"Page not found - {site.name}",
        description="",
        canonical="",
        lists=tuple(Link(kind_label(kind), f"{root}{kind.plural}/") for kind in LISTED),
    )
