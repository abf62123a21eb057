"""The navigation of one release: which pages there are, in display order. As nav.json for shell.js and as lists of
links for the release's first page, which is the navigation without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from builder.model.docs import ReleaseDocs
from builder.model.document import (
    CDKTF_LANGUAGES,
    DOC_KINDS,
    GUIDE,
    KIND_BY_KEY,
    Document,
    Part,
    PartRole,
)
from builder.pages.addresses import document_path, language_path, part_path
from builder.pages.contexts import Link, NavGroup, NavSection
from builder.pages.site import Site

OTHER, GUIDES = "Other", "Guides"
PART_LABELS = {PartRole.SUBMODULE: "Submodules", PartRole.EXAMPLE: "Examples"}
PART_LETTERS = {PartRole.SUBMODULE: "m", PartRole.EXAMPLE: "x"}

# group label -> letter of a kind -> slug, or [slug, label] where the label is another text
Nav = Mapping[str, Mapping[str, Sequence[str | Sequence[str]]]]


LANGUAGE_NAMES = {
    **{language: language.capitalize() for language in CDKTF_LANGUAGES},
    "typescript": "TypeScript",
    "csharp": "C#",
}


def pages(docs: ReleaseDocs, language: str = "") -> tuple[Document, ...]:
    """The documents that get an HTML page besides the overview: those in HCL, or those for a CDKTF language."""
    return tuple(d for d in docs.documents if d.kind and d.language == language)


def overview(docs: ReleaseDocs, language: str = "") -> Document | None:
    """The overview document, if the release has one (for this CDKTF language)."""
    return next((d for d in docs.documents if not d.kind and d.language == language), None)


def languages(docs: ReleaseDocs) -> tuple[str, ...]:
    """The CDKTF languages that a release has documents for, in the order of the table."""
    found = {d.language for d in docs.documents}
    return tuple(language for language in CDKTF_LANGUAGES if language in found)


def page_names(docs: ReleaseDocs) -> frozenset[str]:
    """The directories below docs_root of all pages a release can have but its first one, CDKTF languages included."""
    documents = {document_path(d) for d in docs.documents}
    documents |= {language_path(language) for language in languages(docs)}
    return frozenset((documents | {part_path(part) for part in docs.parts}) - {""})


def label(document: Document) -> str:
    """What the navigation calls a document: its name; guides their title."""
    return (document.title or document.name) if document.kind == GUIDE.key else document.name


def grouped(documents: Iterable[Document]) -> dict[str, dict[str, list[Document]]]:
    """subcategory -> kind key -> documents, in display order: guides first, the unnamed group last."""
    found: dict[str, dict[str, list[Document]]] = {}
    for document in documents:
        group = _group(document)
        found.setdefault(group, {}).setdefault(document.kind, []).append(document)
    order = sorted(found, key=lambda g: (g != GUIDES, g == OTHER, g.casefold(), g))
    return {
        group: {
            kind.key: sorted(found[group][kind.key], key=_order)
            for kind in DOC_KINDS
            if kind.key in found[group]
        }
        for group in order
    }


def _group(document: Document) -> str:
    named = " ".join(document.subcategory.split())
    return named or (GUIDES if document.kind == GUIDE.key else OTHER)


def _order(document: Document) -> tuple[str, str]:
    return (label(document).casefold(), document.slug)


def provider_nav(documents: Iterable[Document]) -> Nav:
    """nav.json of a provider's release (rendering.md §11.5)."""
    return {
        group: {
            KIND_BY_KEY[kind].letter: [_entry(d) for d in members]
            for kind, members in kinds.items()
        }
        for group, kinds in grouped(documents).items()
    }


def _entry(document: Document) -> str | list[str]:
    name = label(document)
    return document.slug if name == document.slug else [document.slug, name]


def module_nav(parts: Iterable[Part]) -> Nav:
    """nav.json of a module's release: submodules and examples."""
    listed = list(parts)
    return {
        PART_LABELS[role]: {
            PART_LETTERS[role]: [p.slug if p.slug == p.name else [p.slug, p.name] for p in members]
        }
        for role in PART_LABELS
        if (members := [p for p in listed if p.role is role])
    }


def provider_groups(
    site: Site, documents: Iterable[Document], root: str, page: str
) -> tuple[NavGroup, ...]:
    """All pages below the release's `root` as links from the directory `page`. A provider without subcategories is
    shown by kind."""
    return tuple(
        NavGroup(
            group,
            tuple(
                NavSection(
                    KIND_BY_KEY[kind].label,
                    tuple(
                        Link(label(d), site.href(page, f"{root}/{document_path(d)}/"))
                        for d in members
                    ),
                )
                for kind, members in kinds.items()
            ),
        )
        for group, kinds in displayed(documents)
    )


def displayed(
    documents: Iterable[Document],
) -> Iterator[tuple[str, dict[str, list[Document]]]]:
    """The groups as lists show them; the only unnamed one dissolves into its kinds."""
    groups = grouped(documents)
    if set(groups) <= {GUIDES, OTHER}:
        for kinds in groups.values():
            for kind, members in kinds.items():
                yield KIND_BY_KEY[kind].label, {kind: members}
    else:
        yield from groups.items()


def module_groups(site: Site, parts: Iterable[Part], base: str) -> tuple[NavGroup, ...]:
    """Submodules and examples as links from the directory `base`."""
    listed = list(parts)
    return tuple(
        NavGroup(
            text,
            (
                NavSection(
                    text,
                    tuple(
                        Link(p.name, site.href(base, f"{base}/{part_path(p)}/")) for p in members
                    ),
                ),
            ),
        )
        for role, text in PART_LABELS.items()
        if (members := [p for p in listed if p.role is role])
    )
