"""Redirects from the addresses of the public OpenTofu registry's site, so that links into it can be moved to this one by
changing the host: first pages of all versions, and every page of the newest one."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.address import Kind
from builder.model.artifact import Redirect
from builder.model.docs import ReleaseDocs
from builder.model.document import PartRole
from builder.model.summary import PackageSummary
from builder.pages import navigation
from builder.pages.addresses import INDEX, LATEST, as_file, docs_root, document_path, part_path
from builder.pages.site import Site

_TABS = ("inputs", "outputs", "dependencies", "resources")
_PARTS = {PartRole.SUBMODULE: "submodule", PartRole.EXAMPLE: "example"}


def render_legacy(site: Site, summary: PackageSummary, docs: ReleaseDocs) -> Iterator[Redirect]:
    """The redirects of one package; `docs` is its newest release. Two names that differ in nothing but letter case are
    one object of most stores: the first one wins."""
    moved: dict[str, str] = {}
    for path, target in _moves(summary, docs):
        moved.setdefault(path, target)
    for path, target in moved.items():
        yield Redirect(f"{path}/{INDEX}", as_file(target) if site.file_links else target)


def _moves(summary: PackageSummary, docs: ReleaseDocs) -> Iterator[tuple[str, str]]:
    """(old path, new directory) pairs."""
    address = summary.address
    old = f"{address.kind.value}/{address.display}"
    newest = f"{docs_root(address, LATEST)}/"
    yield old, newest
    yield f"{old}/{LATEST}", newest
    for version in summary.documented:
        if version.has_pages:
            target = f"{docs_root(address, version.version.segment)}/"
            yield f"{old}/v{version.version}", target
    if address.kind is Kind.PROVIDER:
        yield from _documents(docs, old, newest)
    else:
        yield from _parts(docs, old, newest)


def _documents(docs: ReleaseDocs, old: str, newest: str) -> Iterator[tuple[str, str]]:
    """The keys of kinds are the segments of the old addresses."""
    for document in navigation.pages(docs):
        target = f"{newest}{document_path(document)}/"
        yield f"{old}/{LATEST}/docs/{document.kind}/{document.name}", target


def _parts(docs: ReleaseDocs, old: str, newest: str) -> Iterator[tuple[str, str]]:
    """A module's tabs are one page here."""
    for tab in _TABS:
        yield f"{old}/{LATEST}/{tab}", newest
    for part in docs.parts:
        if part.role in _PARTS:
            target = f"{newest}{part_path(part)}/"
            yield f"{old}/{LATEST}/{_PARTS[part.role]}/{part.name}", target
