"""The registry's own pages: home, lists of packages, and the page for addresses that are none.

A list holds its packages as long as they are few; a longer one names its parts (letters, namespaces), so that no page
grows with the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, Output
from builder.model.summary import PackageSummary
from builder.pages import announcement
from builder.pages.addresses import as_file, href
from builder.pages.contexts import (
    Count,
    HomePage,
    Link,
    ListPage,
    NotFoundPage,
    PackageGroup,
    PackageRow,
    Shard,
)
from builder.pages.environment import render
from builder.pages.facts import kind_label, package_row
from builder.pages.package import home_link, list_link
from builder.pages.site import Site
from builder.pages.twins import with_twin

LISTED = (Kind.PROVIDER, Kind.MODULE)
SHOWN_PACKAGES = 10  # recent and popular ones on the home page
LISTED_AT_ONCE = 200  # packages on one list page; a longer list names its parts instead
# No namespace begins with a hyphen, so nothing below collides with a package.
LETTERS = "{kind}/-/{letter}"
SYSTEMS = "modules/-/system/{system}"


def render_lists(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """index.html, 404.html, the lists of all providers and modules, and those of modules by system."""
    listed = _listed(summaries)
    yield from with_twin(site, "home.html", "", home_page(site, listed))
    for kind in LISTED:
        members = [s for s in listed if s.address.kind is kind]
        yield from with_twin(site, "list.html", kind.plural, list_page(site, kind, members))
    for system, modules in _by(listed, lambda a: a.system).items():
        if system:
            page = system_page(site, system, modules)
            yield from with_twin(site, "list.html", SYSTEMS.format(system=system), page)
    yield Artifact("404.html", render(site, "404.html", not_found_page(site)).encode())


def shards(summaries: Iterable[PackageSummary]) -> Mapping[str, Sequence[PackageSummary]]:
    """What render_shard takes: the packages by the first letter of their namespace, sorted by address."""
    return _by(_listed(summaries), letter_of)


def render_shard(
    site: Site, letter: str, summaries: Sequence[PackageSummary], *, totals: Mapping[Kind, int]
) -> Iterator[Output]:
    """The pages of the namespaces that begin with a letter, and the letter's own list for every kind of which there
    are too many for one list. `totals` counts all packages of the registry."""
    for kind in LISTED:
        members = [s for s in summaries if s.address.kind is kind]
        if members and totals.get(kind, 0) > LISTED_AT_ONCE:
            path = LETTERS.format(kind=kind.plural, letter=letter)
            page = letter_page(site, kind, letter, members)
            yield from with_twin(site, "list.html", path, page)
    for members in _by(summaries, lambda a: a.namespace).values():
        for kind in LISTED:
            if any(s.address.kind is kind for s in members):
                path = _namespace(members[0].address, kind)
                page = namespace_page(site, kind, members)
                yield from with_twin(site, "list.html", path, page)


def _listed(summaries: Iterable[PackageSummary]) -> list[PackageSummary]:
    return sorted((s for s in summaries if s.address.kind in LISTED), key=lambda s: s.address)


def _by(
    summaries: Iterable[PackageSummary], key: Callable[[Address], str]
) -> dict[str, list[PackageSummary]]:
    """Packages by a property of their address, sorted by it."""
    groups: dict[str, list[PackageSummary]] = {}
    for summary in summaries:
        groups.setdefault(key(summary.address), []).append(summary)
    return {name: groups[name] for name in sorted(groups)}


def letter_of(address: Address) -> str:
    """The letter that a package is listed under: a to z, or 0-9."""
    first = address.namespace[:1]
    return first if first.isalpha() else "0-9"


def _namespace(address: Address, kind: Kind) -> str:
    return f"{kind.plural}/{address.namespace}"


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
        announcement=announcement.placed(site, ""),
        links=tuple(_lists(site, "")),
        counts=tuple(
            Count(kind_label(kind), sum(s.address.kind is kind for s in summaries))
            for kind in LISTED
        ),
        lists=tuple(_lists(site, "")),
        home=site.href("", ""),
        handbook=site.handbook and site.href("", site.handbook),
        recent=tuple(package_row(site, s, "") for s in recent[:SHOWN_PACKAGES]),
        popular=tuple(package_row(site, s, "") for s in popular[:SHOWN_PACKAGES]),
    )


def _published(summary: PackageSummary) -> str:
    return summary.newest.published if summary.newest else ""


def _lists(site: Site, page: str) -> Iterator[Link]:
    for kind in LISTED:
        yield Link(kind_label(kind), site.href(page, f"{kind.plural}/"))


def list_page(site: Site, kind: Kind, summaries: Sequence[PackageSummary]) -> ListPage:
    """The context of the list of all packages of a kind. Summaries are sorted by address."""
    page = kind.plural
    letters = _by(summaries, letter_of)
    fits = len(summaries) <= LISTED_AT_ONCE
    return _list(
        site,
        page,
        summaries,
        heading=kind_label(kind),
        about=f"All {kind.plural} of {site.name} from A to Z.",
        trail=(home_link(site, page),),
        letters=tuple(
            Shard(
                letter.upper(),
                f"#letter-{letter}"
                if fits
                else site.href(page, f"{LETTERS.format(kind=page, letter=letter)}/"),
                len(members),
            )
            for letter, members in letters.items()
        ),
        systems=_systems(site, page, summaries),
        groups=_lettered(site, page, letters) if fits else (),
    )


def letter_page(
    site: Site, kind: Kind, letter: str, summaries: Sequence[PackageSummary]
) -> ListPage:
    """The context of the list of a letter: packages, or their namespaces when there are many."""
    page = LETTERS.format(kind=kind.plural, letter=letter)
    groups, namespaces = _members(site, page, summaries)
    return _list(
        site,
        page,
        summaries,
        heading=f"{kind_label(kind)}: {letter.upper()}",
        about=f"The {kind.plural} of {site.name} whose namespace begins with {letter.upper()}.",
        trail=(home_link(site, page), list_link(site, page, kind)),
        namespaces=namespaces,
        groups=groups,
    )


def system_page(site: Site, system: str, summaries: Sequence[PackageSummary]) -> ListPage:
    """The context of the list of modules for a system: modules, or their namespaces when there are many."""
    page = SYSTEMS.format(system=system)
    groups, namespaces = _members(site, page, summaries)
    return _list(
        site,
        page,
        summaries,
        heading=f"Modules for {system}",
        about=f"The modules of {site.name} for {system}.",
        trail=(home_link(site, page), list_link(site, page, Kind.MODULE)),
        namespaces=namespaces,
        groups=groups,
    )


def namespace_page(site: Site, kind: Kind, summaries: Sequence[PackageSummary]) -> ListPage:
    """The context of a namespace's page: its packages by kind. There is one below each kind's list, with the same
    content; the canonical one is the first."""
    address = summaries[0].address
    page = _namespace(address, kind)
    kinds = {k: [s for s in summaries if s.address.kind is k] for k in LISTED}
    first = next(k for k in LISTED if kinds[k])
    return _list(
        site,
        page,
        summaries,
        heading=address.namespace,
        about=f"The providers and modules of {address.namespace} in {site.name}.",
        trail=(home_link(site, page), list_link(site, page, kind)),
        canonical=_namespace(address, first),
        groups=tuple(
            PackageGroup(kind_label(k), k.plural, _rows(site, members, page))
            for k, members in kinds.items()
            if members
        ),
    )


def _list(
    site: Site,
    page: str,
    summaries: Sequence[PackageSummary],
    *,
    heading: str,
    about: str,
    trail: tuple[Link, ...],
    canonical: str = "",
    letters: tuple[Shard, ...] = (),
    systems: tuple[Shard, ...] = (),
    namespaces: tuple[Shard, ...] = (),
    groups: tuple[PackageGroup, ...] = (),
) -> ListPage:
    return ListPage(
        site=site,
        root=href(page, ""),
        title=f"{heading} - {site.name}",
        description=about,
        canonical=site.canonical(f"{canonical or page}/"),
        trail=trail,
        announcement=announcement.placed(site, page),
        heading=heading,
        total=len(summaries),
        letters=letters if len(letters) > 1 else (),
        systems=systems,
        namespaces=namespaces,
        groups=groups,
    )


def _members(
    site: Site, page: str, summaries: Sequence[PackageSummary]
) -> tuple[tuple[PackageGroup, ...], tuple[Shard, ...]]:
    """The packages by letter when they are few, else the namespaces they are in."""
    if len(summaries) <= LISTED_AT_ONCE:
        return _lettered(site, page, _by(summaries, letter_of)), ()
    namespaces = _by(summaries, lambda a: a.namespace)
    return (), tuple(
        Shard(
            name,
            site.href(page, f"{_namespace(members[0].address, members[0].address.kind)}/"),
            len(members),
        )
        for name, members in namespaces.items()
    )


def _lettered(
    site: Site, page: str, letters: Mapping[str, Sequence[PackageSummary]]
) -> tuple[PackageGroup, ...]:
    return tuple(
        PackageGroup(letter.upper(), f"letter-{letter}", _rows(site, members, page))
        for letter, members in letters.items()
    )


def _rows(site: Site, summaries: Sequence[PackageSummary], page: str) -> tuple[PackageRow, ...]:
    return tuple(package_row(site, summary, page) for summary in summaries)


def _systems(site: Site, page: str, summaries: Sequence[PackageSummary]) -> tuple[Shard, ...]:
    return tuple(
        Shard(system, site.href(page, f"{SYSTEMS.format(system=system)}/"), len(members))
        for system, members in _by(summaries, lambda a: a.system).items()
        if system
    )


def not_found_page(site: Site) -> NotFoundPage:
    """The context of 404.html. It is shown at any depth, so its links name the site's public address when it is known."""
    root = site.canonical("") or "./"
    home = f"{root}{as_file('')}" if site.file_links else root
    return NotFoundPage(
        site=site,
        root=root,
        title=f"Page not found - {site.name}",
        description="",
        canonical="",
        home=home,
        lists=tuple(Link(link.label, root + link.href) for link in _lists(site, "")),
    )
