"""Where pages lie, and how one page names another: always relative, never with a leading slash."""

from __future__ import annotations

from urllib.parse import quote

from builder.model.address import Address, Kind
from builder.model.document import KIND_BY_KEY, Document, Part

LATEST = "latest"
INDEX = "index.html"  # the file that a directory's address means
CDKTF = "cdktf"


def href(page: str, target: str, *, file_links: bool = False) -> str:
    """The relative address of `target` seen from a page in the directory `page`.

    Both are paths of the site; the root is "". A target that is a directory ends in a slash; with `file_links` its file
    is named.
    """
    if file_links:
        return href(page, as_file(target))
    start = page.split("/") if page else []
    *folders, file = target.split("/")
    common = 0
    while common < min(len(start), len(folders)) and start[common] == folders[common]:
        common += 1
    parts = [".."] * (len(start) - common) + [quote(f, safe="@") for f in folders[common:]]
    path = "/".join([*parts, quote(file, safe="@.")])
    return path if path.strip("/") else "./"


def as_file(path: str) -> str:
    """The path or relative address with the file that it means; the same when it names one."""
    return path if path and not path.endswith("/") else path + INDEX


def docs_root(address: Address, segment: str) -> str:
    """The directory of a release's pages: overview, nav.json and version.json lie in it."""
    inner = "/docs" if address.kind is Kind.PROVIDER else ""
    return f"{address.path}/{segment}{inner}"


def archive_path(address: Address, segment: str) -> str:
    """Where the archive of a version lies."""
    return f"{address.path}/{segment}.tar.gz"


def language_path(language: str) -> str:
    """The directory below docs_root of the pages for a CDKTF language; "" for those without one."""
    return f"{CDKTF}/{language}" if language else ""


def is_cdktf(page: str) -> bool:
    """True for a page of a CDKTF language, by its directory below docs_root."""
    return page.startswith(f"{CDKTF}/")


def document_path(document: Document) -> str:
    """The directory of a document's page below docs_root; "" for the overview."""
    inner = f"{KIND_BY_KEY[document.kind].segment}/{document.slug}" if document.kind else ""
    return f"{language_path(document.language)}/{inner}".strip("/")


def part_path(part: Part) -> str:
    """The directory of a module part's page below docs_root; "" for the root module."""
    return f"{part.role.directory}/{part.slug}" if part.role.directory else ""
