"""Where pages lie, and how one page names another: always relative, never with a leading slash."""

from __future__ import annotations

from urllib.parse import quote

from builder.model.address import Address, Kind
from builder.model.document import KIND_BY_KEY, Document, Part

LATEST = "latest"


def href(page: str, target: str) -> str:
    """The relative address of `target` seen from a page in the directory `page`.

    Both are paths of the site; the root is "". A target that is a directory ends in a slash.
    """
    start = page.split("/") if page else []
    *folders, file = target.split("/")
    common = 0
    while common < min(len(start), len(folders)) and start[common] == folders[common]:
        common += 1
    parts = [".."] * (len(start) - common) + [quote(f, safe="@") for f in folders[common:]]
    path = "/".join([*parts, quote(file, safe="@.")])
    return path if path.strip("/") else "./"


def docs_root(address: Address, segment: str) -> str:
    """The directory of a release's pages: overview, nav.json and version.json lie in it."""
    inner = "/docs" if address.kind is Kind.PROVIDER else ""
    return f"{address.path}/{segment}{inner}"


def document_path(document: Document) -> str:
    """The directory of a document's page below docs_root; "" for the overview."""
    if not document.kind:
        return ""
    return f"{KIND_BY_KEY[document.kind].segment}/{document.slug}"


def part_path(part: Part) -> str:
    """The directory of a module part's page below docs_root; "" for the root module."""
    return f"{part.role.directory}/{part.slug}" if part.role.directory else ""
