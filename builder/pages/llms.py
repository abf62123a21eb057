"""llms.txt (llmstxt.org) for the site and for each version: one h1, a block quote as summary, and sections with links to
the Markdown beside the pages. Addresses are relative, so that `latest` has the bytes of the version it stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs
from builder.model.document import GUIDE, KIND_BY_KEY, Document, Part
from builder.model.summary import PackageSummary
from builder.pages import navigation
from builder.pages.addresses import docs_root, document_path, href, part_path
from builder.pages.catalog import LETTERS, LISTED, LISTED_AT_ONCE, letter_of
from builder.pages.escaping import markdown_address, markdown_text, moment, one_line
from builder.pages.facts import kind_label
from builder.pages.site import Site

FILE = "llms.txt"
DESCRIPTION_LENGTH = 120  # characters; a version may have thousands of pages


def site_llms(site: Site, summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """All packages, each with a link to the Markdown of its home; of a kind with many, its lists by letter."""
    about = site.description or "Documentation of a registry of providers and modules."
    lines = [*_head(site.name, about)]
    for kind in LISTED:
        members = [s for s in summaries if s.address.kind is kind]
        items = _letters(kind, members) if len(members) > LISTED_AT_ONCE else _packages(members)
        lines += _section(kind_label(kind), items)
    yield _file("", lines)


def _packages(summaries: Iterable[PackageSummary]) -> list[str]:
    return [
        _item(s.address.display, href("", f"{s.address.path}/index.md"), s.description)
        for s in summaries
        if not s.blocked
    ]


def _letters(kind: Kind, summaries: Iterable[PackageSummary]) -> list[str]:
    """The lists of a kind by letter, so that the file does not grow with the registry."""
    numbers = sorted(Counter(letter_of(s.address) for s in summaries).items())
    return [
        _item(
            f"{kind_label(kind)}: {letter.upper()}",
            href("", f"{LETTERS.format(kind=kind.plural, letter=letter)}/index.md"),
            f"{number} {kind.plural}",
        )
        for letter, number in numbers
    ]


def release_llms(docs: ReleaseDocs, segment: str) -> Iterator[Output]:
    """All pages of a version in the order of its navigation. What is withheld is named with the reason, not linked."""
    name = docs.address.display
    lines = [*_head(f"{name} {docs.version}", _summary(docs))]
    if docs.withheld:
        lines += ["", markdown_text(f"Its documentation is not shown: {docs.reason}")]
    else:
        overview = "README" if docs.address.kind is Kind.MODULE else "Overview"
        lines += _section(overview, [_item(name, "index.md", "")])
        lines += _provider(docs) if docs.address.kind is Kind.PROVIDER else _module(docs.parts)
    yield _file(docs_root(docs.address, segment), lines)


def _summary(docs: ReleaseDocs) -> str:
    overview = navigation.overview(docs)
    about = f"{overview.description} " if overview is not None and overview.description else ""
    day = moment(docs.published)[:10]
    published = f", published {day}" if day else ""
    kind, name = docs.address.kind, docs.address.display
    return f"{about}Documentation of the {kind} {name}, version {docs.version}{published}."


def _provider(docs: ReleaseDocs) -> Iterator[str]:
    for group, kinds in navigation.displayed(navigation.pages(docs)):
        yield from _section(group, [_document(d) for members in kinds.values() for d in members])


def _document(document: Document) -> str:
    label = navigation.label(document)
    if document.kind != GUIDE.key:
        label = f"{label} ({KIND_BY_KEY[document.kind].singular})"
    address = href("", f"{document_path(document)}/index.md")
    return _item(label, address, document.description, absent=document.replaced)


def _module(parts: Iterable[Part]) -> Iterator[str]:
    listed = list(parts)
    for role, text in navigation.PART_LABELS.items():
        members = [part for part in listed if part.role is role]
        yield from _section(text, [_part(part) for part in members])


def _part(part: Part) -> str:
    absent = part.replaced or ("" if part.readme else "no README")
    return _item(part.name, href("", f"{part_path(part)}/index.md"), "", absent=absent)


def _head(title: str, summary: str) -> tuple[str, ...]:
    return (f"# {markdown_text(title)}", "", f"> {markdown_text(summary)}")


def _section(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {markdown_text(title)}", "", *items] if items else []


def _item(label: str, address: str, about: str, *, absent: str = "") -> str:
    """A line of a list. `absent` says why another text stands in place of the page's own: then it is not linked."""
    if absent:
        return f"- {markdown_text(label)}: not shown ({markdown_text(absent)})"
    told = markdown_text(one_line(about, DESCRIPTION_LENGTH))
    link = f"- [{markdown_text(label)}]({markdown_address(address)})"
    return f"{link}: {told}" if told else link


def _file(folder: str, lines: Iterable[str]) -> Artifact:
    return Artifact(f"{folder}/{FILE}" if folder else FILE, ("\n".join(lines) + "\n").encode())
