"""A version to take along: its pages with the shared assets, and the few pages around them, as a tar.gz that can be read
from a folder, without a server. Links name files; what is not in the archive is named by its public address.

The surrounding pages are those of a registry that has this one version only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from gzip import GzipFile
from html import unescape
from io import BytesIO
from posixpath import dirname, normpath
from tarfile import PAX_FORMAT, TarFile, TarInfo
from urllib.parse import unquote, urlsplit

from markupsafe import escape

from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs
from builder.model.summary import PackageSummary, VersionSummary
from builder.pages.addresses import LATEST, archive_path, as_file, docs_root, href
from builder.pages.assets import render_assets
from builder.pages.catalog import LISTED, render_lists, render_shard, shards
from builder.pages.escaping import moment
from builder.pages.navigation import page_names
from builder.pages.package import render_package
from builder.pages.site import Site

# A start tag with its attributes; the renderer and the templates write all values in double quotes.
_TAG = re.compile(r"<[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>", re.IGNORECASE)
_LINK = re.compile(r" (href|src)=\"([^\"]*)\"")


def with_archive(
    site: Site, docs: ReleaseDocs, segment: str, outputs: Iterable[Output]
) -> Iterator[Output]:
    """The outputs of a version, and after them their archive. Only its compressed bytes are held in memory."""
    packed = BytesIO()
    folder = f"{docs.address.display.replace('/', '-')}-{segment}"
    time = moment(docs.published)
    seconds = int(datetime.fromisoformat(time).timestamp()) if time else 0
    links = _Links(site, docs, segment)
    with (
        GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as stream,
        TarFile.open(fileobj=stream, mode="w", format=PAX_FORMAT) as tar,
    ):

        def add(output: Output) -> None:
            body = links.mended(output.path, output.body)
            entry = TarInfo(f"{folder}/{output.path}")
            entry.size, entry.mtime = len(body), seconds
            tar.addfile(entry, BytesIO(body))

        for output in outputs:
            if isinstance(output, Artifact):
                add(output)
            yield output
        for output in links.around:
            add(output)
    yield Artifact(archive_path(docs.address, segment), packed.getvalue())


def _around(site: Site, docs: ReleaseDocs) -> Iterator[Output]:
    """The pages around a version, as if it were the only one of the registry, and the assets."""
    version = VersionSummary(
        docs.version,
        docs.published,
        docs.tag,
        licenses=tuple(dict.fromkeys(finding.spdx for finding in docs.verdict.findings)),
        yanked=docs.yanked,
    )
    package = PackageSummary(
        docs.address, docs.repository.url, (version,), warnings=docs.warnings, blocked=docs.blocked
    )
    yield from (output for output in render_lists(site, [package]) if output.path != "404.html")
    for letter, members in shards([package]).items():
        yield from render_shard(site, letter, members, totals=dict.fromkeys(LISTED, 1))
    yield from render_package(site, package)
    yield from render_assets(site)


class _Links:
    """The links of the pages in one archive."""

    def __init__(self, site: Site, docs: ReleaseDocs, segment: str) -> None:
        self._site = site
        alone = replace(site, handbook="", announcement="", archives=False)
        self.around = tuple(_around(alone, docs))
        self._root = docs_root(docs.address, segment)
        self._latest = docs_root(docs.address, LATEST)
        own = ("", *(f"/{page}" for page in page_names(docs)))
        self._files = {output.path for output in self.around}
        self._files |= {f"{self._root}{page}/index.html" for page in own}

    def mended(self, path: str, body: bytes) -> bytes:
        """The body of a file as it is in the archive."""
        if not path.endswith(".html"):
            return body

        def link(match: re.Match[str]) -> str:
            written = unescape(match[2])
            found = self._address(path, written)
            if found == written:
                return match[0]
            return f' {match[1]}="{escape(found)}"' if found else ""

        return _TAG.sub(lambda tag: _LINK.sub(link, tag[0]), body.decode()).encode()

    def _address(self, page: str, written: str) -> str:
        """What the page names in place of a written address; "" when there is no such thing."""
        parts = urlsplit(written)
        if parts.scheme or parts.netloc or not parts.path:
            return written
        folder = dirname(page)
        target = _target(folder, unquote(parts.path))
        suffix = f"#{parts.fragment}" if parts.fragment else ""
        inside = self._inside(target)
        if inside:
            return href(folder, inside) + suffix
        address = self._site.canonical(target.removesuffix("index.html"))
        return address and address + suffix

    def _inside(self, target: str) -> str:
        """The file of the archive; "" when there is none. `latest` is the version itself, where it has the page."""
        if target.startswith(f"{self._latest}/"):
            target = f"{self._root}/{target.removeprefix(f'{self._latest}/')}"
        beside = target.removesuffix(".md") + ".html"
        return target if target in self._files or beside in self._files else ""


def _target(folder: str, path: str) -> str:
    """The file that a relative address names."""
    is_folder = path.endswith(("/", "/.", "/..")) or path in (".", "..")
    target = normpath(f"{folder}/{path}".lstrip("/"))
    target = "" if target == "." else target
    return as_file(f"{target}/" if target and is_folder else target)
