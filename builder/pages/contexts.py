"""What templates may use: one frozen dataclass per page, each field documented. A template names nothing else.

A field with `slot` in its metadata differs from page to page while the rest of the page stays the same; a template may
print it and may ask whether it is empty, but may not transform it (see environment.Frames).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from builder.pages.site import ASSETS, Site


def explain(text: str, *, slot: bool = False) -> dict[str, Any]:
    """The metadata of a documented field."""
    return {"help": text, "slot": slot}


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled relative address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A short mark beside a package or version: `key` is for the style sheet, `hint` says more."""

    key: str  # latest, prerelease, yanked, blocked, withheld, failed, nodocs, deprecated
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A box above the content: `key` is an admonition class (note, warning, danger)."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many pages of one kind there are."""

    label: str  # "data sources"
    number: int
    one: str = ""  # the label for a single one

    @property
    def text(self) -> str:
        """The number with its label: "1 guide", "3 data sources"."""
        return f"{self.number:,} {self.one if self.number == 1 and self.one else self.label}"


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package in a list."""

    name: str  # ns/name or ns/name/system
    href: str
    description: str
    version: str  # newest, "" when none is documented
    published: str  # RFC 3339, "" when not known
    badges: tuple[Badge, ...] = ()

    @property
    def date(self) -> str:
        """The day of publication, YYYY-MM-DD."""
        return self.published[:10]


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a list, with the number of packages in it."""

    label: str  # "A", "hashicorp", "aws"
    href: str
    number: int


@dataclass(frozen=True, slots=True)
class PackageGroup:
    """Packages under one letter, or of one kind."""

    label: str
    id: str
    rows: tuple[PackageRow, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list; `href` is "" when it has no pages."""

    version: str
    href: str
    published: str
    licenses: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    badges: tuple[Badge, ...] = ()
    reason: str = ""

    @property
    def date(self) -> str:
        """The day of publication, YYYY-MM-DD."""
        return self.published[:10]


@dataclass(frozen=True, slots=True)
class VersionGroup:
    """The versions of one major version; `open` when the newest one is among them."""

    label: str
    id: str
    rows: tuple[VersionRow, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """How to use a package with one or several tools."""

    label: str  # "Terraform and OpenTofu"
    source: str
    version: str
    commands: tuple[str, ...]  # "terraform init"


@dataclass(frozen=True, slots=True)
class NavSection:
    """Pages of one kind inside a group."""

    label: str
    entries: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A subcategory of a provider's pages, or a kind of module part."""

    label: str
    sections: tuple[NavSection, ...]

    @property
    def total(self) -> int:
        """How many pages the group has."""
        return sum(len(section.entries) for section in self.sections)


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A licence that was found, with the file it was found in."""

    spdx: str
    href: str
    file: str
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What all pages have."""

    site: Site = field(
        metadata=explain("Facts of the whole site: name, url, description, handbook, footer.")
    )
    root: str = field(metadata=explain("Relative way to the site's root, with a trailing slash."))
    assets: str = field(
        default=ASSETS, metadata=explain("Directory of the shared assets below the root.")
    )
    title: str = field(metadata=explain("Title of the browser's tab.", slot=True))
    description: str = field(
        metadata=explain("One sentence for search engines; may be empty.", slot=True)
    )
    canonical: str = field(
        metadata=explain("Public address of the page under `latest`; may be empty.", slot=True)
    )
    frame: str = field(
        default="", metadata=explain("Class of the page's layout: empty, `home` or `doc`.")
    )
    package: str = field(
        default="", metadata=explain("Path of the package the page belongs to; empty: none.")
    )
    trail: tuple[Link, ...] = field(
        default=(), metadata=explain("Breadcrumbs, from the root down.")
    )
    links: tuple[Link, ...] = field(
        default=(), metadata=explain("Further links of the minimal header.")
    )
    twin: bool = field(
        default=False, metadata=explain("True when the Markdown source lies beside the page.")
    )
    feed: str = field(
        default="", metadata=explain("Relative address of the Atom feed of releases; empty: none.")
    )
    structured: Markup = field(
        default=Markup(),
        metadata=explain(
            "A script element with JSON-LD for search engines; may be empty.", slot=True
        ),
    )
    announcement: tuple[Link, ...] = field(
        default=(),
        metadata=explain(
            "The announcement in pieces, those without an address are text; not on pages of versions."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """The site's first page: template home.html."""

    counts: tuple[Count, ...] = field(metadata=explain("How many packages there are, by kind."))
    lists: tuple[Link, ...] = field(
        metadata=explain("The package lists, in the order of `counts`.")
    )
    home: str = field(metadata=explain("Address of this page."))
    handbook: str = field(metadata=explain("Relative address of the handbook; empty: none."))
    recent: tuple[PackageRow, ...] = field(
        metadata=explain("Packages whose newest version is youngest.")
    )
    popular: tuple[PackageRow, ...] = field(
        metadata=explain("The most popular packages; empty when not known.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(Page):
    """A list of packages: all of a kind, those of a letter, a namespace or a module's system. Template list.html.

    A list that would be too long names its parts instead of its packages.
    """

    heading: str = field(metadata=explain("Heading of the page."))
    total: int = field(metadata=explain("Number of packages."))
    letters: tuple[Shard, ...] = field(
        metadata=explain("The list by first letter; empty when there is one letter.")
    )
    systems: tuple[Shard, ...] = field(
        metadata=explain("Modules by the system they are for; on the list of all modules.")
    )
    namespaces: tuple[Shard, ...] = field(
        metadata=explain("The list by namespace, when it is too long to show its packages.")
    )
    groups: tuple[PackageGroup, ...] = field(
        metadata=explain("The packages by first letter, or by kind; empty when it is too long.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePage(Page):
    """The home of one provider or module: template package.html."""

    kind: str = field(metadata=explain("`provider` or `module`."))
    name: str = field(metadata=explain("Address of the package: ns/name or ns/name/system."))
    local_name: str = field(metadata=explain("Name for the block of the snippet."))
    about: str = field(metadata=explain("Description of the package; may be empty."))
    repository: str = field(metadata=explain("Address of the repository for people; may be empty."))
    newest: VersionRow | None = field(
        metadata=explain("The version that stands for the package; None: no docs.")
    )
    notices: tuple[Notice, ...] = field(metadata=explain("Warnings, block and yank notices."))
    snippets: tuple[Snippet, ...] = field(
        metadata=explain("How to use the newest version, by tool.")
    )
    versions: tuple[VersionRow, ...] = field(metadata=explain("The newest versions."))
    total: int = field(metadata=explain("Number of all versions."))
    versions_href: str = field(metadata=explain("Relative address of the list of all versions."))
    aliases: tuple[str, ...] = field(
        metadata=explain("Further addresses that stand for this package.")
    )
    canonical_name: str = field(
        metadata=explain("Address that this one is an alias of; empty: none.")
    )
    archive: str = field(
        metadata=explain("Relative address of the newest version's archive; empty: none.")
    )
    stars: int = field(metadata=explain("Stars of the repository; 0: not known."))
    forks: int = field(metadata=explain("Forks of the repository; 0: not known."))


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage(Page):
    """All versions of a package: template versions.html."""

    name: str = field(metadata=explain("Address of the package."))
    total: int = field(metadata=explain("Number of versions."))
    groups: tuple[VersionGroup, ...] = field(
        metadata=explain("The versions by major version, newest first.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage(Page):
    """The first page of one version: its overview document or README, and all its pages. Template release.html."""

    kind: str = field(metadata=explain("`provider` or `module`."))
    name: str = field(metadata=explain("Address of the package."))
    version: str = field(metadata=explain("The version, canonical."))
    published: str = field(metadata=explain("Day of publication, YYYY-MM-DD; may be empty."))
    source: str = field(metadata=explain("Address of the source tree at the version's tag."))
    tag: str = field(metadata=explain("The git tag."))
    archive: str = field(
        metadata=explain("Relative address of the version's archive; empty: none.")
    )
    edit: str = field(
        metadata=explain("Address of the file that the page is made from; empty: none.")
    )
    language: str = field(
        metadata=explain("CDKTF language the pages are for, as people write it; empty: HCL.")
    )
    languages: tuple[Link, ...] = field(
        metadata=explain("The same pages for other languages; empty when there are none.")
    )
    licenses: tuple[LicenseRow, ...] = field(
        metadata=explain("Licences found in the governing files.")
    )
    badges: tuple[Badge, ...] = field(metadata=explain("Marks of this version."))
    notices: tuple[Notice, ...] = field(
        metadata=explain("Warnings, block, yank and licence notices.")
    )
    body: Markup = field(
        metadata=explain("Rendered, sanitised overview or README; empty when there is none.")
    )
    interface: Markup = field(
        default=Markup(), metadata=explain("Rendered inputs and outputs of a module; may be empty.")
    )
    toc: Markup = field(
        metadata=explain("Rendered table of contents; empty when there are no headings.")
    )
    groups: tuple[NavGroup, ...] = field(
        metadata=explain("All pages of this version: the navigation.")
    )
    total: int = field(metadata=explain("Number of pages in `groups`."))


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage(Page):
    """A provider's document, a submodule or an example. The same bytes in every version that has the same text.

    Template document.html.
    """

    label: str = field(metadata=explain("What the page is: `Resource`, `Submodule` and so on."))
    language: str = field(
        default="",
        metadata=explain("CDKTF language the page is for, as people write it; empty: HCL."),
    )
    removed: Link | None = field(
        default=None,
        metadata=explain(
            "On pages that the newest version has no more: the page in the version it is taken from."
        ),
    )
    subcategory: str = field(
        metadata=explain("Subcategory from the front matter; may be empty.", slot=True)
    )
    body: Markup = field(metadata=explain("Rendered, sanitised text with its one h1.", slot=True))
    interface: Markup = field(
        default=Markup(),
        metadata=explain(
            "Rendered inputs and outputs of a module's part; may be empty.", slot=True
        ),
    )
    toc: Markup = field(
        metadata=explain("Rendered table of contents; empty when there are no headings.", slot=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundPage(Page):
    """Shown for an address that is none: template 404.html."""

    home: str = field(metadata=explain("Address of the start page."))
    lists: tuple[Link, ...] = field(metadata=explain("The package lists."))


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading with the headings below it."""

    text: str
    id: str
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Toc:
    """The table of contents of one page: template toc.html."""

    entries: tuple[TocEntry, ...] = field(
        metadata=explain("The headings of level 2, each with those below it.")
    )


@dataclass(frozen=True, slots=True)
class FieldRow:
    """An attribute of an object type, in reading order; nested ones follow with a greater depth."""

    name: str
    depth: int
    type: str
    required: bool
    default: str
    description: Markup


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input of a module; `default` is source text, "" when it is required."""

    name: str
    type: str
    required: bool
    default: str
    description: Markup
    marks: tuple[str, ...]  # sensitive, ephemeral, not null, deprecated
    deprecated: str
    rules: tuple[str, ...]  # messages of its validations
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An output of a module."""

    name: str
    description: Markup
    marks: tuple[str, ...]
    deprecated: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A provider or module that a module uses; `href` is "" when it is not in this registry."""

    name: str
    source: str
    version: str
    href: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What a module directory takes and gives: template interface.html."""

    usage: str = field(metadata=explain("A block to paste, with the required inputs."))
    required: tuple[InputRow, ...] = field(metadata=explain("Inputs without a default."))
    optional: tuple[InputRow, ...] = field(metadata=explain("Inputs with a default."))
    outputs: tuple[OutputRow, ...] = field(metadata=explain("Outputs, in the author's order."))
    resources: tuple[Link, ...] = field(
        metadata=explain("Resources and data sources; without an address when not documented here.")
    )
    providers: tuple[NeedRow, ...] = field(metadata=explain("Providers that are needed."))
    modules: tuple[NeedRow, ...] = field(metadata=explain("Modules that are called."))
    core: str = field(metadata=explain("Constraint on the tool's version; may be empty."))
    problems: tuple[str, ...] = field(
        metadata=explain("What could not be read, with file and line.")
    )

    @property
    def tables(self) -> tuple[tuple[str, bool], ...]:
        """The parts of the section with whether they have anything."""
        return (
            ("Inputs", bool(self.required or self.optional)),
            ("Outputs", bool(self.outputs)),
            ("Resources", bool(self.resources)),
            ("Dependencies", bool(self.providers or self.modules or self.core)),
        )

    @property
    def filled(self) -> bool:
        """True when there is anything to show."""
        return bool(self.problems) or any(has for _, has in self.tables)


TEMPLATES: dict[str, type] = {
    "home.html": HomePage,
    "list.html": ListPage,
    "package.html": PackagePage,
    "versions.html": VersionsPage,
    "release.html": ReleasePage,
    "document.html": DocumentPage,
    "404.html": NotFoundPage,
    "toc.html": Toc,
    "interface.html": Interface,
}
